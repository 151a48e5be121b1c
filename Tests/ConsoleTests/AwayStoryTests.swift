import Console
import SessionCommands
import SessionCore
import Testing

/// The store goes away.
@Suite struct AwayStoryTests {
    @Test func `edits are kept while the store is away, and committed when it is back`() async throws {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        try await story.edit("step", to: "\"address\"")
        story.store.state = .away
        try await story.press("c", "y")
        #expect(story.model.notice?.weight == .failure)
        #expect(story.screen.contains("NO CONNECTION"))
        #expect(story.staged == 1)
        try await story.edit("currency", to: "\"HUF\"")
        try await story.press("R")
        #expect(story.staged == 2)
        story.store.state = .fine
        try await story.press("c", "y")
        #expect(!story.screen.contains("NO CONNECTION"))
        let stored = try #require(try await story.stored("shop-carts:4711"))
        #expect(stored.contains("\"address\"") && stored.contains("\"HUF\""))
    }

    @Test func `a store that is away at the start can be attached later`() async throws {
        var story = try await Story(isHolding: true)
        story.store.state = .away
        try await story.answerAll()
        #expect(story.model.workspace.store == nil)
        #expect(story.model.notice?.weight == .failure)
        story.isHolding = false
        story.store.state = .fine
        try await story.run("attach demo:")
        #expect(story.model.sessionCount > 40)
    }

    @Test func `a commit whose answer was lost leaves only abort, which reads the truth`() async throws {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        try await story.edit("step", to: "\"address\"")
        story.store.state = .cutsAnswers
        try await story.press("c", "y")
        #expect(story.screen.contains("FAILED"))
        story.store.state = .fine
        for key in ["d", "u", "U"] {
            try await story.press(key)
            #expect(story.staged == 1, "after \(key)")
        }
        try await story.press("c")
        if story.model.popup != nil { try await story.press("y") }
        #expect(story.screen.contains("FAILED"), "a commit is refused until the abort")
        try await story.press("A")
        #expect(story.screen.contains("OPEN"))
        try await story.select("step")
        #expect(story.model.selectedKey?.node?.value == .string("address"))
        #expect(story.staged == 0)
    }

    @Test func `a scan that fails keeps the list of the one before`() async throws {
        var story = try await Story()
        let count = story.model.sessionCount
        story.store.state = .away
        try await story.press("R")
        #expect(story.model.sessionCount == count)
        #expect(story.screen.contains("scan incomplete"))
        story.store.state = .fine
        try await story.press("R")
        #expect(!story.screen.contains("scan incomplete"))
    }

    @Test func `a read-only store is never written`() async throws {
        var story = try await Story(isReadOnly: true)
        try await story.run("open shop-carts:4711")
        try await story.edit("step", to: "\"address\"")
        try await story.press("c")
        if story.model.popup != nil { try await story.press("y") }
        #expect(story.said.contains("read-only"))
        #expect(story.staged == 1)
        #expect(try await story.stored("shop-carts:4711")?.contains("\"payment\"") == true)
    }

    @Test func `a record larger than the store takes is refused before the review`() async throws {
        var story = try await Story(recordLimit: 600)
        try await story.run("open shop-carts:4711")
        try await story.edit("step", to: "\"\(String(repeating: "x", count: 600))\"")
        try await story.press("c")
        #expect(story.model.popup == nil)
        #expect(story.said.contains("takes at most"))
    }
}
