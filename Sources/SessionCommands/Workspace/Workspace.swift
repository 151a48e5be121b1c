public import OrderedCollections
public import SessionCore

/// What a command gives at once: lines for the user, effects for the stores, or a failure.
public struct Reply: Hashable, Sendable {
    /// Lines of output.
    public var lines: [String] = []
    /// What is to be done; the rest of the output comes from `Workspace.receive`.
    public var effects: [StoreEffect] = []
    /// Why nothing was done.
    public var failure: CommandFailure?

    /// A reply.
    public init(lines: [String] = [], effects: [StoreEffect] = [], failure: CommandFailure? = nil) {
        self.lines = lines
        self.effects = effects
        self.failure = failure
    }

    static func failed(_ status: ExitStatus, _ message: String) -> Reply {
        Reply(failure: CommandFailure(status, message))
    }
}

/// The machine behind the command language: stores, containers, open sessions and one transaction over them.
///
/// A value. `run` decides and returns effects, a `Runner` does them, `receive` takes what came of them. Edits, savepoints, rollback and
/// undo are done at once and cost no round trip.
public struct Workspace: Hashable, Sendable {
    /// The profiles it reads stores through.
    public let catalog: ProfileCatalog
    /// The attached stores by name.
    public internal(set) var stores: OrderedDictionary<String, AttachedStore> = [:]
    /// The store in use.
    public internal(set) var currentStore: String?
    /// The container in use.
    public internal(set) var currentContainer: ContainerID?
    /// The sessions that are open.
    public internal(set) var sessions: OrderedDictionary<SessionID, OpenSession> = [:]
    /// The session that pointers are about.
    public internal(set) var currentSession: SessionID?
    /// What is loaded and staged.
    public internal(set) var work = UnitOfWork()
    /// Records that are known to differ from their base in the store.
    public internal(set) var conflicts: [RecordID: RecordConflict] = [:]
    /// What the stores held of records in conflict when a merge looked, and what was decided.
    var merges: [RecordID: RecordMerge] = [:]
    /// The transaction's number, from 1.
    public internal(set) var transactionNumber = 1
    /// Why nothing but abort is possible; nil while the transaction is open.
    public internal(set) var failedCommit: String?
    /// Whether the transaction was doomed, so that only abort is left.
    public internal(set) var isDoomed = false
    /// Names of stores that ask for it, given for all commits.
    public var confirmedNames: Set<String> = []
    /// How the containers are used, as `use` said.
    var settings: [ContainerID: ContainerSettings] = [:]
    /// The sessions that were used in this transaction.
    var accessed: Set<SessionID> = []
    /// Containers that were made by `use` and hold nothing yet.
    public internal(set) var madeContainers: [ContainerID] = []
    var undoSteps: [UndoStep] = []
    var redoSteps: [UndoStep] = []
    var pending: [RequestID: PendingRequest] = [:]
    /// Names of profiles that payloads told; empty for a record that was asked for and told nothing.
    var recognised: [RecordID: String] = [:]
    /// Whether open sessions are looked at from time to time.
    public internal(set) var isWatching = true
    /// How often they were.
    var polls = 0
    /// Whether the journal notes its commits.
    var notesCommits = true
    /// What a journal does for it.
    var keeping = DraftKeeping()
    /// When the last command was run.
    var moment = Timestamp(milliseconds: 0)
    /// What was last seen of locks in a list; nil for one that was gone.
    var seenLocks: [RecordID: StoredRecord?] = [:]
    /// How the locks of a commit ended whose own outcome is awaited.
    var lockReports: [RequestID: LockReport] = [:]
    private var requestCount = 0

    /// A workspace without stores.
    public init(catalog: ProfileCatalog) {
        self.catalog = catalog
    }

    /// Whether an answer of a store is awaited.
    public var isWaiting: Bool { !pending.isEmpty }

    /// Whether a commit is under way.
    public var isCommitting: Bool {
        pending.values.contains {
            switch $0 {
            case .commit, .lockPause: true
            default: false
            }
        }
    }

    /// The store in use.
    public var store: AttachedStore? { currentStore.flatMap { stores[$0] } }

