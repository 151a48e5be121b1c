extension Transaction {
    /// Looks up a session; an unknown id gives an empty one, which is written once it holds something.
    ///
    /// One round trip, none if the session is held already. A session held here that was not used for the container's timeout is
    /// dropped with what is staged in it and looked up anew.
    ///
    /// - Parameters:
    ///   - id: The session's id.
    ///   - container: Where it is.
    ///   - packages: The packages to load, where each has a record of its own; else they are all there anyway.
    /// - Returns: The session; the same for the same id.
    /// - Throws: `store` if the store cannot be asked, which is never taken for an empty session; `badID` if no session
    ///   can have the id; `transaction`.
    public func open(
        _ id: String, in container: SessionContainer, packages: [String] = []
    ) async throws(SessionError) -> Session {
        let sessions = try await open([id], in: container, packages: packages)
        return sessions[0]
    }

    /// Looks up several sessions at once; see `open(_:in:packages:)`.
    ///
    /// One round trip for all of them.
    public func open(
        _ ids: [String], in container: SessionContainer, packages: [String] = []
    ) async throws(SessionError) -> [Session] {
        let (manager, stored) = try await load(ids, in: container, packages: packages)
        let now = clock.now()
        return try manager.withHeld { held throws(SessionError) in
            var numbers: [Int] = []
            for id in ids {
                numbers.append(try held.hold(id, in: container, packages: packages, stored: stored, at: now))
            }
            return numbers
        }.map { Session(transaction: self, manager: manager, number: $0) }
    }

    /// Looks up a session, and makes a new one only if asked to.
    ///
    /// - Parameters:
    ///   - id: The session's id; nil if the client has none.
    ///   - container: Where it is.
    ///   - packages: As in `open(_:in:packages:)`.
    ///   - create: Whether an id that is nil or unknown gives an empty session; without it the answer is nil then, and neither
    ///     an id nor data is made.
    /// - Returns: The session. With `create`, an unknown id is kept, and no id gives one when the session first holds something.
    /// - Throws: As `open(_:in:packages:)`.
    public func open(
        _ id: String?, in container: SessionContainer, packages: [String] = [], create: Bool
    ) async throws(SessionError) -> Session? {
        guard let id else { return create ? try self.create(in: container) : nil }
        if create { return try await open(id, in: container, packages: packages) }
        return try await find(id, in: container, packages: packages)
    }

    /// Looks up a session by an id that a client sent: an id that is not stored is not adopted, so nobody can choose one.
    ///
    /// One round trip.
    ///
    /// - Returns: The stored session, else a new one that gets another id when it first holds something.
    public func load(
        _ id: String, in container: SessionContainer, packages: [String] = []
    ) async throws(SessionError) -> Session {
        do throws(SessionError) {
            if let session = try await find(id, in: container, packages: packages) { return session }
        } catch {
            // What can be no id is as unknown as any other text that a client sends.
            switch error {
            case .badID: break
            case .store(let problem) where problem.code == .badKey: break
            default: throw error
            }
        }
        return try create(in: container)
    }

    /// Makes a session, which gets its id when it first holds something.
    ///
    /// No round trip.
    ///
    /// - Parameters:
    ///   - container: Where it will be.
    ///   - packages: The packages that it may get, where each has a record of its own; nil for any. Whoever opens it later has to name
    ///     them, so one that nobody names would be lost.
    /// - Returns: An empty session.
    /// - Throws: `transaction` if it has ended.
    public func create(
        in container: SessionContainer, packages: [String]? = nil
    ) throws(SessionError) -> Session {
        let manager = try sessions.manager(of: container.store, in: self)
        try checkSessionsAllowed()
        let id = ids.makeID()
        let now = clock.now()
        let number = try manager.withHeld { held throws(SessionError) in
            let number = try held.hold(
                id, in: container, packages: [], stored: [:], at: now, isFresh: true, isNamed: false)
            if let packages { held.allow(packages, in: number) }
            return number
        }
        return Session(transaction: self, manager: manager, number: number)
    }

    /// Looks up the record of a stored key, as it is stored: where a record holds one package, its keys are those of
    /// the session.
    ///
    /// One round trip.
    ///
    /// - Returns: The session; nil if no record has that key.
    /// - Throws: `badID` if the key is none of the container.
    public func open(
        storedKey key: RecordKey, in container: SessionContainer
    ) async throws(SessionError) -> Session? {
        guard case .session(let owner) = container.profile.classify(key.bytes[...]),
            container.profile.hashesKeys || container.keys.session(of: key) != nil
        else {
            throw .badID(
                key.description,
                "it is no key of a session in \(container.name) by the \(container.profile.name) profile")
        }
        let manager = try sessions.manager(of: container.store, in: self)
        try checkSessionsAllowed()
        let records: [RecordKey: StoredRecord]
        do throws(StoreError) { records = try await container.store.load([key]) } catch { throw .store(error) }
        guard let stored = records[key] else { return nil }
        let id = String(decoding: key.bytes[owner.session], as: UTF8.self)
        let now = clock.now()
        let number = try manager.withHeld { held throws(SessionError) in
            try held.hold(storedKey: key, id: id, in: container, stored: stored, at: now)
        }
        return Session(transaction: self, manager: manager, number: number)
    }

    /// Ends a session by its id, such as another user's; see `Session.invalidate`.
    ///
    /// One round trip.
    ///
    /// - Returns: Whether it was stored.
    @discardableResult
    public func invalidate(
        _ id: String, in container: SessionContainer, packages: [String] = []
    ) async throws(SessionError) -> Bool {
        guard let session = try await find(id, in: container, packages: packages) else { return false }
        let wasStored = !session.isNew
        try session.invalidate()
        return wasStored
    }

    /// The sessions of a container that this transaction holds, in the order they were first looked up.
    ///
    /// No round trip.
    public func sessions(in container: SessionContainer) -> [Session] {
        guard let manager = sessions.all.first(where: { $0.name == container.store.name }) else { return [] }
        return manager.withHeld { $0.sessions(of: container) }.map {
            Session(transaction: self, manager: manager, number: $0)
        }
    }
}

