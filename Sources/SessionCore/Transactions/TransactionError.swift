/// Why a transaction cannot do what it was asked.
public indirect enum TransactionError: RetryableError, Hashable, Sendable, CustomStringConvertible {
    /// A participant said no.
    case participant(ParticipantError)
    /// A commit failed after the first write; holds the first cause.
    case failed(TransactionError)
    /// A commit was to merge, and both sides changed these places; nothing was written.
    case overlap([SessionOverlap])
    /// It was committed, and not everything is known to be written. It has ended.
    case inDoubt([InDoubt])
    /// A hook that runs before the commit failed; nothing was written. Holds its error as text.
    case hook(String)
    /// It was doomed.
    case doomed
    /// It was committed or aborted before.
    case ended
    /// A commit is under way.
    case committing
    /// A participant cannot do savepoints; holds its name.
    case savepointsUnsupported(String)
    /// An earlier savepoint was rolled back to since, or the savepoint is of another transaction.
    case savepointInvalid
    /// Several stores with writes cannot take them back; holds their names.
    case severalOneShotStores([String])
    /// Two stores, or a store and a participant, have this name.
    case nameTaken(String)
    /// A transaction of the same task is still open.
    case nested

    /// Whether somebody else changed the same records, and nothing was written.
    public var isConflict: Bool {
        switch self {
        case .overlap: true
        case .participant(let error): if case .conflict = error.kind { true } else { false }
        default: false
        }
    }

    /// Whether a store may hold some of what was to be written.
    public var mayHaveWritten: Bool {
        switch self {
        case .participant(let error): error.mayHaveWritten
        case .failed(let cause): cause.mayHaveWritten
        case .inDoubt: true
        default: false
        }
    }

    /// Whether the transaction may succeed if it is run again from its start.
    public var isRetryable: Bool {
        switch self {
        case .participant(let error): error.isRetryable
        case .failed(let cause): cause.isRetryable
        case .overlap: true
        default: false
        }
    }

    /// A sentence that says what to do.
    public var description: String {
        switch self {
        case .participant(let error): error.description
        case .failed(let cause): "the transaction failed; abort it to go on. First cause: \(cause)"
        case .overlap(let places):
            "changed here and in the store since loaded: \(places.map(\.description).joined(separator: ", ")); "
                + "nothing was written. Abort and do the work again, or revert these sessions"
        case .inDoubt(let doubts):
            "committed, but not everywhere: \(doubts.map { "\($0.participant): \($0.cause)" }.joined(separator: ", ")). "
                + "Look at what these hold before doing it again"
        case .hook(let problem): "a hook before the commit failed: \(problem); nothing was written"
        case .doomed: "the transaction is doomed and cannot be committed; abort it to go on"
        case .ended: "the transaction has ended; begin another"
        case .committing: "a commit is under way; wait for its end"
        case .savepointsUnsupported(let name): "\(name) cannot do savepoints"
        case .savepointInvalid: "the savepoint ended when an earlier one was rolled back to"
        case .severalOneShotStores(let names):
            "one commit writes to one store that cannot take writes back, and these are \(names.count): "
                + names.joined(separator: ", ")
                + "; nothing was written. Roll the sessions of one store back to base, commit, then make those edits again"
        case .nameTaken(let name):
            "the transaction has another store or participant called \(name); give each a name of its own"
        case .nested: "a transaction of this task is open already; work in that one, or end it first"
        }
    }
}
