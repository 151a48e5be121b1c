import SessionClock
import SessionCommands
import SessionCore
import SessionJournal
import StoreLaws
import Testing

/// Every commit can be explained and taken back, also by another program, also one that was interrupted.
@Suite struct HistoryTests {
    private let clock = ManualClock(Timestamp(seconds: 1_800_000_000))

    private func store() async -> MemoryStore {
        let store = MemoryStore(name: "memory:", clock: clock, recordLimit: nil, keyLimit: nil)
        await store.put("k", #"{"n": 1,"list":[1, 2]}"#)
        await store.put("other", #"{"n": 1}"#, lifetime: .seconds(3600))
        return store
    }

    private func user(_ store: any SessionStore, _ folder: JournalFolder) async throws -> Operator {
        await Operator(store, try folder.journal(), clock: clock)
    }

    @Test func `commits are listed and shown with their differences`() async throws {
        let folder = try JournalFolder()
        let store = await store()
        var user = try await user(store, folder)
        await user.run("key k", "set /n 2", "commit", "key other", "destroy", "commit")
        let list = await user.run("history")
        #expect(list.count == 2 && list[0].contains("2  2027-01-15 08:00:00  1 record  committed  other"), "\(list)")
        #expect(
            await user.run("history 1") == [
                "commit 1 of 2027-01-15 08:00:00: committed", "k was written", "  M /n 1 -> 2",
            ])
        #expect(await user.run("history 2").last == #"  D "" {"n": 1}"#)
        #expect(await user.run("history 3") == ["! no commit 3 in the journal; history lists them"])
    }

    @Test func `a commit that nobody wrote over goes back to the very bytes`() async throws {
        let folder = try JournalFolder()
        let store = await store()
        let before = try await store.load(["k", "other"])
        var first = try await user(store, folder)
        await first.run("key k", "set /n 2", "delete /list/0", "key other", "set /n 5", "commit")
        #expect(try await store.load(["k", "other"]).mapValues(\.payload) != before.mapValues(\.payload))
        var second = try await user(store, folder)
        let said = await second.run("undo-commit 1")
        #expect(said.first == "undo of commit 1 is staged; commit writes it", "\(said)")
        #expect(await second.run("commit") == ["committed 2 records, 1 round trip"])
        #expect(try await store.load(["k", "other"]).mapValues(\.payload) == before.mapValues(\.payload))
        #expect(try await store.load(["other"])["other"]?.expiry == before["other"]?.expiry)
        #expect(await second.run("history").count == 2, "an undo is a commit like any other")
        await second.run("undo-commit 2", "commit")
        #expect(try await second.stored("other") == #"{"n": 5}"#, "and can be undone")
    }

    @Test func `what the application changed since stays, or is shown where both changed it`() async throws {
        let folder = try JournalFolder()
        let store = await store()
        var user = try await user(store, folder)
        await user.run("key k", "set /n 2", "commit")
        await store.put("k", #"{"n": 2,"list":[1, 2],"theirs":true}"#)
        #expect(await user.run("undo-commit 1").contains("k: goes back, with what changed since"))
        await user.run("commit")
        #expect(try await user.stored("k") == #"{"n": 1,"list":[1, 2],"theirs":true}"#)

        await user.run("set /n 3", "commit")
        await store.put("k", #"{"n": 9,"list":[1, 2]}"#)
        let said = await user.run("undo-commit 3")
        #expect(said[0] == "undo of commit 3 is staged; merge shows what both changed", "\(said)")
        #expect(said.last == "! k /n: base 3 | mine 1 | store 9")
        #expect(await user.run("commit").first?.hasPrefix("! ") == true)
        #expect(try await user.stored("k")?.contains("9") == true, "nothing is written over unseen")
        await user.run("merge /n mine", "commit")
        #expect(try await user.stored("k")?.contains(#""n": 1"#) == true)
    }

    @Test func `sessions that were made or destroyed are destroyed or made again`() async throws {
        let folder = try JournalFolder()
        let store = await store()
        var user = try await user(store, folder)
        await user.run("key other", "destroy", "commit")
        #expect(try await user.stored("other") == nil)
        clock.advance(milliseconds: 600_000)
        let said = await user.run("undo-commit 1", "commit")
        #expect(try await user.stored("other") == #"{"n": 1}"#, "\(said)")
        #expect(try await store.load(["other"])["other"]?.expiry.secondsLeft(at: clock.now()) == 3000)

        await user.run("use shop tidemark", "open new", "set /cart 1", "commit")
        let made = try await store.load(["tidemark:shop:new"])
        #expect(made.count == 1)
        await user.run("undo-commit 3", "commit")
        #expect(try await store.load(["tidemark:shop:new"]).isEmpty)
    }

    @Test func `a session without end that was destroyed is made again, and so is one whose life was over`()
        async throws
    {
        let folder = try JournalFolder()
        let store = await store()
        var user = try await user(store, folder)
        await user.run("key k", "destroy", "commit")
        #expect(await user.run("undo-commit").first == "undo of commit 1 is staged; commit writes it")
        await user.run("commit")
        #expect(try await user.stored("k") == #"{"n": 1,"list":[1, 2]}"#)
        await user.run("key other", "destroy", "commit")
        clock.advance(milliseconds: 4_000_000)
        await user.run("undo-commit")
        #expect(await user.run("commit").first?.contains("give it one with ttl") == true)
        await user.run("ttl 1h", "commit")
        #expect(try await user.stored("other") == #"{"n": 1}"#)
        await user.run("destroy", "commit", "undo-commit", "undo")
        #expect(await user.run("get \"\"") == ["{}"], "what is gone is not shown as if it were there")
    }

    @Test func `lives are taken back with the rest, and never made longer than they were`() async throws {
        let folder = try JournalFolder()
        let store = await store()
        var user = try await user(store, folder)
        func left() async throws -> Int64? {
            try await store.load(["other"])["other"]?.expiry.secondsLeft(at: clock.now())
        }
        await user.run("key other", "ttl 14d", "commit", "undo-commit", "commit")
        #expect(try await left() == 3600)
        await user.run("set /n 2", "ttl 14d", "commit", "undo-commit", "commit")
        #expect(try await left() == 3600)
        #expect(try await user.stored("other") == #"{"n": 1}"#)
        await user.run("ttl 14d", "commit")
        let record = try #require(try await store.load(["other"])["other"])
        await store.loadInitialData(
            key: "other", payload: Array(#"{"n": 9}"#.utf8), flags: record.flags, lifetime: .seconds(1_209_600))
        await user.run("undo-commit", "commit")
        #expect(try await left() == 3600, "the content that changed since is none of the commit's")
        #expect(try await user.stored("other") == #"{"n": 9}"#)
        await user.run("ttl 14d", "commit")
        clock.advance(milliseconds: 4_000_000)
        let said = await user.run("undo-commit")
        #expect(said.contains { $0.contains("would be over by now") } && user.workspace.work.isClean, "\(said)")
    }

    @Test func `what was refused has nothing to take back`() async throws {
        let folder = try JournalFolder()
        let store = await store()
        var user = try await user(store, folder)
        await user.run("key k", "set /n 2", "commit", "set /n 3")
        await store.put("k", #"{"n": 7}"#)
        #expect(await user.run("commit").first?.hasPrefix("! conflict") == true)
        #expect(await user.run("history").first?.contains("not written") == true)
        await user.run("abort")
        let said = await user.run("undo-commit")
        #expect(said.first?.hasPrefix("undo of commit 1") == true, "\(said)")
        #expect(await user.run("abort", "undo-commit 2").contains("k: was not written by it"))
    }

    @Test(arguments: [StoreMark.JournalRule.keys, .off])
    func `of some stores no values are kept, by rule`(rule: StoreMark.JournalRule) async throws {
        let folder = try JournalFolder()
        let store = await store()
        let mark = StoreMark(name: "shop", journal: rule)
        var user = await Operator(store, try folder.journal(), clock: clock, mark: mark)
        await user.run("key k", #"set /card "4111 1111""#)
        #expect(try folder.rows("SELECT title FROM draft").isEmpty)
        await user.run("commit")
        let found = try folder.rows("SELECT CAST(content AS TEXT) FROM transactions")
        #expect(found.count == (rule == .keys ? 1 : 0) && !found.contains { $0.contains("4111") }, "\(found)")
        guard rule == .keys else {
            #expect(await user.run("history") == ["no commits"])
            return
        }
        #expect(await user.run("history 1").suffix(1) == ["k was written"])
        #expect(
            await user.run("undo-commit").contains("k: what it held before is not kept in the journal; left as it is"))
    }

    @Test func `an undo is refused where it would meet edits, and undo takes it back`() async throws {
        let folder = try JournalFolder()
        var user = try await user(await store(), folder)
        await user.run("key k", "set /n 2", "commit", "set /n 3")
        #expect(
            await user.run("undo-commit 1") == [
                "! k has edits; commit or abort them before an earlier commit is undone"
            ])
        await user.run("abort", "undo-commit 1")
        #expect(user.workspace.work.changeCount == 1)
        await user.run("undo")
        #expect(user.workspace.work.isClean)
    }

    @Test func `of a commit that was interrupted each record is explained, and what was written is taken back`()
        async throws
    {
        let folder = try JournalFolder()
        let store = await store()
        await store.put("third", #"{"n": 1}"#)
        let dying = DyingJournal(try folder.journal(owner: JournalFolder.ended))
        var first = await Operator(store, dying, clock: clock)
        await first.run("key k", "set /n 2", "key other", "set /n 2", "key third", "set /n 2", "commit")
        // The store holds all three as written, and nobody noted it; as if the program had died, and then others wrote.
        await store.put("other", #"{"n": 1}"#)
        await store.put("third", #"{"n": 7}"#)
        var second = try await user(store, folder)
        #expect(await second.run("history").first?.contains("interrupted") == true)
        let said = await second.run("history 1")
        for line in [
            "k: as the commit writes it", "other: as before the commit",
            "third: something else; another program has written it since",
        ] { #expect(said.contains(line), "\(said)") }
        #expect(await second.run("history").first?.contains("in doubt") == true)
        #expect(await second.run("history 1").contains("k was written"), "what was found out stays known")
        await second.run("undo-commit 1")
        #expect(second.workspace.mergePlaces.map(\.record.key) == ["third"])
        await second.run("merge theirs", "commit")
        #expect(try await second.stored("k") == #"{"n": 1,"list":[1, 2]}"#)
        #expect(try await second.stored("third") == #"{"n": 7}"#)
    }
}

/// A journal whose program dies between the end of a commit and the note of it.
private actor DyingJournal: TransactionJournal {
    private let base: SessionJournal

    init(_ base: SessionJournal) { self.base = base }

    func keep(_ draft: JournalDraft?) async throws(JournalError) { try await base.keep(draft) }
    func drafts() async throws(JournalError) -> [JournalDraft] { try await base.drafts() }
    func adopt(draft number: Int64) async throws(JournalError) { try await base.adopt(draft: number) }
    func forget(draft number: Int64) async throws(JournalError) { try await base.forget(draft: number) }
    func begin(_ commit: JournalCommit) async throws(JournalError) -> Int64 { try await base.begin(commit) }
    func end(commit number: Int64, _ outcomes: [RecordID: RecordOutcome]) async throws(JournalError) {}
    func commits(limit: Int) async throws(JournalError) -> [JournalCommit] { try await base.commits(limit: limit) }
    func commit(_ number: Int64) async throws(JournalError) -> JournalCommit? { try await base.commit(number) }
}
