import Foundation
import SessionClock
import SessionCore
import SessionJournal
import StoreLaws
import Testing

@Suite struct SessionJournalTests {
    private func draft(_ text: String, at seconds: Int64 = 1_700_000_000) -> JournalDraft {
        JournalDraft(moment: Timestamp(seconds: seconds), title: text, stores: ["memory:"], content: Array(text.utf8))
    }

    private func commit(_ key: RecordKey, at seconds: Int64 = 1_700_000_000, size: Int = 1) -> JournalCommit {
        let id = RecordID(store: "s", key: key)
        let origin = JournalCommit.Origin(profile: "plain", container: [], session: key.bytes, package: nil)
        let before = StoredRecord(
            key: key, payload: [0, 255], flags: 7, expiry: .at(Timestamp(milliseconds: 5)),
            revision: Revision(.max, epoch: 3))
        let write = RecordWrite(
            key: key, expectation: .unchanged(before),
            change: .put(payload: [UInt8](repeating: 1, count: size), flags: 7, expiry: .keep))
        return JournalCommit(
            moment: Timestamp(seconds: seconds), steps: [.init(store: "memory:", id: id, origin: origin, write: write)])
    }

    @Test func `folder and file are for their user alone, also where they were not`() async throws {
        let folder = try JournalFolder()
        try await folder.journal().keep(draft("secret"))
        #expect(try folder.rights(folder.url.appending(path: "state/tidemark").path) == 0o700)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/state/tidemark") {
            #expect(try folder.rights(folder.url.path + "/state/tidemark/" + name) == 0o600, "\(name)")
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.journalPath)
        _ = try folder.journal()
        #expect(try folder.rights(folder.journalPath) == 0o600)
    }

    @Test func `a draft is its program's until that ends, and then anybody's who takes it up`() async throws {
        let folder = try JournalFolder()
        let dead = try folder.journal(owner: JournalFolder.ended)
        try await dead.keep(draft("first"))
        try await dead.keep(draft("second"))
        let living = try folder.journal()
        try await living.keep(draft("mine"))
        #expect(try await living.drafts().map(\.title) == ["second"])
        #expect(try await dead.drafts().map(\.title) == ["second"], "nobody is offered what a program works on")
        try await living.keep(nil)
        let number = try #require(try await living.drafts().first?.number)
        try await living.adopt(draft: number)
        #expect(try await living.drafts().isEmpty)
        try await living.keep(draft("third"))
        #expect(try folder.rows("SELECT title FROM draft") == ["third"], "one row, taken over")
        try await living.keep(nil)
        #expect(try folder.rows("SELECT title FROM draft").isEmpty)
    }

    @Test func `a commit is under way, then interrupted or ended, and comes back as it was`() async throws {
        let folder = try JournalFolder()
        let living = try folder.journal()
        let dead = try folder.journal(owner: JournalFolder.ended)
        let (first, second) = (commit("a"), commit("b"))
        #expect(try await living.begin(first) == 1)
        #expect(try await dead.begin(second) == 2)
        let states = try await living.commits(limit: 10).map { ($0.number, $0.hasEnded, $0.isUnderWay) }
        #expect(states.elementsEqual([(2, false, false), (1, false, true)], by: ==))
        let written = StoredRecord(key: "a", payload: [1], flags: 7, expiry: .never, revision: Revision(9))
        try await living.end(commit: 1, [RecordID(store: "s", key: "a"): .written(written)])
        let found = try #require(try await living.commit(1))
        #expect(found.hasEnded && !found.isUnderWay && found.steps[0].outcome == .written(written))
        #expect(found.steps[0].write == first.steps[0].write && found.steps[0].origin == first.steps[0].origin)
        #expect(try await living.commit(3) == nil)
        try await living.end(commit: 99, [:])
    }

    @Test func `what is old or too much is dropped, the newest never`() async throws {
        let folder = try JournalFolder()
        let clock = ManualClock(Timestamp(seconds: 1_700_000_000))
        let limits = SessionJournal.Limits(bytes: 4_000, age: 1_000_000, interval: 1)
        let journal = try folder.journal(owner: JournalFolder.ended, limits: limits, clock: clock)
        for key in ["a", "b", "c", "d"] as [RecordKey] { _ = try await journal.begin(commit(key, size: 1_200)) }
        let kept = try await journal.commits(limit: 10).map(\.number)
        #expect(kept.first == 4 && kept.count < 4)
        _ = try await journal.begin(commit("big", size: 50_000))
        #expect(try await journal.commits(limit: 10).map(\.number) == [5])
        clock.advance(milliseconds: 2_000_000)
        _ = try await journal.begin(commit("later", at: 1_700_002_000))
        #expect(try await journal.commits(limit: 10).map(\.number) == [6])
    }

    @Test func `what a program works on that runs is never dropped`() async throws {
        let folder = try JournalFolder()
        let clock = ManualClock(Timestamp(seconds: 1_700_000_000))
        let limits = SessionJournal.Limits(bytes: 10, age: 1_000, interval: 1)
        let living = try folder.journal(limits: limits, clock: clock)
        try await living.keep(draft("a long draft of a program that runs"))
        let number = try await living.begin(commit("a"))
        let dead = try folder.journal(owner: JournalFolder.ended, limits: limits, clock: clock)
        try await dead.keep(draft("the newest draft"))
        clock.advance(milliseconds: 2_000_000)
        _ = try await dead.begin(commit("b"))
        #expect(try folder.rows("SELECT title FROM draft ORDER BY number").first?.hasPrefix("a long draft") == true)
        #expect(try await living.commit(number) != nil)
        try await living.end(commit: number, [:])
        _ = try await dead.begin(commit("c"))
        #expect(try await living.commit(number) == nil, "a commit that has ended is nobody's work")
    }

    @Test func `a draft is adopted once, and one that is worked on is not forgotten`() async throws {
        let folder = try JournalFolder()
        let living = try folder.journal()
        try await living.keep(draft("mine"))
        await #expect(throws: JournalError.self) { try await living.forget(draft: 1) }
        await #expect(throws: JournalError.self) { try await living.adopt(draft: 1) }
        await #expect(throws: JournalError.self) { try await living.forget(draft: 7) }
        let dead = try folder.journal(owner: JournalFolder.ended)
        try await dead.keep(draft("left"))
        try await living.adopt(draft: 2)
        await #expect(throws: JournalError.self, "another program was faster") { try await dead.adopt(draft: 2) }
    }

    @Test func `a commit of our own whose end could not be noted can be looked up`() async throws {
        let folder = try JournalFolder()
        let journal = try folder.journal()
        let number = try await journal.begin(commit("a"))
        #expect(try await journal.commit(number)?.isUnderWay == true)
        try folder.write("ALTER TABLE transactions RENAME TO away")
        await #expect(throws: JournalError.self) { try await journal.end(commit: number, [:]) }
        try folder.write("ALTER TABLE away RENAME TO transactions")
        let found = try #require(try await journal.commit(number))
        #expect(!found.isUnderWay && !found.hasEnded)
    }

    @Test func `what is no journal is left as it is`() async throws {
        let folder = try JournalFolder()
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        let path = folder.databasePath
        for content in ["this is no database, but long enough to look at", ""] {
            try Data(content.utf8).write(to: URL(filePath: path))
            if content.isEmpty {
                _ = try SessionJournal(path: path, owner: .current, clock: SystemClock())
                continue
            }
            let error = #expect(throws: JournalError.self) {
                try SessionJournal(path: path, owner: .current, clock: SystemClock())
            }
            #expect(error?.description.contains("--no-journal") == true)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
        }
        let error = #expect(throws: JournalError.self) {
            try SessionJournal(path: "/proc/none/journal", owner: .current, clock: SystemClock())
        }
        #expect(error?.description.contains("/proc/none") == true)
    }

    @Test(arguments: [
        "content = X'00'", "content = 'text'", "content = 7", "title = X'FF', owner = 'x'", "moment = 'soon'",
    ])
    func `a journal that someone edited is read as far as it can be`(change: String) async throws {
        let folder = try JournalFolder()
        let dead = try folder.journal(owner: JournalFolder.ended)
        try await dead.keep(draft("a"))
        _ = try await dead.begin(commit("a"))
        try folder.write("UPDATE draft SET \(change)")
        try? folder.write("UPDATE transactions SET \(change)")
        let journal = try folder.journal()
        _ = try await journal.drafts()
        _ = try await journal.commits(limit: 10)
        _ = try await journal.commit(1)
        try await journal.end(commit: 1, [:])
    }
}
