/// When a participant's turn comes in a commit.
public enum CommitOrder: Int, Hashable, Sendable, Comparable {
    /// It can take back what it did until `finish`; it goes first.
    case undoable
    /// What it writes stands at once, so it goes last, when every other participant has voted.
    case oneShot

    /// Orders undoable before one-shot.
    public static func < (left: CommitOrder, right: CommitOrder) -> Bool { left.rawValue < right.rawValue }
}

/// What joins a transaction and takes part in its commit.
///
/// The calls of a commit come in the order begin, commit, vote, finish; every participant is through one phase before any
/// enters the next. A participant writes only between `begin` and `finish` or `abort`. Participants go in `commitOrder`,
/// those of one order by `name`, so that two transactions over the same stores never wait for each other crosswise.
/// A commit that was aborted may be tried again; a transaction that was aborted ends with `discard`.
public protocol Participant: Sendable {
    /// What messages call it; unique in a transaction.
    var name: String { get }

    /// When its turn comes.
    var commitOrder: CommitOrder { get }

    /// Whether it has anything to write. One without writes takes no part in a commit.
    var hasWrites: Bool { get async }

    /// A commit starts. May fail; nothing is written yet.
    func begin() async throws(ParticipantError)

    /// Does what can be undone. May fail.
    func commit() async throws(ParticipantError)

    /// The last chance to say no. Everything that can fail fails here at the latest; a one-shot participant writes here.
    func vote() async throws(ParticipantError)

    /// Makes the commit final. What still goes wrong is returned as in doubt, with its cause; the commit can then only be
    /// refused if it is known that nothing was written, here and by every other participant.
    func finish() async -> InDoubt?

    /// This commit will not happen: takes back what was written, and keeps what is staged, so that `begin` may follow
    /// again. Called for every participant that began, also for the one that failed; may be called twice.
    func abort() async

    /// The transaction ends without a commit: drops what is staged, which is a matter of memory. Called in the order of
    /// joining, after `abort` if a commit was tried; the last call that a participant gets.
    func discard()

    /// Whether the work may succeed if it is done again, for an error that the participant knows better than its caller.
    /// Asked before the transaction is aborted; the default knows none.
    func shouldRetry(_ error: any Error) -> Bool
}

extension Participant {
    /// No error is known to pass.
    public func shouldRetry(_ error: any Error) -> Bool { false }
}

/// A participant that can return to a point inside the transaction.
///
/// One without this has no savepoints, and a transaction that it is part of refuses to make one unless asked to be
/// optimistic. Participants write only in a commit, so a savepoint is a matter of memory: nothing here waits.
public protocol SavepointParticipant: Participant {
    /// Remembers the present state; also called when the participant joins, for savepoints that are older.
    func makeSavepoint() throws(ParticipantError) -> any ParticipantSavepoint
}

/// A participant's own part of a savepoint.
public protocol ParticipantSavepoint: Sendable {
    /// Returns to the remembered state; works any number of times. A failure leaves the transaction failed.
    func rollback() throws(ParticipantError)
}

/// What a participant could not make sure of when the commit was already decided.
public struct InDoubt: Hashable, Sendable {
    /// The participant's name.
    public var participant: String
    /// What went wrong, as a sentence.
    public var cause: String
    /// Set where the participant knows that nothing of its part was written: why, as a failure before the end would have told it.
    public var refusal: ParticipantError?
    /// Whether only the lives of records are in doubt, and everything that was to be written is.
    public var concernsLivesOnly: Bool

    /// An outcome nobody can vouch for.
    ///
    /// - Parameters:
    ///   - participant: The participant's name.
    ///   - cause: What went wrong, as a sentence.
    ///   - refusal: Why nothing of the participant's part was written, if that is known.
    ///   - concernsLivesOnly: Whether only the lives of records are in doubt.
    public init(
        participant: String, cause: String, refusal: ParticipantError? = nil, concernsLivesOnly: Bool = false
    ) {
        self.participant = participant
        self.cause = cause
        self.refusal = refusal
        self.concernsLivesOnly = concernsLivesOnly
    }
}

/// Why a participant cannot go on with a commit or a savepoint.
public struct ParticipantError: RetryableError, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that a transaction tells apart.
    public enum Kind: Hashable, Sendable {
        /// Records are not what was loaded; nothing was written.
        case conflict([RecordKey: RecordConflict])
        /// The store cannot be asked, or refuses; nothing was written.
        case store(StoreError)
        /// Some records may have been written; holds what became of each.
        case incomplete(CommitReport)
        /// Anything else, as a sentence; nothing was written.
        case refused(String)
    }

    /// The participant's name.
    public var participant: String
    /// What happened.
    public var kind: Kind

    /// A failure of a participant.
    public init(participant: String, kind: Kind) {
        self.participant = participant
        self.kind = kind
    }

    /// Whether the store may hold some of what was to be written.
    public var mayHaveWritten: Bool {
        if case .incomplete(let report) = kind { !report.wroteNothing } else { false }
    }

    /// Whether the transaction may succeed if it is run again from its start.
    public var isRetryable: Bool {
        switch kind {
        case .conflict: true
        case .store(let error): error.isRetryable
        case .incomplete(let report): report.wroteNothing
        case .refused: false
        }
    }

    /// A sentence with the participant's name.
    public var description: String {
        switch kind {
        case .conflict(let records):
            "\(participant): \(records.count) record\(records.count == 1 ? "" : "s") changed in the store since loaded ("
                + records.keys.sorted().map(\.description).joined(separator: ", ") + "); nothing was written"
        case .store(let error): error.description
        case .incomplete(let report):
            "\(participant): "
                + report.outcomes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.sentence)" }
                .joined(separator: ", ")
        case .refused(let sentence): "\(participant): \(sentence)"
        }
    }
}

extension RecordOutcome {
    /// What became of the record, as the end of a sentence.
    public var sentence: String {
        switch self {
        case .written(.some): "was written"
        case .written(nil): "was deleted"
        case .conflict(.changed): "was changed by someone else and not written"
        case .conflict(.gone): "is gone from the store and was not written"
        case .conflict(.appeared): "was made by someone else and not written"
        case .untouched: "was not written"
        case .putBack: "was written and put back"
        case .overtaken: "was written, then changed by someone else before it could be put back"
        case .unknown(let reason): "may or may not be written (\(reason))"
        }
    }
}