    /// The attached store of an address; nil if none is.
    func store(at address: String) -> AttachedStore? { stores.values.first { $0.address == address } }

    /// The session that pointers are about.
    public var session: OpenSession? { currentSession.flatMap { sessions[$0] } }

    /// Runs one command.
    ///
    /// `now` is the time that savepoints are marked with and lives are counted from.
    public mutating func run(_ command: Command, now: Timestamp) -> Reply {
        moment = now
        var reply = answer(command, now: now)
        reply.effects += keepDraft()
        return reply
    }

    private mutating func answer(_ command: Command, now: Timestamp) -> Reply {
        do throws(CommandFailure) {
            if command.uses, let reply = readAnew(for: command, now: now) { return reply }
            let reply = try perform(command, now: now)
            if command.uses { noteAccess(at: now) }
            return reply
        } catch {
            return Reply(failure: error)
        }
    }

    mutating func perform(_ command: Command, now: Timestamp) throws(CommandFailure) -> Reply {
        switch command {
        case .attach(let address, let name): try attach(address, name: name)
        case .containers: try requestScan(.containers)
        case .use(let name, let options): try use(name, options: options)
        case .sessions(let glob): try requestScan(.sessions(glob: glob, now: now))
        case .find(let query): try find(query)
        case .open(let id, let packages): try open(PrintableText.bytes(of: id), packages: packages, now: now)
        case .load(let id, let packages): try load(id, packages: packages, now: now)
        case .cookie(let text, let packages): try open(cookie: text, packages: packages, now: now)
        case .known(let principal, let packages): try open(Array(principal.utf8), packages: packages, now: now)
        case .key(let text): try open(storedKey: text, now: now)
        case .new: try new()
        case .close: try close()
        case .list(let pointer): try list(pointer)
        case .get(let pointer): try get(pointer)
        case .set(let pointer, let value): try set(value, at: pointer)
        case .delete(let pointer): try delete(pointer)
        case .rename(let pointer, let name): try rename(pointer, to: name)
        case .move(let id): try move(to: id, now: now)
        case .timeToLive(let lifetime): try setLifetime(lifetime)
        case .destroy: try destroy()
        case .status: status(now: now)
        case .diff(let base): try diff(against: base)
        case .plan(let withBytes): try showPlan(withBytes: withBytes, now: now)
        case .savepoint(let name): try makeSavepoint(name, now: now)
        case .savepoints: listSavepoints()
        case .rollback(let target, let pointer): try rollback(to: target, pointer: pointer)
        case .commit(let options): try commit(options, now: now)
        case .locks(let all): try showLocks(all: all, now: now)
        case .info(let pointer): try info(pointer, now: now)
        case .merge(let decision): try merge(decision, now: now)
        case .abort: try abort()
        case .revert: try revert()
        case .store(let name): try store(confirming: name, now: now)
        case .doom: try doom()
        case .undo: try undo()
        case .redo: try redo()
        case .refresh: try refresh(now: now)
        case .trips: try trips()
        case .writer(let line): try write(line)
        case .clock(let step): try advanceClock(step)
        case .sweep: try sweep()
        case .watch(let isOn): watch(isOn)
        case .drafts: drafts(.list)
        case .recover(let number): drafts(.recover(number, now))
        case .forget(let number): forget(number)
        case .history(let number): history(number, now: now)
        case .undoCommit(let number): try undoCommit(number, now: now)
        case .help(let name): try help(name)
        }
    }

    /// Starts a request; its answer will find `purpose` again.
    mutating func request(_ action: StoreEffect.Action, _ purpose: PendingRequest) -> StoreEffect {
        requestCount += 1
        let id = RequestID(requestCount)
        pending[id] = purpose
        return StoreEffect(request: id, action: action)
    }

    /// The session that pointers are about, or why there is none.
    func requireSession() throws(CommandFailure) -> OpenSession {
        guard let session else { throw CommandFailure(.usage, "no session is open; open ID opens one") }
        return session
    }

    /// Refuses what must wait for the end of a commit.
    func requireNoCommit() throws(CommandFailure) {
        guard !isCommitting else { throw CommandFailure(.refused, "a commit is under way; wait for its end") }
    }

