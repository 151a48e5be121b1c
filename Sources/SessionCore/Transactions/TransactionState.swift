/// Where a transaction stands: its phase, what joined it, its savepoints.
///
/// A value; it calls nobody.
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
    /// How many rollbacks are under way; between their steps nothing may be planned or dropped.
    var rollbacksUnderWay = 0
    /// Whether it ended with a commit.
    private(set) var isCommitted = false
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

    /// Adds a participant; false if it must remember its state first, because there are savepoints.
    mutating func join(_ new: Joined) throws(TransactionError) -> Bool {
        try checkOpen()
        guard !joined.contains(where: { $0.participant.name == new.participant.name }) else { return true }
        guard savepoints.isEmpty || new.atJoining != nil || !(new.participant is any SavepointParticipant) else {
            return false
        }
        joined.append(new)
        return true
    }

    func checkCommittable() throws(TransactionError) {
        if phase == .doomed { throw .doomed }
        try checkOpen()
    }

    /// Starts a commit; returns who takes part, nil while a rollback is under way.
    mutating func startCommit() throws(TransactionError) -> [any Participant]? {
        try checkCommittable()
        guard rollbacksUnderWay == 0 else { return nil }
        phase = .committing
        return joined.map(\.participant)
    }

    /// The commit did not happen; `failure` is there if something may have been written.
    mutating func retreat(failure: TransactionError?) {
        if let failure { phase = .failed(failure) } else if phase == .committing { phase = .active }
        hasRetreated = true
    }

    /// Something went wrong that a commit may not follow; what has ended stays so.
    mutating func fail(_ cause: TransactionError) { if phase != .ended { phase = .failed(cause) } }

    /// Starts an abort; returns who must be told, nil while a rollback is under way.
    mutating func startAbort() throws(TransactionError) -> [any Participant]? {
        guard phase != .ended else { throw .ended }
        guard phase != .committing else { throw .committing }
        guard rollbacksUnderWay == 0 else { return nil }
        phase = .committing
        savepoints = []
        return joined.map(\.participant)
    }

    /// Ends the transaction; the hooks that are left are returned to be called.
    mutating func end(isCommitted: Bool) -> TransactionHooks {
        phase = .ended
        self.isCommitted = isCommitted
        joined = []
        savepoints = []
        defer { hooks = TransactionHooks() }
        return hooks
    }

    /// What is to be done next for a savepoint.
    enum SavepointStep {
        /// This participant must be asked; it may have joined while others were.
        case ask(any Participant)
        /// All were asked, and this is its number.
        case made(Int)
    }

    /// Makes a savepoint once all participants were asked.
    mutating func addSavepoint(asked: Set<String>) throws(TransactionError) -> SavepointStep {
        try checkOpen()
        if let next = joined.first(where: { !asked.contains($0.participant.name) }) { return .ask(next.participant) }
        savepointsMade += 1
        savepoints.append(savepointsMade)
        return .made(savepointsMade)
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
