import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

/// Pasted text is one edit and never presses keys.
@Suite struct PasteStoryTests {
    private static let hostile = "y\nc\n:commit\n\u{1B}q\u{3}d"

    private static func edited() async throws -> Story {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        try await story.edit("step", to: "\"address\"")
        return story
    }

    @Test(arguments: [[], ["1"], ["3"], ["4"], ["5"], ["c"], ["b"], ["D"], ["1", "q"]])
    func `a paste presses no key`(keys: [String]) async throws {
        var story = try await Self.edited()
        for key in keys { try await story.press(key) }
        let before = story.model
        await story.paste(Self.hostile)
        #expect(story.model == before)
        #expect(try await story.stored("shop-carts:4711")?.contains("\"payment\"") == true)
    }

    @Test(arguments: [":", "?", "/", "s", "t", "e", "a"])
    func `a paste into a line stays in the line`(key: String) async throws {
        var story = try await Self.edited()
        try await story.press(key)
        await story.paste(Self.hostile)
        #expect(story.model.popup != nil)
        #expect(story.staged == 1)
        #expect(!story.hasQuit)
        #expect(story.screen.contains("y c :commit"))
        #expect(try await story.stored("shop-carts:4711")?.contains("\"payment\"") == true)
    }

    @Test func `a pasted value is taken as it is`() async throws {
        var story = try await Self.edited()
        try await story.select("step")
        try await story.press("e", "Ctrl-U")
        await story.paste("\"a 茶 b\"")
        try await story.press("Enter")
        #expect(story.model.selectedKey?.node?.value == .string("a 茶 b"))
    }
}