    /// Refuses what a commit under way, or one that failed half way, does not allow.
    func requireOpenTransaction() throws(CommandFailure) {
        try requireNoCommit()
        if let failedCommit { throw CommandFailure(.refused, failedCommit) }
    }

    /// The store in use, or why there is none.
    func requireStore() throws(CommandFailure) -> AttachedStore {
        guard let store else { throw CommandFailure(.usage, "no store is attached; attach STORE opens one") }
        return store
    }
}

/// What a request was made for.
enum PendingRequest: Hashable, Sendable {
    case attach
    case scan(store: String, ScanPurpose)
    case open(OpenSession)
    case openSeveral([OpenSession])
    /// A session that is opened only if it is stored, and the id as it was typed.
    case loadStored(OpenSession, String)
    /// The container of a session that gets an id, and the id that was not stored.
    case makeID(ContainerID, unknown: String?)
    case move(from: SessionID, OpenSession)
    /// A reading of a live container, which waits for the newest records.
    case readAnew(Command, Timestamp)
    case clock(Int64)
    case sweep
    case query(ContainerID)
    /// The stored key or session id that a container is looked for.
    case find([UInt8], store: String, packages: [String], now: Timestamp)
    /// Opening by a stored key and nothing else.
    case findKey(RecordID, now: Timestamp)
    case refresh(Timestamp)
    case afterAbort
    case diffStore
    case recognise
    case commit(Plan, CommitPurpose)
    case merge(MergeDecision?, Timestamp)
    /// A merge of records that kept a commit from being made; the number of commits that may still be tried.
    case mergeForCommit([RecordID], CommitPurpose)
    case writer
    /// Whether open sessions changed.
    case watch
    case watched([RecordID])
    /// A plan with so many writes goes to a file.
    case planFile(String, Int)
    /// A plan of a file, and its records by the positions of its steps.
    case apply([JournalCommit.Step], [Int: RecordID], isDryRun: Bool, Timestamp)
    /// What is staged goes to the journal.
    case draft
    case drafts(DraftPurpose)
    case forgetDraft(Int64)
    case recovered(Timestamp)
    case history
    case commitOfHistory(Int64?, HistoryPurpose, Timestamp)
    /// The records of a commit by the positions of its steps.
    case compareWithHistory(JournalCommit, [Int: RecordID], HistoryPurpose, Timestamp)
    case settled
    /// What is known of a record besides its session's lock.
    case info([String], SessionLock, now: Timestamp)
    case sessionLock(SessionLock, now: Timestamp)
    /// The locks of a list, and how many more there are.
    case locks([SessionLock], more: Int, now: Timestamp)
    /// Locks of sessions that are on the screen.
    case lookAtLocks
    /// The time before a commit's next try to take its locks.
    case lockPause(Plan, CommitPurpose)
}

/// What a commit was made for.
struct CommitPurpose: Hashable, Sendable {
    /// The round trips of commits so far.
    var tripsBefore: Int
    /// Whether it writes one session and leaves the transaction open.
    var isPartial = false
    /// Whether the plan comes from a file, and nothing of it is staged here.
    var isFromFile = false
    /// How it is made.
    var options: CommitOptions
    /// How often records that changed meanwhile may still be merged, and the commit tried again.
    var attempts = 0
    /// When it was asked for.
    var now: Timestamp
    /// In how many tries a lock was held.
    var failedTries = 0
}

/// What a scan was made for.
enum ScanPurpose: Hashable, Sendable {
    case containers
    case sessions(glob: String?, now: Timestamp)
    case use(String, ContainerOptions)
    case find([UInt8], packages: [String], now: Timestamp)
    case locks(now: Timestamp)
}

/// One step that undo takes back.
struct UndoStep: Hashable, Sendable {
    var what: String
    var work: UnitOfWork.Snapshot
    var conflicts: [RecordID: RecordConflict]
    var merges: [RecordID: RecordMerge]
    var isDoomed: Bool
    /// Records that the step put another base under, as they were loaded before.
    var loaded: [RecordID: LoadedRecord] = [:]
}