extension Transaction {
    /// A session that is stored, or holds something staged here; nil else, and then nothing is held.
    private func find(
        _ id: String, in container: SessionContainer, packages: [String]
    ) async throws(SessionError) -> Session? {
        let (manager, stored) = try await load([id], in: container, packages: packages)
        let now = clock.now()
        let number: Int? = try manager.withHeld { held throws(SessionError) in
            guard try held.isThere(id, in: container, packages: packages, stored: stored) else { return nil }
            return try held.hold(id, in: container, packages: packages, stored: stored, at: now)
        }
        return number.map { Session(transaction: self, manager: manager, number: $0) }
    }

    private func load(
        _ ids: [String], in container: SessionContainer, packages: [String]
    ) async throws(SessionError) -> (SessionDataManager, [RecordKey: StoredRecord]) {
        let manager = try sessions.manager(of: container.store, in: self)
        try checkSessionsAllowed()
        let now = clock.now()
        let missing = try manager.withHeld { held throws(SessionError) in
            try held.missingRecords(ids, in: container, packages: packages, at: now)
        }
        guard !missing.isEmpty else { return (manager, [:]) }
        let stored: [RecordKey: StoredRecord]
        do throws(StoreError) { stored = try await container.store.load(missing.map(\.key)) } catch {
            throw .store(error)
        }
        manager.withHeld { $0.renew(ids, in: container, stored: stored, at: now) }
        return (manager, stored)
    }

    private func checkSessionsAllowed() throws(SessionError) {
        do throws(TransactionError) {
            try withState { state throws(TransactionError) in try state.checkOpen() }
        } catch {
            throw .transaction(error)
        }
    }
}
