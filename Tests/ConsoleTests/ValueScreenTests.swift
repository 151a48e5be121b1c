import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

@Suite struct ValueScreenTests {
    static func opened(_ size: GridSize = .classic) async throws -> Story {
        var story = try await Story(size: size)
        try await story.run("open shop-carts:4711")
        try await story.select("items")
        return story
    }

    @Test(arguments: SessionsScreenTests.sizes)
    func `a value as tree as text in hex and as stored`(size: GridSize) async throws {
        var story = try await Self.opened(size)
        try await story.press("3")
        Golden.expect(story.model.view(), "tree")
        try await story.press("p")
        Golden.expect(story.model.view(), "text")
        try await story.press("p")
        Golden.expect(story.model.view(), "hex")
        try await story.press("p")
        Golden.expect(story.model.view(), "stored")
    }

    @Test func `the pane of the value takes more of the screen`() async throws {
        var story = try await Self.opened(.usual)
        try await story.press("3", "+")
        Golden.expect(story.model.view(), "its column")
        try await story.press("+", "p", "p")
        Golden.expect(story.model.view(), "all of it in hex")
    }

    @Test func `a value changed against base and savepoint`() async throws {
        var story = try await Self.opened(.usual)
        try await story.run("set /items/0/quantity 3")
        try await story.run("savepoint three")
        try await story.run("set /items/0/quantity 4")
        try await story.select("items")
        try await story.press("3", "+", "+")
        Golden.expect(story.model.view(), "base")
        try await story.press("T")
        Golden.expect(story.model.view(), "savepoint")
    }

    @Test(arguments: [GridSize.usual, .classic])
    func `a value that changed in the store too`(size: GridSize) async throws {
        var story = try await Self.opened(size)
        try await story.edit("step", to: "\"address\"")
        try await story.elsewhere(open: "shop-carts:4711", "set /step \"done\"")
        try await story.press("c", "y")
        Golden.expect(story.model.view())
    }

    @Test(arguments: SessionsScreenTests.sizes)
    func `savepoints`(size: GridSize) async throws {
        var story = try await Self.opened(size)
        try await story.run("set /step \"address\"")
        try await story.run("savepoint")
        story.clock.advance(milliseconds: 65_000)
        try await story.run("set /currency \"HUF\"")
        try await story.press("s")
        await story.type("in forint")
        try await story.press("Enter", "4", "j")
        Golden.expect(story.model.view())
    }

    @Test func `the backend pane`() async throws {
        var story = try await Self.opened(.classic)
        try await story.run("set /step \"address\"")
        try await story.press("5", "+", "+")
        Golden.expect(story.model.view())
    }
}
