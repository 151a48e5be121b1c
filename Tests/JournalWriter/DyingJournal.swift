import Glibc
import SessionCore

/// A journal that ends the program at one of its steps, the second time that it comes there.
actor DyingJournal: TransactionJournal {
    private let base: any TransactionJournal
    private let step: String
    private var times = 0

    /// `step` is `keep`, `drop`, `begin` or `end`, with `-before` or `-after`.
    init(_ base: any TransactionJournal, at step: String) {
        self.base = base
        self.step = step
    }

    private func pass(_ step: String) {
        guard step == self.step else { return }
        times += 1
        // Nothing is flushed or closed, as with a kill.
        if times == 2 { _exit(9) }
    }

    func keep(_ draft: JournalDraft?) async throws(JournalError) {
        let name = draft == nil ? "drop" : "keep"
        pass("\(name)-before")
        try await base.keep(draft)
        pass("\(name)-after")
    }

    func begin(_ commit: JournalCommit) async throws(JournalError) -> Int64 {
        pass("begin-before")
        let number = try await base.begin(commit)
        pass("begin-after")
        return number
    }

    func end(commit number: Int64, _ outcomes: [RecordID: RecordOutcome]) async throws(JournalError) {
        pass("end-before")
        try await base.end(commit: number, outcomes)
        pass("end-after")
    }

    func drafts() async throws(JournalError) -> [JournalDraft] { try await base.drafts() }
    func adopt(draft number: Int64) async throws(JournalError) { try await base.adopt(draft: number) }
    func forget(draft number: Int64) async throws(JournalError) { try await base.forget(draft: number) }
    func commits(limit: Int) async throws(JournalError) -> [JournalCommit] { try await base.commits(limit: limit) }
    func commit(_ number: Int64) async throws(JournalError) -> JournalCommit? { try await base.commit(number) }
}
