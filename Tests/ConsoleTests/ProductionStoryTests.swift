import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

/// On a production store `y` is not enough: its name is typed.
@Suite struct ProductionStoryTests {
    private static func staged(_ size: GridSize = .usual) async throws -> Story {
        var story = try await Story(size: size, mark: StoreMark(name: "shop-eu", environment: "prod"))
        try await story.run("open shop-carts:4711")
        try await story.run("set /step \"address\"")
        return story
    }

    @Test(arguments: [GridSize.usual, .classic])
    func `production`(size: GridSize) async throws {
        var story = try await Self.staged(size)
        try await story.press("c", "y")
        await story.type("shop-us")
        try await story.press("Enter")
        Golden.expect(story.model.view())
    }

    @Test func `the name is typed after the review, and nothing else writes`() async throws {
        var story = try await Self.staged()
        let before = try await story.stored("shop-carts:4711")
        try await story.press("c", "y", "y", "Enter")
        guard case .prompt(let prompt)? = story.model.popup else { Issue.record("it still asks"); return }
        #expect(prompt.problem == "that is not shop-eu; nothing was written")
        try await story.press("Esc")
        #expect(story.model.popup == nil && story.staged == 1)
        try await story.run("commit")
        #expect(story.said.contains("shop-eu is a production store"))
        #expect(try await story.stored("shop-carts:4711") == before)
        try await story.press("c", "y")
        await story.type("shop-eu")
        try await story.press("Enter")
        #expect(story.said.contains("committed 1 record"))
        #expect(try await story.stored("shop-carts:4711") != before)
    }
}
