public import SessionCore

/// One command of the language that keys, palette, scripts and transcripts share.
public enum Command: Hashable, Sendable {
    /// Opens a store under a name.
    case attach(address: String, name: String?)
    /// Lists the containers of the store in use.
    case containers
    /// Chooses a container, or makes one with a profile.
    case use(container: String, options: ContainerOptions)
    /// Lists sessions whose id matches a pattern with `*` and `?`.
    case sessions(glob: String?)
    /// Finds sessions of the container by the columns of a table.
    case find(ColumnQuery)
    /// Opens a session by id or stored key.
    case open(id: String, packages: [String])
    /// Opens a session by an id that is not adopted if it is not stored.
    case load(id: String, packages: [String])
    /// Opens the session of a client by the cookie that it sends: a value, `name=value`, or a whole `Cookie` field.
    case cookie(String, packages: [String])
    /// Opens the known session of a principal.
    case known(principal: String, packages: [String])
    /// Opens a record by its stored key.
    case key(String)
    /// Opens a session that has no id yet.
    case new
    /// Closes the session.
    case close
    /// Lists what is at a place.
    case list(JSONPointer)
    /// Prints the value at a place.
    case get(JSONPointer)
    /// Stages a value.
    case set(JSONPointer, SessionValue)
    /// Stages the removal of a key or element.
    case delete(JSONPointer)
    /// Gives a key another name.
    case rename(JSONPointer, String)
    /// Stages the move of the session's content to another id.
    case move(String)
    /// Stages a life for the session.
    case timeToLive(Lifetime)
    /// Stages the deletion of the session.
    case destroy
    /// Says what is dirty.
    case status
    /// Shows what is staged, against a savepoint, the base or the store.
    case diff(DiffBase)
    /// Shows what a commit would write; on demand which bytes change.
    case plan(withBytes: Bool)
    /// Makes a savepoint.
    case savepoint(name: String?)
    /// Lists the savepoints.
    case savepoints
    /// Goes back to a savepoint or the base, wholly or at one place.
    case rollback(SavepointName?, JSONPointer?)
    /// Writes what is staged.
    case commit(CommitOptions = CommitOptions())
    /// Tells of the lock of the session in use; of all in the container if none is, or if all are asked for.
    case locks(all: Bool)
    /// Tells what is known of the record that a place is in.
    case info(JSONPointer)
    /// Drops what is staged.
    case abort
    /// Drops what is staged in the session alone.
    case revert
    /// Writes what is staged in the session alone; the name is that of a store that asks for it.
    case store(confirming: String? = nil)
    /// Makes a commit impossible until the transaction is aborted.
    case doom
    /// Takes back the last step.
    case undo
    /// Does again what was taken back.
    case redo
    /// Reads the open sessions again.
    case refresh
    /// Merges what changed here and in the store, and decides a place that both sides changed.
    case merge(MergeDecision?)
    /// Shows the round trips.
    case trips
    /// Lets another client run a command on the same session.
    case writer(String)
    /// Lets time pass, in milliseconds.
    case clock(Int64)
    /// Removes the expired sessions of the container.
    case sweep
    /// Turns the look at open sessions on or off, or says how it is.
    case watch(Bool?)
    /// Lists what was staged and not committed by programs that have ended.
    case drafts
    /// Takes up a draft; the newest if it has no number.
    case recover(Int64?)
    /// Forgets a draft.
    case forget(Int64)
    /// Lists the commits, or shows one.
    case history(Int64?)
    /// Stages what takes a commit back; the newest if it has no number.
    case undoCommit(Int64?)
    /// Explains the commands, or one.
    case help(String?)
}

/// How a commit is made.
public struct CommitOptions: Hashable, Sendable {
    /// Whether what changed elsewhere in a record is taken in, and the commit tried again.
    public var merges = false
    /// The names of stores that ask for theirs.
    public var confirmations: Set<String>
    /// How often the locks of the sessions' frameworks are tried, from 1 on; nil for a commit that takes none.
    public var lockTries: Int?
    /// The file that the plan is written to, instead of the store.
    public var planFile: String?

    /// A commit that is refused where a record changed.
    public init(
        merges: Bool = false, confirming name: String? = nil, lockTries: Int? = nil, planFile: String? = nil
    ) {
        self.merges = merges
        self.confirmations = name.map { [$0] } ?? []
        self.lockTries = lockTries
        self.planFile = planFile
    }
}

/// A savepoint as people name it.
public enum SavepointName: Hashable, Sendable {
    /// What was loaded.
    case base
    /// A savepoint by its name or number.
    case named(String)
}

/// What a difference is shown against.
public enum DiffBase: Hashable, Sendable {
    /// What was loaded.
    case base
    /// A savepoint by its name or number.
    case savepoint(String)
    /// What the store holds now.
    case store
}
