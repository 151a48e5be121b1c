import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

@Suite struct PopupScreenTests {
    private static func edited(_ size: GridSize = .classic) async throws -> Story {
        var story = try await Story(size: size)
        try await story.run("open shop-carts:4711")
        try await story.run("set /items/0/quantity 3")
        try await story.run("savepoint three")
        try await story.run("set /shipping/price 0")
        try await story.run("ttl 2h")
        try await story.press("2")
        return story
    }

    @Test(arguments: SessionsScreenTests.sizes)
    func `the menu of rollbacks`(size: GridSize) async throws {
        var story = try await Self.edited(size)
        try await story.select("shipping")
        try await story.press("b")
        Golden.expect(story.model.view())
        try await story.press("j")
        Golden.expect(story.model.view(), "base")
        try await story.press("j")
        Golden.expect(story.model.view(), "this key only")
    }

    @Test(arguments: SessionsScreenTests.sizes)
    func `the review of a commit`(size: GridSize) async throws {
        var story = try await Self.edited(size)
        try await story.press("c")
        Golden.expect(story.model.view())
    }

    @Test(arguments: SessionsScreenTests.sizes)
    func `help`(size: GridSize) async throws {
        var story = try await Self.edited(size)
        try await story.press("?")
        Golden.expect(story.model.view())
        await story.type("pane")
        try await story.press("Down")
        Golden.expect(story.model.view(), "filtered")
    }

    @Test(arguments: [GridSize.classic, .smallest])
    func `the palette`(size: GridSize) async throws {
        var story = try await Story(size: size)
        try await story.press(":")
        Golden.expect(story.model.view())
        await story.type("ro")
        try await story.press("Tab")
        Golden.expect(story.model.view(), "completed")
        await story.type("base and a line that is a good deal longer than the screen is wide, 茶 included")
        Golden.expect(story.model.view(), "too long for the screen")
    }

    @Test(arguments: [GridSize.classic, .smallest])
    func `info and log and differences`(size: GridSize) async throws {
        var story = try await Self.edited(size)
        try await story.press("i")
        Golden.expect(story.model.view(), "info")
        try await story.press("Esc", "@")
        Golden.expect(story.model.view(), "log")
        try await story.press("Esc", "D")
        Golden.expect(story.model.view(), "differences")
    }

    @Test(arguments: [GridSize.classic, .smallest])
    func `the question before quitting`(size: GridSize) async throws {
        var story = try await Self.edited(size)
        try await story.press("1", "q")
        Golden.expect(story.model.view())
    }

    @Test func `questions of one line`() async throws {
        var story = try await Self.edited()
        try await story.press("s")
        Golden.expect(story.model.view(), "savepoint")
        try await story.press("Esc", "t")
        await story.type("soon")
        Golden.expect(story.model.view(), "ttl")
        try await story.press("Enter")
        Golden.expect(story.model.view(), "ttl refused")
    }
}
