internal import OrderedCollections
internal import SessionCore

extension Workspace {
    /// Opens a session that is stored, or one without an id.
    mutating func load(_ text: String, packages: [String], now: Timestamp) throws(CommandFailure) -> Reply {
        let store = try requireStore()
        guard let container = currentContainer else {
            throw CommandFailure(.usage, "no container is in use; use NAME chooses one, and open takes any id or key")
        }
        let bytes = PrintableText.bytes(of: text)
        let session = SessionID(container: container, id: bytes)
        if let open = sessions[session], !open.isUnnamed { return try self.open(session, packages: packages, now: now) }
        let profile = try requireProfile(of: container)
        // What can be no id is as unknown as any other text that a client sends.
        guard let opening = try? opening(session, packages: packages, profile: profile, store: store, now: now) else {
            return Reply(effects: [request(.makeID, .makeID(container, unknown: text))])
        }
        return Reply(effects: [request(.load(opening.parts.map(\.record)), .loadStored(opening, text))])
    }

    mutating func new() throws(CommandFailure) -> Reply {
        _ = try requireStore()
        guard let container = currentContainer else {
            throw CommandFailure(.usage, "no container is in use; use NAME chooses one")
        }
        _ = try requireProfile(of: container)
        return Reply(effects: [request(.makeID, .makeID(container, unknown: nil))])
    }

    func requireProfile(of container: ContainerID) throws(CommandFailure) -> any SessionProfile {
        guard let profile = catalog.named(container.profile) else {
            throw CommandFailure(.notFound, "no profile \(container.profile)")
        }
        return profile
    }

    /// Opens a session under an id that nobody has; no store need be asked.
    mutating func made(
        _ id: String, in container: ContainerID, unknown: String?
    ) throws(CommandFailure) -> Reply {
        let profile = try requireProfile(of: container)
        guard let store = stores[container.store] else { return Reply() }
        let session = SessionID(container: container, id: Array(id.utf8))
        var opening = try opening(session, packages: [], profile: profile, store: store, now: nil)
        opening.isUnnamed = true
        let reply = opened(opening, records: [:])
        guard reply.failure == nil else { return reply }
        let line = "a new session; it gets its id when it first holds something"
        guard let unknown else { return Reply(lines: [line]) }
        return Reply(lines: ["no session \(PrintableText.escaping(unknown)) is stored; this is \(line)"])
    }

    /// The id of an open session as it is shown; a session that got none yet is called new.
    public func title(of session: OpenSession) -> String {
        guard session.isUnnamed else { return session.session.title }
        let isThere = session.parts.contains { part in
            guard let record = work.records[part.record] else { return false }
            return record.stored != nil || !record.isEmpty(work.edit(of: part.record))
        }
        return isThere ? session.session.title : "(new)"
    }

    mutating func revert() throws(CommandFailure) -> Reply {
        let session = try requireSession()
        let changes = session.parts.reduce(0) { $0 + work.edit(of: $1.record).changeCount }
        let title = title(of: session)
        return try edit("revert \(title)") { workspace in
            for part in session.parts { workspace.work.dropEdit(of: part.record) }
        } line: { _ in
            "reverted \(title): \(Quantities.count(changes, "change")) dropped"
        }
    }

    mutating func rename(_ pointer: JSONPointer, to name: String) throws(CommandFailure) -> Reply {
        let session = try requireSession()
        guard let parent = pointer.parent else {
            throw CommandFailure(.refused, "rename takes a key; move gives the session another id")
        }
        guard let place = place(of: pointer, in: session), let root = work.node(of: place.record) else {
            throw CommandFailure(.notFound, "session \(title(of: session)) is not loaded; refresh reads it")
        }
        let goal = JSONPointer(tokens: Array(place.pointer.tokens.dropLast()) + [name])
        let shown = parent.appending(name)
        let old: ValuePath
        do throws(PointerMismatch) { old = try root.path(to: place.pointer) } catch {
            throw CommandFailure(.notFound, error.description)
        }
        guard case .key = old.last, let value = root.node(at: old)?.value else {
            throw CommandFailure(.refused, "\(pointer) is no key of a map, so it has no name")
        }
        let new: ValuePath
        do throws(PointerMismatch) { new = try root.settablePath(to: goal) } catch {
            throw CommandFailure(.notFound, error.description)
        }
        guard root.node(at: new) == nil else { throw CommandFailure(.refused, "\(shown) is there already") }
        for (value, path) in [(value, new), (nil, old)] as [(SessionValue?, ValuePath)] {
            if let reason = work.refusal(of: value, at: path, of: place.record) {
                throw CommandFailure(.refused, "\(pointer): \(reason)")
            }
        }
        return try edit("rename \(pointer) \(name)") { workspace in
            workspace.work.set(nil, at: old, of: place.record)
            workspace.work.set(value, at: new, of: place.record)
        } line: { _ in
            "renamed \(pointer) to \(shown)"
        }
    }
}

extension Workspace {
    /// Looks up the session that the content is to go to.
    mutating func move(to text: String, now: Timestamp) throws(CommandFailure) -> Reply {
        try requireOpenTransaction()
        let session = try requireSession()
        let target = SessionID(container: session.session.container, id: PrintableText.bytes(of: text))
        guard target != session.session else { throw CommandFailure(.refused, "the session has that id") }
        guard let store = stores[target.container.store] else { return Reply() }
        let profile = try requireProfile(of: target.container)
        let opening = try opening(
            target, packages: session.parts.compactMap(\.package), profile: profile, store: store, now: now)
        return Reply(effects: [request(.load(opening.parts.map(\.record)), .move(from: session.session, opening))])
    }

    /// Stages the content of one session in another, and the end of the first.
    mutating func moved(
        from source: SessionID, _ opening: OpenSession, _ records: [RecordID: StoredRecord]
    ) throws(CommandFailure) -> Reply {
        guard let from = sessions[source] else { throw CommandFailure(.notFound, "\(source.title) is not open") }
        try requireOpenTransaction()
        let step = undoStep("move \(source.title) \(opening.session.title)")
        _ = opened(opening, records: records)
        var moved = work
        for part in from.parts {
            guard let goal = opening.parts.first(where: { $0.package == part.package }),
                case .map(let map) = moved.node(of: part.record)?.value
            else {
                throw CommandFailure(.refused, "\(source.title) is no map of keys, so it can only be copied as a whole")
            }
            for (key, value) in map {
                if let reason = moved.refusal(of: value, at: [.key(key)], of: goal.record) {
                    throw CommandFailure(.refused, "\(key.keyText ?? key.taggedToken): \(reason)")
                }
                moved.set(value, at: [.key(key)], of: goal.record)
            }
            moved.destroy(part.record)
        }
        work = moved
        remember(step)
        return Reply(lines: ["moved \(source.title) to \(opening.session.title): staged, with the end of the first"])
    }
}
