import CellGrid
import Console
import SessionCommands
import SessionCore
import Testing

/// The store is slow, or answers in another order than it was asked.
@Suite struct WaitingStoryTests {
    private static func committing() async throws -> Story {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        try await story.edit("step", to: "\"address\"")
        story.isHolding = true
        try await story.press("c", "y")
        return story
    }

    @Test func `keys are answered while a commit is under way`() async throws {
        var story = try await Self.committing()
        #expect(story.screen.contains("COMMITTING"))
        try await story.press("1", "j", "j")
        #expect(story.model.focus == .sessions)
        try await story.press("?")
        #expect(story.screen.contains("Help"))
        try await story.press("Esc")
        try await story.answerAll()
        #expect(story.said == "committed 1 record, 1 round trip")
        #expect(try await story.stored("shop-carts:4711")?.contains("\"address\"") == true)
    }

    @Test(arguments: ["d", "A", "u", "U"])
    func `an edit during a commit is refused with a sentence`(key: String) async throws {
        var story = try await Self.committing()
        try await story.press("2", key)
        #expect(story.said.contains("a commit is under way"))
        #expect(story.staged == 1)
    }

    @Test func `a value typed during a commit is refused with a sentence`() async throws {
        var story = try await Self.committing()
        try await story.edit("currency", to: "\"HUF\"")
        #expect(story.said.contains("a commit is under way") || story.screen.contains("a commit is under way"))
        try await story.answerAll()
        #expect(try await story.stored("shop-carts:4711")?.contains("\"EUR\"") == true)
    }

    @Test func `Ctrl-C does not cancel a commit`() async throws {
        var story = try await Self.committing()
        try await story.press("Ctrl-C")
        #expect(story.said.contains("a commit cannot be cancelled"))
        #expect(story.held.count == 1)
        #expect(!story.hasQuit)
        try await story.answerAll()
        #expect(story.staged == 0)
    }

    @Test func `quitting during a commit asks`() async throws {
        var story = try await Self.committing()
        try await story.press("1", "q")
        #expect(story.model.popup == .confirmQuit)
        #expect(!story.hasQuit)
    }

    @Test func `Ctrl-C cancels a scan and then quits`() async throws {
        var story = try await Story(isHolding: true)
        try await story.answer()
        try await story.answer(with: .scanned(ScanBatch([.init(key: "a:1", size: 1, expiry: .never)])))
        try await story.press("Ctrl-C")
        #expect(story.held.isEmpty)
        #expect(story.said.contains("cancelled"))
        #expect(story.model.sessionCount == 1, "what came before stays listed")
        #expect(!story.hasQuit)
        try await story.press("Ctrl-C")
        #expect(story.hasQuit)
    }

    @Test func `an answer to a cancelled question changes nothing`() async throws {
        var story = try await Story()
        story.isHolding = true
        try await story.press("Enter")
        let request = try #require(story.held.first?.request)
        try await story.press("Ctrl-C")
        let before = story.model
        await story.send(.result(StoreResult(request: request, outcome: .loaded([:]), traffic: [:])))
        #expect(story.model.workspace.sessions == before.workspace.sessions)
        #expect(story.model.focus == before.focus)
    }

    @Test func `of two sessions the one asked for last is open, whichever is answered first`() async throws {
        for order in [[0, 0], [1, 0]] {
            var story = try await Story()
            try await story.run("use shop-carts plain")
            try await story.press("1", "g")
            story.isHolding = true
            try await story.press("Enter", "j", "Enter")
            for position in order { try await story.answer(position) }
            #expect(story.model.workspace.currentSession?.title == "4712", "answered in the order \(order)")
            #expect(story.model.selectedSession?.session.title == "4712", "answered in the order \(order)")
        }
    }

    @Test func `an edit goes to the session it was begun in`() async throws {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        try await story.press("1", "j")
        story.isHolding = true
        try await story.press("Enter")
        try await story.select("step")
        try await story.press("e")
        try await story.retype("\"meant for 4711\"")
        try await story.answerAll()
        try await story.press("Enter")
        for (id, edit) in story.model.workspace.work.edits where edit.changeCount > 0 {
            #expect(id.key == "shop-carts:4711")
        }
    }

    @Test func `what is being typed stays when an answer comes`() async throws {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        try await story.run("set /step \"x\"")
        try await story.elsewhere(open: "shop-carts:4711", "set /coupon \"A\"", "set /currency \"B\"")
        story.isHolding = true
        try await story.press(":")
        await story.type("diff store")
        try await story.press("Enter", ":")
        await story.type("ttl 2h")
        try await story.answerAll()
        guard case .palette(let input, _) = story.model.popup else {
            Issue.record("the answer took the line away: \(story.screen)")
            return
        }
        #expect(input.text == "ttl 2h")
    }

    @Test func `a long list is filtered in steps, and the filter typed last counts`() async throws {
        var story = try await Story(records: [], isHolding: true)
        try await story.answer()
        let rows = (0..<60_000).map { ScanBatch.Row(key: RecordKey("k:\($0)"), size: 1, expiry: .never) }
        try await story.answer(with: .scanned(ScanBatch(rows)))
        try await story.press("/")
        await story.type("5999")
        #expect(story.model.sessionCount == 16)
        try await story.press("Backspace", "Enter")
        #expect(story.model.sessionCount == 220)
        try await story.answer(with: .scanned(ScanBatch([.init(key: "k:599x", size: 1, expiry: .never)])))
        #expect(story.model.sessionCount == 221)
        try await story.answer(with: .scanEnded)
        #expect(story.model.sessionCount == 221)
        try await story.press("G")
        #expect(story.model.selectedSession != nil)
    }
}
