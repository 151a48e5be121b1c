import SessionClock
import SessionCommands
import SessionCore
import SessionJournal
import StoreLaws
import Testing

/// What is staged survives the program.
@Suite struct DraftTests {
    private let clock = ManualClock(Timestamp(seconds: 1_800_000_000))

    private func store() async -> MemoryStore {
        let store = MemoryStore(name: "memory:", clock: clock, recordLimit: nil, keyLimit: nil)
        await store.put("k", #"{"n": 1, "list": [1, 2], "map": {"a": 1}}"#)
        await store.put("other", #"{"n": 1}"#, lifetime: .seconds(3600))
        return store
    }

    @Test func `edits, savepoints and the session in use come back, and are committed`() async throws {
        let folder = try JournalFolder()
        let store = await store()
        var first = await Operator(store, try folder.journal(owner: JournalFolder.ended), clock: clock)
        await first.run(
            "key other", "set /n 2", "key k", "set /n 2", "savepoint two", "delete /list/0", "set /map/b [1, null]",
            "savepoint three", "set /n 3")
        let before = first.workspace
        var second = await Operator(store, try folder.journal(), clock: clock)
        let said = await second.run("recover")
        #expect(said.first?.contains("recovered draft 1") == true, "\(said)")
        #expect(second.workspace.work.edits == before.work.edits)
        let (savepoints, earlier) = (second.workspace.work.savepoints, before.work.savepoints)
        #expect(savepoints.map(\.name) == earlier.map(\.name) && savepoints.map(\.moment) == earlier.map(\.moment))
        #expect(savepoints.map(\.staged.edits) == earlier.map(\.staged.edits))
        #expect(second.workspace.currentSession == before.currentSession)
        await second.run("rollback two")
        #expect(await second.run("get /n") == ["2"])
        await second.run("commit")
        #expect(
            try await store.load(["k"])["k"].map { String(decoding: $0.payload, as: UTF8.self) }
                == #"{"n": 2, "list": [1, 2], "map": {"a": 1}}"#)
        #expect(try folder.rows("SELECT title FROM draft").isEmpty, "what is committed is no draft")
    }

    @Test func `what the application wrote meanwhile is merged, or shown`() async throws {
        let folder = try JournalFolder()
        let store = await store()
        var first = await Operator(store, try folder.journal(owner: JournalFolder.ended), clock: clock)
        await first.run("key k", "set /n 2", "set /mine true")
        await store.put("k", #"{"n": 7, "list": [1, 2], "map": {"a": 1}, "theirs": true}"#)
        var second = await Operator(store, try folder.journal(), clock: clock)
        let said = await second.run("recover")
        #expect(said.contains { $0.contains("/n") && $0.contains("merge") }, "\(said)")
        #expect(second.workspace.mergePlaces.map(\.pointer.text) == ["/n"])
        await second.run("merge /n mine", "commit")
        #expect(
            try await second.stored("k") == #"{"n": 2, "list": [1, 2], "map": {"a": 1}, "theirs": true, "mine": true}"#)
    }

    @Test func `a draft of a commit that was written has nothing left`() async throws {
        let folder = try JournalFolder()
        let store = await store()
        var first = await Operator(store, try folder.journal(owner: JournalFolder.ended), clock: clock)
        await first.run("key k", "set /n 2")
        await store.put("k", #"{"n": 2, "list": [1, 2], "map": {"a": 1}}"#)
        var second = await Operator(store, try folder.journal(), clock: clock)
        await second.run("recover")
        #expect(second.workspace.work.isClean)
        #expect(await second.run("drafts") == ["no drafts"])
    }

    @Test func `a draft is neither lost nor mixed up when it cannot be taken up`() async throws {
        let folder = try JournalFolder()
        let store = await store()
        var first = await Operator(store, try folder.journal(owner: JournalFolder.ended), clock: clock)
        await first.run("key k", "set /n 2")
        let elsewhere = MemoryStore(name: "memory:2", clock: clock, recordLimit: nil, keyLimit: nil)
        await elsewhere.put("k", "{}")
        var second = await Operator(elsewhere, try folder.journal(), clock: clock)
        #expect(await second.run("recover").first?.hasPrefix("! draft 1 is of memory:, which is not attached") == true)
        #expect(await second.run("recover 9").first?.hasPrefix("! no draft 9") == true)
        await second.run("key k", "set /n 3")
        #expect(await second.run("recover").first?.hasPrefix("! something is staged") == true)
        #expect(await second.run("drafts").count == 1)
        #expect(try folder.rows("SELECT title FROM draft").count == 2)
        await second.run("abort")
        #expect(await second.run("forget 1") == ["draft 1 is forgotten"])
        #expect(await second.run("drafts") == ["no drafts"])
    }

    @Test func `a journal that fails is told once, and the edit stays`() async throws {
        let store = await store()
        let journal = FailingJournal()
        var user = await Operator(store, journal, clock: clock)
        let said = await user.run("key k", "set /n 2", "set /n 3")
        #expect(said.filter { $0.contains("the disk is full") }.count == 1, "\(said)")
        #expect(user.workspace.journalTrouble == "the disk is full" && !user.workspace.isDraftPending)
        #expect(await user.run("commit").first?.contains("nothing was written") == true)
        #expect(try await user.stored("k")?.contains(#""n": 1"#) == true)
        await journal.mend()
        await user.run("set /n 4")
        #expect(user.workspace.journalTrouble == nil)
        #expect(await user.run("commit") == ["committed 1 record, 1 round trip"])
    }
}

/// A journal on a full disk.
private actor FailingJournal: TransactionJournal {
    private var isFull = true

    func mend() { isFull = false }

    private func check() throws(JournalError) { if isFull { throw JournalError("the disk is full") } }

    func keep(_ draft: JournalDraft?) async throws(JournalError) { try check() }
    func drafts() async throws(JournalError) -> [JournalDraft] { [] }
    func adopt(draft number: Int64) async throws(JournalError) { try check() }
    func forget(draft number: Int64) async throws(JournalError) { try check() }
    func begin(_ commit: JournalCommit) async throws(JournalError) -> Int64 {
        try check()
        return 1
    }
    func end(commit number: Int64, _ outcomes: [RecordID: RecordOutcome]) async throws(JournalError) { try check() }
    func commits(limit: Int) async throws(JournalError) -> [JournalCommit] { [] }
    func commit(_ number: Int64) async throws(JournalError) -> JournalCommit? { nil }
}
