internal import OrderedCollections
public import SessionCore

extension Workspace {
    /// Opens a session by its id; without a container in use, by an id or a stored key that the store is asked for.
    mutating func open(_ bytes: [UInt8], packages: [String], now: Timestamp) throws(CommandFailure) -> Reply {
        let store = try requireStore()
        guard !bytes.isEmpty else { throw CommandFailure(.usage, "a session's id is not empty") }
        guard let container = currentContainer else {
            let key = RecordKey(bytes)
            try checkKey(key, store: store)
            let id = RecordID(store: store.name, key: key)
            return Reply(
                effects: [request(.load([id]), .find(bytes, store: store.name, packages: packages, now: now))])
        }
        return try open(SessionID(container: container, id: bytes), packages: packages, now: now)
    }

    /// Opens a session of a known container; the console calls it with a row of its list.
    public mutating func open(
        _ session: SessionID, packages: [String] = [], now: Timestamp
    ) throws(CommandFailure) -> Reply {
        var packages = packages
        if let open = sessions[session] {
            if isTimedOut(open, at: now) {
                dropTimedOut(open)
                packages += open.parts.compactMap(\.package).filter { !packages.contains($0) }
            } else if packages.isEmpty {
                currentSession = session
                noteAccess(at: now)
                return Reply(lines: ["session \(title(of: open)) is open"])
            }
        }
        guard let profile = catalog.named(session.container.profile), let store = stores[session.container.store] else {
            throw CommandFailure(.notFound, "the store of \(session.title) is not attached")
        }
        let opening = try opening(session, packages: packages, profile: profile, store: store, now: now)
        return Reply(effects: [request(.load(opening.parts.map(\.record)), .open(opening))])
    }

    /// Opens sessions of known containers at once, one round trip for each store; the first becomes the one in use.
    public mutating func open(_ several: [SessionID], now: Timestamp) throws(CommandFailure) -> Reply {
        var openings: [OpenSession] = []
        for session in several where sessions[session] == nil {
            guard let profile = catalog.named(session.container.profile), let store = stores[session.container.store]
            else { throw CommandFailure(.notFound, "the store of \(session.title) is not attached") }
            openings.append(try opening(session, packages: [], profile: profile, store: store, now: now))
        }
        if let first = several.first, sessions[first] != nil { currentSession = first }
        guard !openings.isEmpty else { return Reply(lines: ["\(Quantities.count(several.count, "session")) open"]) }
        let records = openings.flatMap { $0.parts.map(\.record) }
        return Reply(effects: [request(.load(records), .openSeveral(openings))])
    }

    mutating func openedSeveral(_ openings: [OpenSession], records: [RecordID: StoredRecord]) -> Reply {
        for opening in openings { _ = opened(opening, records: records) }
        currentSession = openings.first?.session ?? currentSession
        let found = openings.count { $0.parts.contains { records[$0.record] != nil } }
        let missing = openings.count - found
        return Reply(lines: [
            "opened \(Quantities.count(openings.count, "session"))"
                + (missing == 0 ? "" : ", \(missing) of them no longer in the store")
        ])
    }

    /// A session with its records, none of them loaded yet, or why there can be none.
    func opening(
        _ session: SessionID, packages: [String], profile: any SessionProfile, store: AttachedStore, now: Timestamp?
    ) throws(CommandFailure) -> OpenSession {
        if profile.layout == .packages, session.id.contains(UInt8(ascii: ":")) {
            throw CommandFailure(.refused, "an id of the \(profile.name) profile has no colon")
        }
        let whole = profile.key(container: session.container.name, session: session.id, package: nil)
        var parts = [OpenSession.Part(package: nil, record: RecordID(store: store.name, key: whole))]
        for package in packages {
            let key = profile.key(container: session.container.name, session: session.id, package: Array(package.utf8))
            guard key != whole else {
                throw CommandFailure(.refused, "sessions of the \(profile.name) profile have no packages")
            }
            parts.append(OpenSession.Part(package: package, record: RecordID(store: store.name, key: key)))
        }
        if packages.isEmpty, profile.keepsPackagesOnly, whole.bytes != session.id {
            throw CommandFailure(
                .usage,
                "the \(profile.name) profile keeps each package of a session in a record of its own; name it, as in open "
                    + "\(session.title) PACKAGE")
        }
        for part in parts { try checkKey(part.record.key, store: store) }
        return OpenSession(session: session, layout: profile.layout, parts: parts, lastAccess: now)
    }

    func checkKey(_ key: RecordKey, store: AttachedStore) throws(CommandFailure) {
        if let limit = store.facts.keyLimit, key.bytes.count > limit {
            throw CommandFailure(
                .refused, "the key would have \(key.bytes.count) bytes, and \(store.address) takes at most \(limit)")
        }
    }

    mutating func opened(_ opening: OpenSession, records: [RecordID: StoredRecord]) -> Reply {
        for part in opening.parts where !work.isDirty(part.record) {
            take(records[part.record], as: part.record, of: opening.session)
        }
        // Parts that are open already stay, so that no edit is left without its session.
        var opening = opening
        let known = sessions[opening.session]?.parts ?? []
        opening.parts = known + opening.parts.filter { !known.contains($0) }
        opening.isUnnamed = sessions[opening.session]?.isUnnamed ?? opening.isUnnamed
        sessions[opening.session] = opening
        currentSession = opening.session
        accessed.insert(opening.session)
        let stored = opening.parts.compactMap { records[$0.record] }
        guard !stored.isEmpty else {
            return Reply(lines: [
                "session \(opening.session.title): empty, no record \(opening.parts.map(\.record.key.description).joined(separator: ", "))"
            ])
        }
        let size = stored.reduce(0) { $0 + $1.payload.count }
        let loaded = opening.parts.compactMap { work.records[$0.record] }
        var line =
            "session \(opening.session.title): \(Quantities.count(size, "byte")), "
            + "\(loaded.first { $0.stored != nil }?.format.name ?? ""), flags \(stored[0].flags)"
        if let reason = loaded.compactMap(\.readOnlyReason).first { line += "; read-only inside: \(reason)" }
        return Reply(lines: [line] + loaded.flatMap(\.dangers).map { "danger: \($0)" })
    }

    /// Takes in what the store answered for a record of a session.
    mutating func take(
        _ stored: StoredRecord?, as id: RecordID, of session: SessionID
    ) {
        guard let version = version(of: stored, as: id, of: session) else { return }
        work.load(version)
        conflicts[id] = nil
    }

    /// What the store answered for a record of a session, decoded; nil if its profile is not known.
    func version(of stored: StoredRecord?, as id: RecordID, of session: SessionID) -> LoadedRecord? {
        catalog.named(session.container.profile).map { profile in
            LoadedRecord(
                id: id, stored: stored, profile: profile, fallback: catalog.fallback,
                lifetime: settings(of: session.container).lifetime,
                package: sessions[session]?.parts.first { $0.record == id }?.package != nil)
        }
    }

    mutating func close() throws(CommandFailure) -> Reply {
        let session = try requireSession()
        guard !session.parts.contains(where: { work.isDirty($0.record) }) else {
            throw CommandFailure(.refused, "session \(title(of: session)) has edits; commit or abort first")
        }
        for part in session.parts {
            work.forget(part.record)
            conflicts[part.record] = nil
        }
        sessions[session.session] = nil
        currentSession = sessions.keys.last
        return Reply(lines: ["closed \(session.session.title)"])
    }
}
