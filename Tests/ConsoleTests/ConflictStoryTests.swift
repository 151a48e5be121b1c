import Console
import SessionCommands
import SessionCore
import Testing

/// Someone else writes to the same session.
@Suite struct ConflictStoryTests {
    private static func edited() async throws -> Story {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        try await story.edit("step", to: "\"address\"")
        return story
    }

    @Test func `a conflict elsewhere in the session is taken in by R and committed`() async throws {
        var story = try await Self.edited()
        try await story.elsewhere(open: "shop-carts:4711", "set /coupon \"SPRING5\"")
        try await story.press("c", "y")
        #expect(story.said.hasPrefix("conflict: shop-carts:4711 was changed by someone else"))
        #expect(story.staged == 1)
        #expect(story.model.workspace.conflicts.count == 1)
        #expect(try await story.stored("shop-carts:4711")?.contains("\"step\":\"payment\"") == true)
        try await story.press("R")
        #expect(story.model.workspace.conflicts.isEmpty)
        #expect(story.staged == 1)
        try await story.press("Esc", "c", "y")
        let stored = try #require(try await story.stored("shop-carts:4711"))
        #expect(stored.contains("\"coupon\":\"SPRING5\"") && stored.contains("\"step\":\"address\""))
    }

    @Test func `a conflict at the same key stays marked until one side gives way`() async throws {
        var story = try await Self.edited()
        try await story.elsewhere(open: "shop-carts:4711", "set /step \"done\"")
        try await story.press("c", "y", "R")
        #expect(story.model.workspace.conflicts.count == 1)
        #expect(story.said.contains("/step"))
        try await story.press("c", "y")
        #expect(try await story.stored("shop-carts:4711")?.contains("\"step\":\"done\"") == true)
        try await story.run("rollback base /step")
        try await story.press("R")
        #expect(story.model.workspace.conflicts.isEmpty)
        try await story.select("step")
        #expect(story.model.selectedKey?.node?.value == .string("done"))
    }

    @Test func `a session that is gone is staged as a new one`() async throws {
        var story = try await Self.edited()
        try await story.elsewhere(open: "shop-carts:4711", "destroy")
        try await story.press("c", "y")
        #expect(story.said.contains("is no longer in the store"))
        try await story.press("R", "Esc", "c", "y")
        #expect(try await story.stored("shop-carts:4711")?.contains("\"address\"") == true)
    }

    @Test func `what was reviewed is what is committed`() async throws {
        var story = try await Self.edited()
        try await story.elsewhere(open: "shop-carts:4711", "set /coupon \"SPRING5\"")
        story.isHolding = true
        try await story.press("R", "c")
        let reviewed = story.screen
        try await story.answerAll()
        let changed = story.screen != reviewed
        try await story.press("y")
        try await story.answerAll()
        let stored = try #require(try await story.stored("shop-carts:4711"))
        #expect(
            changed || !stored.contains("\"address\""),
            "the store's answer changed the plan under the review, and y wrote what nobody had seen")
    }
}
