/// Where a transaction stands: its phase, what joined it, its savepoints. A value; it calls nobody.
struct TransactionState: Sendable {
    enum Phase: Hashable, Sendable {
        case active
        case doomed
        case committing
        case failed(TransactionError)
        case ended
    }

    /// A participant, and its state when it joined, for savepoints that are older; nil if it cannot do savepoints.
    struct Joined: Sendable {
        var participant: any Participant
        var atJoining: (any ParticipantSavepoint)?
    }

    private(set) var phase = Phase.active
    private(set) var joined: [Joined] = []
    /// The numbers of the savepoints that can be rolled back to, in order.
    private(set) var savepoints: [Int] = []
    private var savepointsMade = 0
    var hooks = TransactionHooks()
    var notes: [String] = []
    var user: String?
    /// Whether a commit was tried and left everything as it was.
    private(set) var hasRetreated = false

    /// Refuses what only an open transaction may do; a doomed one is open.
    func checkOpen() throws(TransactionError) {
        switch phase {
        case .active, .doomed: return
        case .committing: throw .committing
        case .failed(let cause): throw .failed(cause)
        case .ended: throw .ended
        }
    }

    mutating func doom() throws(TransactionError) {
        try checkOpen()
        phase = .doomed
    }

    mutating func join(_ new: Joined) throws(TransactionError) {
        try checkOpen()
        guard !joined.contains(where: { $0.participant.name == new.participant.name }) else { return }
        joined.append(new)
    }

    func checkCommittable() throws(TransactionError) {
        if phase == .doomed { throw .doomed }
        try checkOpen()
    }

    mutating func startCommit() throws(TransactionError) -> [any Participant] {
        try checkCommittable()
        phase = .committing
        return joined.map(\.participant)
    }

    /// The commit did not happen; `failure` is there if something may have been written.
    mutating func retreat(failure: TransactionError?) {
        phase = failure.map { .failed($0) } ?? .active
        hasRetreated = true
    }

    mutating func fail(_ cause: TransactionError) { phase = .failed(cause) }

    /// Starts an abort; returns who must be told.
    mutating func startAbort() throws(TransactionError) -> [any Participant] {
        guard phase != .ended else { throw .ended }
        guard phase != .committing else { throw .committing }
        phase = .committing
        savepoints = []
        return joined.map(\.participant)
    }

    /// Ends the transaction; the hooks that are left are returned to be called.
    mutating func end() -> TransactionHooks {
        phase = .ended
        joined = []
        savepoints = []
        defer { hooks = TransactionHooks() }
        return hooks
    }

    mutating func addSavepoint() throws(TransactionError) -> Int {
        try checkOpen()
        savepointsMade += 1
        savepoints.append(savepointsMade)
        return savepointsMade
    }

    func checkRollback(to number: Int) throws(TransactionError) {
        try checkOpen()
        guard savepoints.contains(number) else { throw .savepointInvalid }
    }

    /// Later savepoints end, and participants that joined since and cannot go back leave.
    mutating func rolledBack(to number: Int, leaving: Set<String>) {
        savepoints.removeAll { $0 > number }
        joined.removeAll { leaving.contains($0.participant.name) }
    }
}
