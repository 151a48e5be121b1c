public import SessionCore

/// Numbers a request so that its answer finds back.
public struct RequestID: Hashable, Sendable {
    /// The number, from 1.
    public let number: Int

    init(_ number: Int) {
        self.number = number
    }
}

/// Something only a store can do; decided by the workspace, done by a `Runner`.
public struct StoreEffect: Hashable, Sendable {
    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Open a store at an address under a name, and ask it about itself. One round trip.
        case attach(address: String, name: String)
        /// List the keys of a store.
        case scan(store: String)
        /// Read records of several stores. One round trip a store.
        case load([RecordID])
        /// Look at the revisions of records of several stores. One round trip a store.
        case revisions([RecordID])
        /// Write a plan. Round trips as the plan says.
        ///
        /// Where the terms name locks, these are taken first and given back whatever comes of it, and nothing is written where one is
        /// held: one round trip more to take each and one to release it, two more for a record that a released lock left.
        case commit(Plan, CommitTerms)
        /// Let so many milliseconds pass. No round trip.
        case pause(milliseconds: Int64)
        /// Make an id for a session. No round trip.
        case makeID
        /// Let time pass, in milliseconds. No round trip.
        case advanceClock(Int64)
        /// Remove the expired sessions of a container, in a store that may want its name. One round trip.
        case sweep(ContainerID, confirmed: Set<String>)
        /// Find sessions of a container by their columns. One round trip.
        case find(ColumnQuery, in: ContainerID)
        /// Write a file that is not there yet, for the user's eyes only. No round trip.
        case writeFile(path: String, content: [UInt8])
        /// Ask the journal. No round trip.
        case journal(JournalRequest)
        /// Let another client run a command on a session, opened with these packages, and commit.
        case write(line: String, session: SessionID?, packages: [String])
    }

    /// The request's number.
    public let request: RequestID
    /// What is to be done.
    public let action: Action

    /// An effect.
    public init(request: RequestID, action: Action) {
        self.request = request
        self.action = action
    }
}

/// What a commit has to keep to.
public struct CommitTerms: Hashable, Sendable {
    /// How many sessions containers may hold.
    public var limits: [ContainerID: Int]
    /// The sessions that the records belong to, for the journal.
    public var origins: [RecordID: JournalCommit.Origin]
    /// The names that were given for stores that want theirs.
    public var confirmed: Set<String>
    /// Whether the journal notes it: it is the user's, and not that of a writer who stands for another program.
    public var isNoted = true
    /// The locks to hold meanwhile.
    public var locks: [SessionLock]

    /// Terms.
    public init(
        limits: [ContainerID: Int] = [:], origins: [RecordID: JournalCommit.Origin] = [:], confirmed: Set<String> = [],
        locks: [SessionLock] = []
    ) {
        self.limits = limits
        self.origins = origins
        self.confirmed = confirmed
        self.locks = locks
    }
}

/// What came of an effect.
public struct StoreResult: Hashable, Sendable {
    /// What came of it.
    public enum Outcome: Hashable, Sendable {
        /// The store is open.
        case attached(AttachedStore)
        /// Some keys; more results follow.
        case scanned(ScanBatch)
        /// All keys came.
        case scanEnded
        /// The records that are there.
        case loaded([RecordID: StoredRecord])
        /// The revisions of those records that are there, and which were asked for.
        case revisions([RecordID: Revision], of: [RecordID])
        /// The plan is written; what could not be made sure of, and what each record is now.
        case committed([InDoubt], [RecordID: RecordOutcome])
        /// The plan is not written, or not wholly; what each record is, as far as known.
        case commitFailed(TransactionError, [RecordID: RecordOutcome])
        /// Someone holds a lock that the commit needs, and this is its record, if that was seen; nothing is written.
        case lockHeld(SessionLock, StoredRecord?)
        /// How the locks of a commit ended; its own outcome follows.
        case locksEnded(LockReport)
        /// The time has passed.
        case paused
        /// A new session's id.
        case madeID(String)
        /// The clock was set on; what time it is now.
        case clockAdvanced(Timestamp)
        /// The ids of the sessions that had expired.
        case swept([String])
        /// The columns of the sessions that were asked for.
        case foundRows(ColumnListing)
        /// What the other client's command printed.
        case written([String])
        /// The file is there.
        case fileWritten
        /// What the journal answers.
        case journal(JournalAnswer)
        /// It failed.
        case failed(CommandFailure)
    }

    /// The request's number.
    public var request: RequestID
    /// What came of it.
    public var outcome: Outcome
    /// What went over the wire to each store so far.
    public var traffic: [String: StoreTraffic]

    /// Whether no more results of this request follow.
    public var isLast: Bool {
        switch outcome {
        case .scanned, .locksEnded: false
        default: true
        }
    }

    /// A result.
    public init(request: RequestID, outcome: Outcome, traffic: [String: StoreTraffic]) {
        self.request = request
        self.outcome = outcome
        self.traffic = traffic
    }
}

extension StoreResult.Outcome {
    /// What became of the records of a commit.
    var outcomes: [RecordID: RecordOutcome] {
        switch self {
        case .committed(_, let outcomes), .commitFailed(_, let outcomes): outcomes
        default: [:]
        }
    }

    /// Adds something that could not be made sure of beside a commit.
    mutating func addDoubt(_ doubt: InDoubt) {
        if case .committed(let doubts, let outcomes) = self { self = .committed(doubts + [doubt], outcomes) }
    }
}

extension StoreEffect.Action {
    /// Whether it may be given up half way.
    public var isCancellable: Bool {
        switch self {
        case .attach, .scan, .load, .revisions, .find, .makeID, .pause: true
        case .commit, .write, .advanceClock, .sweep, .journal, .writeFile: false
        }
    }
}
