import CellGrid
import Console
import SessionCommands
import SessionCore
import Synchronization
import Testing

/// Commits are looked at and taken back, and plans go to files, from the console.
@Suite struct HistoryStoryTests {
    private static func committed(_ size: GridSize = .usual) async throws -> Story {
        var story = try await Story(size: size)
        try await story.run("open shop-carts:4711")
        try await story.run("set /step \"address\"")
        try await story.press("c", "y")
        return story
    }

    @Test(arguments: [GridSize.usual, .classic])
    func `a commit in the history`(size: GridSize) async throws {
        var story = try await Self.committed(size)
        try await story.press(":")
        await story.type("history 1")
        try await story.press("Enter")
        Golden.expect(story.model.view())
    }

    @Test func `a commit is taken back by one that is reviewed`() async throws {
        var story = try await Self.committed()
        let after = try await story.stored("shop-carts:4711")
        try await story.run("undo-commit")
        #expect(story.staged == 1)
        #expect(try await story.stored("shop-carts:4711") == after, "nothing is written before the commit")
        try await story.press("c")
        guard case .review(let text, _)? = story.model.popup else { Issue.record("no review"); return }
        #expect(text.lines.contains { $0.contains("M /step \"address\" -> \"payment\"") })
        try await story.press("y")
        #expect(try await story.stored("shop-carts:4711")?.contains(#""step":"payment""#) == true)
    }

    @Test func `what the application changed at the same place is decided on the merge screen`() async throws {
        var story = try await Self.committed()
        try await story.elsewhere(open: "shop-carts:4711", "set /step \"done\"")
        try await story.press(":")
        await story.type("undo-commit 1")
        try await story.press("Enter")
        guard case .merge? = story.model.popup else { Issue.record("\(String(describing: story.model.popup))"); return }
        try await story.press("t")
        #expect(story.model.popup == nil && story.staged == 0)
    }

    @Test func `a plan goes to a file from the review, and stays staged`() async throws {
        var story = try await Self.committed()
        try await story.run("set /step \"done\"")
        try await story.press("c", "w")
        await story.type("cart.plan")
        try await story.press("Enter")
        #expect(story.said == "the plan of 1 write is in cart.plan; everything is still staged")
        #expect(story.staged == 1)
        let text = story.files.made.withLock { $0["cart.plan"] }
        #expect(text?.contains("#   M /step \"address\" -> \"done\"") == true)
    }
}
