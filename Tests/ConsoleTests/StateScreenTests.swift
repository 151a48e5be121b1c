import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

@Suite struct StateScreenTests {
    @Test func `a commit under way`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open shop-carts:4711")
        try await story.run("set /step \"done\"")
        story.isHolding = true
        try await story.press("c", "y")
        Golden.expect(story.model.view())
    }

    @Test func `a transaction that failed half way`() async throws {
        var story = try await Story(size: .classic)
        try await story.run("open shop-carts:4711")
        try await story.run("set /step \"done\"")
        story.store.state = .cutsAnswers
        try await story.press("c", "y")
        Golden.expect(story.model.view())
    }

    @Test(arguments: SessionsScreenTests.sizes)
    func `no connection`(size: GridSize) async throws {
        var story = try await Story(size: size)
        try await story.run("open shop-carts:4711")
        try await story.run("set /step \"done\"")
        story.store.state = .away
        try await story.press("c", "y")
        Golden.expect(story.model.view())
    }

    @Test func `no store`() async throws {
        var story = try await Story(size: .classic, isHolding: true)
        story.store.state = .away
        try await story.answerAll()
        Golden.expect(story.model.view())
    }

    @Test func `a store that is open read-only`() async throws {
        var story = try await Story(size: .classic, isReadOnly: true)
        try await story.run("open shop-carts:4711")
        try await story.run("set /step \"done\"")
        try await story.press("c", "y")
        Golden.expect(story.model.view())
    }

    @Test(arguments: [(59, 16), (60, 15), (20, 3), (1, 1), (0, 0)])
    func `a screen that is too small`(columns: Int, rows: Int) async throws {
        Golden.expect(try await Story(size: GridSize(columns: columns, rows: rows)).model.view())
    }
}
