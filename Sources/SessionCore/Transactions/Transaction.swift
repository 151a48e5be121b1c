/// A unit of work over any number of participants, which commit together or not at all.
///
/// A transaction ends with `commit` or `abort`. A commit that fails before anything was written leaves it open: mend what
/// was wrong and commit again. A failure after the first write leaves it failed, and only `abort` is possible.
public actor Transaction {
    private enum State: Hashable {
        case active
        case doomed
        case committing
        case failed(TransactionError)
        case ended
    }

    private var state = State.active
    private var participants: [any Participant] = []
    private var savepoints: [TransactionSavepoint] = []

    /// A transaction that nothing has joined.
    public init() {}

    /// Adds a participant.
    ///
    /// Savepoints made before roll it back by undoing its join. One that joined already stays as it is.
    public func join(_ participant: any Participant) throws(TransactionError) {
        try checkActive()
        guard !participants.contains(where: { $0.name == participant.name }) else { return }
        participants.append(participant)
    }

    /// Makes the commit impossible; only `abort` remains.
    public func doom() throws(TransactionError) {
        try checkActive()
        state = .doomed
    }

    /// Asks every participant to write, in two phases.
    ///
    /// Returns what could not be made sure of; empty when all is well.
    ///
    /// Costs the round trips of the participants' own writes.
    @discardableResult
    public func commit() async throws(TransactionError) -> [InDoubt] {
        guard state != .doomed else { throw .doomed }
        try checkActive()
        state = .committing
        var writers: [any Participant] = []
        for participant in participants where await participant.hasWrites { writers.append(participant) }
        let oneShot = writers.filter { $0.commitOrder == .oneShot }.map(\.name).sorted()
        guard oneShot.count <= 1 else {
            state = .active
            throw .severalOneShotStores(oneShot)
        }
        let inDoubt = try await run(writers.sorted { ($0.commitOrder, $0.name) < ($1.commitOrder, $1.name) })
        end()
        return inDoubt
    }

    private func run(_ writers: [any Participant]) async throws(TransactionError) -> [InDoubt] {
        var sequence = CommitSequence(count: writers.count)
        var inDoubt: [InDoubt] = []
        while case .call(let phase, let position) = sequence.next() {
            do throws(ParticipantError) {
                switch phase {
                case .begin: try await writers[position].begin()
                case .commit: try await writers[position].commit()
                case .vote: try await writers[position].vote()
                case .finish: if let doubt = await writers[position].finish() { inDoubt.append(doubt) }
                }
            } catch {
                for position in sequence.abortedAfterFailure() { await writers[position].abort() }
                state = error.mayHaveWritten ? .failed(.participant(error)) : .active
                throw .participant(error)
            }
        }
        return inDoubt
    }

    /// Drops everything; every participant is told.
    ///
    /// Always possible until the transaction has ended.
    public func abort() async throws(TransactionError) {
        guard state != .ended else { throw .ended }
        guard state != .committing else { throw .committing }
        for participant in participants { await participant.abort() }
        end()
    }

    /// Makes a savepoint across all participants.
    ///
    /// - Parameter optimistic: Whether participants that cannot do savepoints are let pass; a rollback then fails if one
    ///   of them is there.
    /// - Returns: The savepoint.
    /// - Throws: `TransactionError` if a participant cannot make one.
    public func savepoint(optimistic: Bool = false) async throws(TransactionError) -> TransactionSavepoint {
        try checkActive()
        var parts: [String: any ParticipantSavepoint] = [:]
        for participant in participants {
            guard let able = participant as? any SavepointParticipant else {
                guard optimistic else { throw .savepointsUnsupported(participant.name) }
                continue
            }
            do throws(ParticipantError) { parts[able.name] = try await able.makeSavepoint() } catch {
                throw .participant(error)
            }
        }
        let savepoint = TransactionSavepoint(number: savepoints.count + 1, transaction: self, parts: parts)
        savepoints.append(savepoint)
        return savepoint
    }

    func rollback(to savepoint: TransactionSavepoint) async throws(TransactionError) {
        try checkActive()
        guard let index = savepoints.firstIndex(where: { $0 === savepoint }) else { throw .savepointInvalid }
        // A participant that joined after the savepoint returns to not having joined.
        let joinedSince = participants.filter { savepoint.parts[$0.name] == nil }
        for participant in joinedSince where !(participant is any SavepointParticipant) {
            throw .savepointsUnsupported(participant.name)
        }
        for participant in joinedSince { await participant.abort() }
        participants.removeAll { savepoint.parts[$0.name] == nil }
        for part in savepoint.parts.values {
            do throws(ParticipantError) { try await part.rollback() } catch {
                state = .failed(.participant(error))
                throw .participant(error)
            }
        }
        savepoints.removeSubrange((index + 1)...)
    }

    private func checkActive() throws(TransactionError) {
        switch state {
        case .active, .doomed: return
        case .committing: throw .committing
        case .failed(let cause): throw .failed(cause)
        case .ended: throw .ended
        }
    }

    private func end() {
        state = .ended
        participants = []
        savepoints = []
    }
}

/// A point of a transaction that can be rolled back to any number of times, until an earlier one is, or the transaction ends.
public final class TransactionSavepoint: Sendable {
    let number: Int
    let parts: [String: any ParticipantSavepoint]
    private let transaction: Transaction

    init(number: Int, transaction: Transaction, parts: [String: any ParticipantSavepoint]) {
        self.number = number
        self.transaction = transaction
        self.parts = parts
    }

    /// Returns every participant to this point; later savepoints end.
    public func rollback() async throws(TransactionError) {
        try await transaction.rollback(to: self)
    }
}

/// Why a transaction cannot do what it was asked.
public indirect enum TransactionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A participant said no.
    case participant(ParticipantError)
    /// A commit failed after the first write; holds the first cause.
    case failed(TransactionError)
    /// It was doomed.
    case doomed
    /// It was committed or aborted before.
    case ended
    /// A commit is under way.
    case committing
    /// A participant cannot do savepoints; holds its name.
    case savepointsUnsupported(String)
    /// An earlier savepoint was rolled back to since.
    case savepointInvalid
    /// Several stores with writes cannot take them back; holds their names.
    case severalOneShotStores([String])

    /// Whether the transaction may succeed if it is run again from its start.
    public var isRetryable: Bool {
        switch self {
        case .participant(let error): error.isRetryable
        case .failed(let cause): cause.isRetryable
        default: false
        }
    }

    /// A sentence that says what to do.
    public var description: String {
        switch self {
        case .participant(let error): error.description
        case .failed(let cause): "the transaction failed; abort it to go on. First cause: \(cause)"
        case .doomed: "the transaction is doomed and cannot be committed; abort it to go on"
        case .ended: "the transaction has ended; begin another"
        case .committing: "a commit is under way; wait for its end"
        case .savepointsUnsupported(let name): "\(name) cannot do savepoints"
        case .savepointInvalid: "the savepoint ended when an earlier one was rolled back to"
        case .severalOneShotStores(let names):
            "one commit writes to one store that cannot take writes back, and these are \(names.count): "
                + names.joined(separator: ", ")
                + "; nothing was written. Roll the sessions of one store back to base, commit, then make those edits again"
        }
    }
}
