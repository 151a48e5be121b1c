internal import OrderedCollections

/// A session in a transaction.
///
/// A handle: it holds no data, and what is read or changed through it is the transaction's one working copy. Two handles of
/// one session are equal. It stays valid across savepoints, rollback and time-outs, and answers with an error once the
/// transaction has ended; only `id`, `isDirty` and `wasChanged` still tell then how it ended. Reading and
/// editing cost no round trip.
public struct Session: Sendable {
    let transaction: Transaction
    let manager: SessionDataManager
    let number: Int

    /// The id; nil as long as a session that was not asked for by id holds nothing.
    ///
    /// After the transaction: the id under which the session is in the store, or was asked for, else nil.
    public var id: String? {
        manager.withHeld { held in
            if let ended = held.ended { return ended[number].id }
            return held.visibleID(number)
        }
    }

    /// Whether the store had nothing of the session when it was looked up.
    public var isNew: Bool { manager.withHeld { $0.ended == nil && !$0.isStored(number) } }

    /// Why what the store holds of it cannot be read, as a sentence; nil if it can.
    ///
    /// Such a session cannot be edited. It can be destroyed, and a client can be given another one.
    public var unreadableReason: String? {
        manager.withHeld { $0.ended == nil ? $0.unreadableReason(number) : nil }
    }

    /// Whether a commit would write anything of it: its content differs from what was loaded.
    public var isDirty: Bool { manager.withHeld { $0.ended == nil && $0.isDirty(number) } }

    /// Whether anything was ever changed in it in this transaction, even if it was taken back since.
    public var wasChanged: Bool {
        manager.withHeld { held in held.ended?[number].wasChanged ?? held.wasChanged(number) }
    }

    /// A package of the session; one that nobody has written to is empty.
    ///
    /// Looking it up changes nothing.
    public subscript(package: String) -> SessionPackage { SessionPackage(session: self, name: package) }

    /// The one package of a flat session, which has no name.
    public var unnamed: SessionPackage { SessionPackage(session: self, name: nil) }

    /// The names of its packages, in the order they are stored; where each has a record of its own, of those that were
    /// named on opening and hold something.
    public var packages: [String] {
        get throws(SessionError) {
            try read { held throws(SessionError) in
                let session = held[number]
                guard session.isOneRecord else {
                    return session.parts.filter { part in
                        held.work.records[part.record].map { !$0.isEmpty(held.work.edit(of: part.record)) } ?? false
                    }.compactMap(\.package)
                }
                let root = session.parts.first.flatMap { held.work.node(of: $0.record) }
                return root?.value.map?.keys.compactMap(\.keyText) ?? []
            }
        }
    }

    /// Changes the session.
    ///
    /// The closure works on a draft. When it returns, everything it did is staged, or nothing is if something in it was
    /// refused: a value that the format cannot hold, a place that cannot be edited. It runs again if the session was
    /// changed by another task meanwhile, so it must not change anything else.
    ///
    /// - Parameter body: What is done to the draft.
    /// - Returns: What the closure returned.
    /// - Throws: The closure's own error; `refused`, `place`, `packageNotLoaded`; `transaction` if it does not allow edits.
    @discardableResult
    public func update<Value>(_ body: (inout SessionDraft) throws -> Value) throws -> Value {
        while true {
            let slice = try edit { held throws(SessionError) in held.slice(number) }
            var draft = SessionDraft(slice, number: number)
            let value = try body(&draft)
            if let failure = draft.failure { throw failure }
            let changed = draft.held
            if try edit({ held throws(SessionError) in held.take(changed, number) }) { return value }
        }
    }

    /// Removes everything from the session: an emptied session of our own containers is deleted at commit, a foreign
    /// one is written empty.
    public func clear() throws(SessionError) {
        try change { draft throws(SessionError) in draft.clear() }
    }

    /// Stages the deletion of the session; what is set in it later makes it anew, in the same commit.
    ///
    /// Where each package has a record of its own, those that were named on opening.
    public func destroy() throws(SessionError) {
        try edit { held throws(SessionError) in held.destroy(number, isInvalidation: false) }
    }

    /// Ends the session, as after a logout or for another user's: like `destroy`, and told as an invalidation.
    ///
    /// Where each package has a record of its own, those that were named on opening. A transaction that has it open meanwhile
    /// gets a conflict at its commit, and starts empty when it is run again.
    public func invalidate() throws(SessionError) {
        try edit { held throws(SessionError) in held.destroy(number, isInvalidation: true) }
    }

    /// Drops what is staged in this session alone, and returns it to what was loaded; savepoints stay.
    ///
    /// A session that was never stored has no id again. `wasChanged` stays true.
    public func revert() throws(SessionError) {
        try edit { held throws(SessionError) in held.revert(number) }
    }
}

extension Session: Hashable {
    /// Whether both are the same session in the same transaction.
    public static func == (left: Session, right: Session) -> Bool {
        left.manager === right.manager && left.number == right.number
    }

    /// Feeds what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(manager))
        hasher.combine(number)
    }
}

extension Session {
    /// Reads the working copy, which counts as using the session.
    func read<Result: Sendable>(
        _ body: (HeldSessions) throws(SessionError) -> Result
    ) throws(SessionError) -> Result {
        if transaction.hasEnded { throw .transaction(.ended) }
        let now = transaction.clock.now()
        return try manager.withHeld { held throws(SessionError) in
            // The transaction may have ended since it was asked.
            guard held.ended == nil else { throw .transaction(.ended) }
            held.noteAccess(number, at: now)
            return try body(held)
        }
    }

    /// Changes the working copy, if the transaction is open.
    ///
    /// Both in one step: what is changed behind the plan of a commit would be taken and never written.
    func edit<Result: Sendable>(
        _ body: (inout HeldSessions) throws(SessionError) -> Result
    ) throws(SessionError) -> Result {
        let now = transaction.clock.now()
        return try transaction.withState { state throws(SessionError) in
            do throws(TransactionError) { try state.checkOpen() } catch { throw .transaction(error) }
            return try manager.withHeld { held throws(SessionError) in
                guard held.ended == nil else { throw .transaction(.ended) }
                held.noteAccess(number, at: now)
                return try body(&held)
            }
        }
    }

    /// An `update` whose closure fails in no way of its own.
    func change(_ body: (inout SessionDraft) throws(SessionError) -> Void) throws(SessionError) {
        do { try update { draft in try body(&draft) } } catch let error as SessionError { throw error } catch {
            throw .refused(.root, "\(error)")
        }
    }
}
