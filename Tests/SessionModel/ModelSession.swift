internal import OrderedCollections
internal import SessionCore

/// The working copy of one record.
struct ModelCopy: Hashable, Sendable {
    /// What was loaded; nil for no record.
    var base: ModelRecord?
    /// What it holds now; nil once it is destroyed.
    var content: SessionValue? = .emptyMap
    /// Where something was set or removed as a whole since it was loaded.
    var touched: Set<ValuePath> = []
    /// Whether it was destroyed since; what it holds now is another session's content.
    var isAnew = false

    /// A copy of what was loaded.
    init(_ base: ModelRecord?) {
        self.base = base
        self.content = base?.tree ?? .emptyMap
    }

    /// The tree that is seen.
    var tree: SessionValue { content ?? .emptyMap }
    /// The tree that was loaded.
    var loaded: SessionValue { base?.tree ?? .emptyMap }
    /// Whether it is anything but a copy of what was loaded.
    var differs: Bool { content != loaded }

    /// Whether a commit would write it.
    func isDirty(in container: ModelContainer) -> Bool {
        base == nil ? !container.isNothing(tree) : differs
    }

    /// Back to what was loaded.
    mutating func revert() { self = ModelCopy(base) }

    /// To be deleted; one that the store does not have just holds nothing.
    mutating func destroy() {
        revert()
        if base != nil { (content, isAnew) = (nil, true) }
    }

    /// Takes over the order in which the core has the keys of maps.
    mutating func adopt(_ tree: SessionValue) {
        guard content != nil else { return }
        content = tree
        forgetTraces()
    }

    /// Sets the whole tree, after a change at a path.
    mutating func take(_ tree: SessionValue, touching path: ValuePath) {
        // Nothing set in a destroyed record leaves it destroyed.
        if content == nil, tree.map?.isEmpty == true { return }
        content = tree
        touched.insert(path)
        forgetTraces()
    }

    private mutating func forgetTraces() {
        if !differs { (touched, isAnew) = ([], false) }
    }
}

/// A session that the model's transaction holds.
struct ModelSession: Hashable, Sendable {
    let container: Int
    let id: String
    /// Whether it was asked for by its id.
    var isNamed: Bool
    /// Whether its id was made here: none of its records can be in the store.
    let isFresh: Bool
    var lastAccess: Timestamp
    var wasChanged = false
    /// The copies by part: the package where each has a record of its own, else empty.
    var copies: [String: ModelCopy] = [:]

    /// Whether any of its records was loaded from the store.
    var isStored: Bool { copies.values.contains { $0.base != nil } }

    func holdsContent(in container: ModelContainer) -> Bool {
        copies.values.contains { !container.isNothing($0.tree) }
    }

    func isDirty(in container: ModelContainer) -> Bool {
        copies.values.contains { $0.isDirty(in: container) }
    }

    /// The id that clients are told.
    func visibleID(in container: ModelContainer) -> String? {
        isNamed || isStored || holdsContent(in: container) ? id : nil
    }
}

/// Whole copies of all sessions.
struct ModelSavepoint: Hashable, Sendable {
    var isValid = true
    var sessions: [ModelSession]

    /// The copy that a part had, if something was staged in it.
    func staged(_ session: Int, _ part: String) -> ModelCopy? {
        guard sessions.indices.contains(session), let copy = sessions[session].copies[part] else { return nil }
        return copy.differs ? copy : nil
    }
}

/// A transaction as whole copies of everything.
struct ModelTransaction: Hashable, Sendable {
    /// How it ended.
    enum End: Hashable, Sendable {
        case committed
        case aborted
    }

    var end: End?
    var sessions: [ModelSession] = []
    var savepoints: [ModelSavepoint] = []
    /// The sessions that were made in it, in order.
    var made: [Int] = []
    /// What handles answer after the end.
    var ids: [String?] = []
}
