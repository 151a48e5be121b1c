import Glibc
import ProcessSpawning
import SQLiteBackend
import SessionClock
import SessionCommands
import SessionCore
import SessionJournal
import Testing
import TmuxSession

/// A program that dies at each step of its journal: what the next one finds there, and what it does of it.
@Suite struct JournalStepTests {
    /// What there is after the death, in the second round of a program that sets a key to 1, commits, sets it to 2, commits.
    struct Found: CustomTestStringConvertible {
        var step: String
        /// What the store holds.
        var stored: Int
        /// Whether the edit of the second round is a draft.
        var hasDraft: Bool
        /// How the second commit is listed; nil for not at all.
        var commit: String?
        var testDescription: String { step }
    }

    private static let found = [
        Found(step: "keep-before", stored: 1, hasDraft: false, commit: nil),
        Found(step: "keep-after", stored: 1, hasDraft: true, commit: nil),
        Found(step: "begin-before", stored: 1, hasDraft: true, commit: nil),
        Found(step: "begin-after", stored: 1, hasDraft: true, commit: "interrupted"),
        Found(step: "end-before", stored: 2, hasDraft: true, commit: "interrupted"),
        Found(step: "end-after", stored: 2, hasDraft: true, commit: "committed"),
        Found(step: "drop-before", stored: 2, hasDraft: true, commit: "committed"),
        Found(step: "drop-after", stored: 2, hasDraft: false, commit: "committed"),
    ]

    private func user(_ folder: JournalFolder) async throws -> Operator {
        let store = try await SQLiteStore.open(
            SQLiteAddress(path: folder.databasePath, mode: .create), clock: SystemClock())
        return await Operator(store, try folder.journal(clock: SystemClock()), clock: SystemClock())
    }

    private func die(at step: String, _ folder: JournalFolder) throws {
        let writer = try #require(TmuxSession.product("journal-writer"), "it is built beside the tests")
        let pid = try spawn([writer, folder.journalPath, folder.databasePath, "1", step])
        var status: CInt = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        #expect(status >> 8 & 0xFF == 9, "it died at its step")
    }

    @Test(arguments: found)
    func `each step`(found: Found) async throws {
        let folder = try JournalFolder()
        try die(at: found.step, folder)
        var user = try await user(folder)
        #expect(try await user.stored("tidemark:shop:counter") == "{\"n\": \(found.stored)}")
        let history = await user.run("history")
        #expect(history.count == (found.commit == nil ? 1 : 2), "\(history)")
        if let commit = found.commit { #expect(history.first?.contains(commit) == true, "\(history)") }
        if found.commit == "interrupted" {
            let told = await user.run("history 2")
            let words = found.stored == 2 ? "as the commit writes it" : "as before the commit"
            #expect(told.contains("tidemark:shop:counter: \(words)"), "\(told)")
        }
        #expect(await user.run("drafts").first?.hasPrefix("draft ") == found.hasDraft)
        guard found.hasDraft else { return }
        await user.run("recover")
        #expect(user.workspace.work.changeCount == 2 - found.stored, "what was committed is staged no more")
        await user.run("commit")
        #expect(try await user.stored("tidemark:shop:counter") == #"{"n": 2}"#)
        #expect(await user.run("drafts") == ["no drafts"])
    }

    @Test(arguments: ["begin-after", "end-before"])
    func `a commit that was interrupted is undone by choice`(step: String) async throws {
        let folder = try JournalFolder()
        try die(at: step, folder)
        var user = try await user(folder)
        let said = await user.run("undo-commit 2", "commit")
        #expect(try await user.stored("tidemark:shop:counter") == #"{"n": 1}"#, "\(said)")
    }
}
