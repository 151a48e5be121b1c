internal import Glibc
internal import SessionCommands
internal import SessionCore
internal import SessionJournal

/// The journal of a run of the program: the user's file, `$XDG_STATE_HOME/tidemark/journal.sqlite3`, and memory for stores that end with the
/// program.
///
/// The file is opened when the first other store is worked on; from then on everything goes there.
actor ProgramJournal: TransactionJournal {
    private let clock: any WallClock
    private let memory = MemoryJournal()
    private var file: SessionJournal?
    /// Commits under way whose beginning is in memory.
    private var inMemory: Set<Int64> = []

    /// A journal with its file open, or with none yet.
    init(file: SessionJournal?, clock: any WallClock) {
        self.file = file
        self.clock = clock
    }

    /// The user's file; nil where there is nobody whose it could be.
    static func openFile(clock: any WallClock) throws(JournalError) -> SessionJournal? {
        guard let path else { return nil }
        return try SessionJournal(path: path, owner: .current, clock: clock)
    }

    private static var path: String? {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let folder = variable("XDG_STATE_HOME") ?? variable("HOME").map { $0 + "/.local/state" }
        return folder.map { $0 + "/tidemark/journal.sqlite3" }
    }

    /// Whether a store ends with the program.
    static func isInMemory(_ address: String) -> Bool { address == "demo:" || address == "memory:" }

    /// Where work on some stores is noted.
    private func journal(for stores: [String]) throws(JournalError) -> any TransactionJournal {
        if file == nil, !stores.allSatisfy(Self.isInMemory) { file = try Self.openFile(clock: clock) }
        return file ?? memory
    }

    private var current: any TransactionJournal { file ?? memory }

    func keep(_ draft: JournalDraft?) async throws(JournalError) {
        try await journal(for: draft?.stores ?? []).keep(draft)
    }

    func drafts() async throws(JournalError) -> [JournalDraft] { try await current.drafts() }
    func adopt(draft number: Int64) async throws(JournalError) { try await current.adopt(draft: number) }
    func forget(draft number: Int64) async throws(JournalError) { try await current.forget(draft: number) }

    func begin(_ commit: JournalCommit) async throws(JournalError) -> Int64 {
        let journal = try journal(for: commit.steps.map(\.store))
        let number = try await journal.begin(commit)
        if journal is MemoryJournal { inMemory.insert(number) }
        return number
    }

    func end(commit number: Int64, _ outcomes: [RecordID: RecordOutcome]) async throws(JournalError) {
        let journal: any TransactionJournal = inMemory.remove(number) == nil ? current : memory
        try await journal.end(commit: number, outcomes)
    }

    func commits(limit: Int) async throws(JournalError) -> [JournalCommit] { try await current.commits(limit: limit) }
    func commit(_ number: Int64) async throws(JournalError) -> JournalCommit? { try await current.commit(number) }
}
