/// A journal in memory, for stores that end with the program, for demonstrations and for tests.
///
/// There are no drafts of programs that have ended: this one's end with it.
public actor MemoryJournal: TransactionJournal {
    /// The most commits that are kept; the oldest are dropped.
    public static let limit = 1000

    private var kept: [JournalCommit] = []
    private var last: Int64 = 0

    /// An empty journal.
    public init() {}

    /// Nothing to do: what is staged ends with the program.
    public func keep(_ draft: JournalDraft?) async throws(JournalError) {}

    /// None.
    public func drafts() async throws(JournalError) -> [JournalDraft] { [] }

    /// There is none to adopt.
    public func adopt(draft number: Int64) async throws(JournalError) {}

    /// There is none to forget.
    public func forget(draft number: Int64) async throws(JournalError) {}

    /// Notes that a commit begins.
    public func begin(_ commit: JournalCommit) async throws(JournalError) -> Int64 {
        last += 1
        var commit = commit
        commit.number = last
        commit.isUnderWay = true
        kept.append(commit)
        if kept.count > Self.limit { kept.removeFirst() }
        return last
    }

    /// Notes how a commit ended.
    public func end(commit number: Int64, _ outcomes: [RecordID: RecordOutcome]) async throws(JournalError) {
        guard let index = kept.firstIndex(where: { $0.number == number }) else { return }
        kept[index].end(outcomes)
    }

    /// The newest commits, newest first.
    public func commits(limit: Int) async throws(JournalError) -> [JournalCommit] {
        Array(kept.suffix(limit).reversed())
    }

    /// A commit by its number.
    public func commit(_ number: Int64) async throws(JournalError) -> JournalCommit? {
        kept.first { $0.number == number }
    }
}
