internal import Synchronization

/// A unit of work over any number of sessions, containers, stores and other participants, which commit together or not
/// at all.
///
/// A transaction ends with `commit` or `abort`, and all handles end with it. A commit that fails before anything was
/// written leaves it open: mend what was wrong and commit again. A failure after the first write leaves it failed, and
/// only `abort` is possible. Edits, savepoints and rollback cost no round trip and wait for nothing.
///
/// It may be used from several tasks at once; what they do comes in some order.
public final class Transaction: Sendable {
    /// The time by which sessions time out and their use is noted.
    public let clock: any WallClock
    /// Gives new sessions their ids.
    public let ids: any SessionIDSource

    private let state = Mutex(TransactionState())
    let sessions: SessionTable

    /// A transaction that nothing has joined.
    /// - Parameters:
    ///   - clock: The time by which sessions time out.
    ///   - ids: Gives new sessions their ids; random UUIDs by default.
    public init(clock: any WallClock, ids: any SessionIDSource = RandomSessionIDs()) {
        self.clock = clock
        self.ids = ids
        self.sessions = SessionTable()
    }

    func withState<Result: Sendable, Failure: Error>(
        _ body: (inout TransactionState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try state.withLock { state throws(Failure) in try body(&state) }
    }

    /// Starts an end of the transaction when no rollback is under way; those take a moment, and wait for nothing.
    func afterRollbacks<Result: Sendable>(
        _ start: (inout TransactionState) throws(TransactionError) -> Result?
    ) async throws(TransactionError) -> Result {
        while true {
            if let result = try withState(start) { return result }
            await Task.yield()
        }
    }

    /// Whether work can go on in it: it has not ended or failed, and no commit is under way.
    public var isOpen: Bool { withState { (try? $0.checkOpen()) != nil } }

    /// Whether it was doomed.
    public var isDoomed: Bool { withState { $0.phase == .doomed } }

    /// What was said of it, for logs and histories, in order.
    public var notes: [String] { withState { $0.notes } }

    /// Whose work it is, for logs and histories.
    public var user: String? { withState { $0.user } }

    /// Says something of the transaction; blanks and line ends around it are left out, and nothing is kept of a blank note.
    public func note(_ text: String) throws(TransactionError) {
        let words = text.drop { $0.isWhitespace }
        let end = words.lastIndex { !$0.isWhitespace }
        try withState { state throws(TransactionError) in
            try state.checkOpen()
            if let end { state.notes.append(String(words[...end])) }
        }
    }

    /// Says whose work it is.
    public func setUser(_ name: String) throws(TransactionError) {
        try withState { state throws(TransactionError) in
            try state.checkOpen()
            state.user = name
        }
    }

    /// Adds a participant.
    ///
    /// Savepoints made before roll it back to its state now. A participant joins once: one whose name has joined already
    /// stays as it is.
    ///
    /// - Throws: A `participant` error if it cannot remember its state; `ended`, `failed`, `committing`. A doomed
    ///   transaction can be joined.
    public func join(_ participant: any Participant) throws(TransactionError) {
        var new = TransactionState.Joined(participant: participant, atJoining: nil)
        while try withState({ [new] state throws(TransactionError) in try state.join(new) }) == false {
            guard let able = participant as? any SavepointParticipant else { return }
            do throws(ParticipantError) { new.atJoining = try able.makeSavepoint() } catch { throw .participant(error) }
        }
    }

    /// Whether it is this data manager that joined under its name.
    func hasJoined(_ manager: SessionDataManager) -> Bool {
        withState { $0.joined.contains { $0.participant as? SessionDataManager === manager } }
    }

    /// Makes the commit impossible; only `abort` remains.
    ///
    /// Work may go on, to see where it leads.
    public func doom() throws(TransactionError) {
        try withState { state throws(TransactionError) in try state.doom() }
    }

    /// Makes a savepoint across all participants.
    ///
    /// No round trip.
    ///
    /// - Parameter optimistic: Whether participants that cannot do savepoints are let pass; a rollback to it is then
    ///   refused.
    /// - Returns: The savepoint.
    /// - Throws: `savepointsUnsupported`, or a `participant` error if one cannot remember its state; the transaction stays as it
    ///   was. `ended`, `failed`, `committing`.
    public func savepoint(optimistic: Bool = false) throws(TransactionError) -> TransactionSavepoint {
        var parts: [String: any ParticipantSavepoint] = [:]
        var unsupported: [String] = []
        while true {
            let asked = Set(parts.keys).union(unsupported)
            let step = try withState { state throws(TransactionError) in try state.addSavepoint(asked: asked) }
            switch step {
            case .made(let number):
                return TransactionSavepoint(number: number, transaction: self, parts: parts, unsupported: unsupported)
            case .ask(let participant):
                let name = participant.name
                guard let able = participant as? any SavepointParticipant else {
                    guard optimistic else { throw .savepointsUnsupported(name) }
                    unsupported.append(name)
                    continue
                }
                do throws(ParticipantError) { parts[name] = try able.makeSavepoint() } catch {
                    throw .participant(error)
                }
            }
        }
    }

    /// Drops everything; every participant is told, in the order of joining.
    ///
    /// Always possible until the transaction has ended. No round trip.
    ///
    /// - Throws: `ended`, `committing`.
    public func abort() async throws(TransactionError) {
        try withState { state throws(TransactionError) in
            if case .failed = state.phase { return }
            try state.checkOpen()
        }
        await callBeforeAbort()
        let participants = try await afterRollbacks { state throws(TransactionError) in try state.startAbort() }
        let wasTried = withState { $0.hasRetreated }
        for participant in participants { participant.discard() }
        sessions.end(isCommitted: false)
        let hooks = withState { $0.end(isCommitted: false) }
        if wasTried { for hook in hooks.afterCommit { await hook(false) } }
        for hook in hooks.afterAbort { await hook() }
    }
}
