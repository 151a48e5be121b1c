import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

/// What both sides changed is decided place by place, and nothing is written before the commit.
@Suite struct MergeStoryTests {
    /// Three edits, two of which meet those of another writer.
    private static func conflicting(_ size: GridSize = .usual) async throws -> Story {
        var story = try await ValueScreenTests.opened(size)
        try await story.run("set /step \"address\"")
        try await story.run("set /currency \"HUF\"")
        try await story.run("set /note \"called support\"")
        try await story.elsewhere(
            open: "shop-carts:4711", "set /step \"done\"", "set /currency \"CHF\"", "set /paid true")
        try await story.press("c", "y")
        return story
    }

    @Test(arguments: [GridSize.usual, .classic])
    func `merge`(size: GridSize) async throws {
        var story = try await Self.conflicting(size)
        try await story.press("m", "o")
        Golden.expect(story.model.view())
    }

    @Test func `what is decided is staged over what the store holds, and committed`() async throws {
        var story = try await Self.conflicting()
        try await story.press("m")
        guard case .merge? = story.model.popup else { Issue.record("\(String(describing: story.model.popup))"); return }
        #expect(story.model.workspace.mergePlaces.map(\.pointer.text).sorted() == ["/currency", "/step"])
        try await story.press("t", "o")
        #expect(story.model.popup == nil)
        #expect(story.said.contains("all is decided"))
        try await story.press("c", "y")
        #expect(story.said.contains("committed"))
        let stored = try #require(try await story.stored("shop-carts:4711"))
        for pair in [#""note":"called support""#, #""paid":true"#] { #expect(stored.contains(pair), "\(stored)") }
        let decided = [#""currency":"CHF""#, #""step":"address""#].map(stored.contains)
        let others = [#""currency":"HUF""#, #""step":"done""#].map(stored.contains)
        #expect(decided != others && decided[0] == decided[1], "the first is the store's, the second ours: \(stored)")
    }

    @Test func `another value is typed, a decision is undone, and the merge can wait`() async throws {
        var story = try await Self.conflicting()
        try await story.press("m", "e")
        try await story.retype("\"somewhere\"")
        try await story.press("Enter")
        #expect(story.model.workspace.mergePlaces.filter { $0.choice == .value("somewhere") }.count == 1)
        try await story.press("u")
        #expect(story.model.workspace.mergePlaces.allSatisfy { $0.choice == nil })
        try await story.press("Esc")
        #expect(story.model.popup == nil && story.said.contains("m goes on with the merge"))
        let traffic = story.model.workspace.store?.traffic
        try await story.press("m")
        #expect(story.model.workspace.mergePlaces.count == 2)
        #expect(story.model.workspace.store?.traffic == traffic, "what was read is still there")
        try await story.press("e")
        try await story.retype("[")
        try await story.press("Enter")
        guard case .prompt(let prompt)? = story.model.popup else { Issue.record("no prompt"); return }
        #expect(prompt.problem != nil)
        try await story.press("Esc")
        guard case .merge? = story.model.popup else { Issue.record("the merge screen is back"); return }
    }

    @Test func `a secret is decided without being shown, typed, or logged`() async throws {
        var story = try await ValueScreenTests.opened(.usual)
        try await story.run("set /password \"old hush\"")
        try await story.press("c", "y")
        try await story.run("set /password \"my hush\"")
        try await story.elsewhere(open: "shop-carts:4711", "set /password \"their hush\"")
        try await story.press("m", "e")
        #expect(story.said.contains("masked"))
        guard case .merge? = story.model.popup else { Issue.record("\(String(describing: story.model.popup))"); return }
        #expect(!story.screen.contains("hush"))
        try await story.press("Esc")
        try await story.run("merge /password \"another hush\"")
        let shown =
            story.model.view().lines.filter { $0.contains("hush") }
            + story.model.log.map(\.text).filter { $0.contains("hush") }
        #expect(shown.isEmpty)
        #expect(story.staged == 1)
    }

    @Test func `an answer to what the store held before is no answer to what it holds now`() async throws {
        var story = try await Self.conflicting()
        try await story.press("m", "e")
        try await story.retype("\"somewhere\"")
        try await story.elsewhere(open: "shop-carts:4711", "set /step \"cancelled\"", "set /currency \"PLN\"")
        await story.send(.second)
        try await story.press("Enter")
        #expect(
            !story.model.workspace.mergePlaces.isEmpty
                && story.model.workspace.mergePlaces.allSatisfy { $0.choice == nil })
        #expect(story.model.workspace.mergePlaces.contains { $0.conflict.theirs == "cancelled" })
    }

    @Test func `what was opened meanwhile is not closed by a merge that nobody sees`() async throws {
        var story = try await Self.conflicting()
        try await story.press("m", "Esc", "D")
        guard case .text? = story.model.popup else { Issue.record("no differences"); return }
        try await story.elsewhere(open: "shop-carts:4711", "set /step \"cancelled\"")
        await story.send(.second)
        guard case .text? = story.model.popup else { Issue.record("\(String(describing: story.model.popup))"); return }
    }

    @Test func `what both put behind a list can be kept`() async throws {
        var story = try await ValueScreenTests.opened(.usual)
        try await story.run("set /tags [\"a\"]")
        try await story.press("c", "y")
        try await story.run("set /tags [\"a\", \"mine\"]")
        try await story.elsewhere(open: "shop-carts:4711", "set /tags [\"a\", \"theirs\"]")
        try await story.press("m", "B", "c", "y")
        #expect(try await story.stored("shop-carts:4711")?.contains(#""tags":["a","theirs","mine"]"#) == true)
    }

    @Test func `a record that is gone is made anew or given up`() async throws {
        for (key, isThere) in [("o", true), ("t", false)] {
            var story = try await ValueScreenTests.opened(.usual)
            try await story.run("set /step \"address\"")
            try await story.elsewhere(open: "shop-carts:4711", "destroy")
            try await story.press("m", "e")
            #expect(story.said.contains("the record is gone"))
            try await story.press(key)
            #expect(story.model.popup == nil)
            try await story.run("ttl 1h")
            try await story.press("c", "y")
            #expect(
                try await story.stored("shop-carts:4711")?.contains(#""step":"address""#) == (isThere ? true : nil))
        }
    }
}
