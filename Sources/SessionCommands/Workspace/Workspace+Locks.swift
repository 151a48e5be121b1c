internal import OrderedCollections
public import SessionCore

/// The locks that frameworks keep beside sessions, as they are looked at.
extension Workspace {
    /// How many locks of a container are read at once.
    static let mostLocks = 1000

    /// The lock of a session; nil if its framework has none.
    ///
    /// Where only the payload tells the framework, that of the open session is asked.
    public func lock(of session: SessionID) -> SessionLock? {
        guard let whole = wholeRecord(of: session) else { return nil }
        var candidates = [catalog.named(session.container.profile), profile(of: session)].compactMap { $0 }
        if let stored = work.records[whole]?.stored, session.container.name.isEmpty {
            candidates += catalog.profiles.filter { $0.claims(payload: stored.payload, flags: stored.flags) == true }
        }
        for profile in candidates {
            // A profile that would keep the session under another key has no lock of it either.
            guard profile.key(container: session.container.name, session: session.id, package: nil) == whole.key,
                let key = profile.lockKey(container: session.container.name, session: session.id)
            else { continue }
            return SessionLock(
                session: session, id: RecordID(store: whole.store, key: key), profile: profile.name,
                record: profile.lockRecord)
        }
        return nil
    }

    /// The lock of the session in use, or the locks of the container.
    mutating func showLocks(all: Bool, now: Timestamp) throws(CommandFailure) -> Reply {
        guard !all, let session else { return try requestScan(.locks(now: now)) }
        guard let lock = lock(of: session.session) else {
            throw CommandFailure(
                .notFound,
                "sessions of the \(session.session.container.profile) profile have no locks; locks all lists those of others"
            )
        }
        if let store = stores[lock.id.store] { try checkKey(lock.id.key, store: store) }
        return Reply(effects: [request(.load([lock.id]), .sessionLock(lock, now: now))])
    }

    /// Reads the locks that a scan listed, those of the container in use if there is one.
    mutating func listLocks(of name: String, now: Timestamp) -> Reply {
        guard let index = stores[name]?.index else { return Reply() }
        var locks: [SessionLock] = []
        for (key, scanned) in index.locks.sorted(by: { $0.value.key < $1.value.key }) {
            let profile = catalog.profiles[scanned.profile]
            guard let session = session(of: key, scanned, profile: profile, store: name) else { continue }
            locks.append(
                SessionLock(
                    session: session, id: RecordID(store: name, key: scanned.key), profile: profile.name,
                    record: profile.lockRecord))
        }
        let place = currentContainer.map { " in \($0.title)" } ?? ""
        guard !locks.isEmpty else { return Reply(lines: ["no locks\(place)"]) }
        let read = Array(locks.prefix(Self.mostLocks))
        return Reply(effects: [request(.load(read.map(\.id)), .locks(read, more: locks.count - read.count, now: now))])
    }

    /// The session of a listed lock, unless another container is in use; a container of the lock's own profile has it too.
    private func session(
        of key: RecordKey, _ lock: ScannedLock, profile: any SessionProfile, store: String
    ) -> SessionID? {
        let own = SessionID(
            container: ContainerID(store: store, profile: profile.name, name: lock.owner.container),
            id: lock.owner.session)
        guard let current = currentContainer else { return own }
        if own.container == current { return own }
        guard let found = catalog.owner(of: key.bytes[...]) else { return nil }
        let container = ContainerID(
            store: store, profile: catalog.profiles[found.profile].name,
            name: Array(key.bytes[found.owner.container]))
        return container == current ? SessionID(container: container, id: Array(key.bytes[found.owner.session])) : nil
    }

    func lockLines(
        _ locks: [SessionLock], _ records: [RecordID: StoredRecord], more: Int, now: Timestamp
    ) -> [String] {
        var rows = [["lock", "session", "state", "age", "expires"]]
        for lock in locks {
            guard let stored = records[lock.id] else {
                rows.append(["\(lock.id.key)", lock.session.title, "free", "-", "gone"])
                continue
            }
            let isHeld = lock.isHeld(stored)
            rows.append([
                "\(lock.id.key)", lock.session.title, isHeld ? "held" : "free",
                isHeld ? lock.ageWords(stored, at: now).replacing("age ", with: "") : "-",
                stored.expiry == .never
                    ? "never: a crashed request leaves it for ever"
                    : lock.expiryWords(stored, at: now).replacing("expires ", with: ""),
            ])
        }
        return Columns.lines(rows) + (more > 0 ? ["and \(Quantities.count(more)) more"] : [])
    }
}

extension SessionLock {
    /// The lock on one line.
    func line(_ stored: StoredRecord?, at now: Timestamp) -> String { "lock \(id.key): \(words(stored, at: now))" }
}

/// The mark of locked sessions in a list.
extension Workspace {
    /// Whether a request held the lock of a listed session when the keys were scanned, or the lock was last looked at.
    ///
    /// Where the record stays when the lock is released, its key says nothing, so that is true only of what was looked at.
    public func isLocked(_ session: SessionID, at now: Timestamp) -> Bool {
        guard let scanned = scannedLock(of: session) else { return false }
        if let seen = seenLocks[RecordID(store: session.container.store, key: scanned.key)] {
            guard let seen, !seen.expiry.isPast(at: now) else { return false }
            return catalog.profiles[scanned.profile].lockRecord?.isHeld(seen.payload) ?? true
        }
        return !isCounted(scanned) && !scanned.expiry.isPast(at: now)
    }

    private func scannedLock(of session: SessionID) -> ScannedLock? {
        guard let locks = stores[session.container.store]?.index.locks, !locks.isEmpty,
            let record = wholeRecord(of: session)
        else { return nil }
        return locks[record.key]
    }

    private func isCounted(_ lock: ScannedLock) -> Bool { catalog.profiles[lock.profile].lockRecord?.content == .count }

    /// Reads the locks of listed sessions whose keys do not tell whether they are held, those that were not read since the scan; one
    /// round trip, none if there is nothing to ask.
    public mutating func lookAtLocks(_ rows: [KeyIndex.Row]) -> Reply {
        var asked: [RecordID] = []
        for row in rows {
            guard let scanned = scannedLock(of: row.session), isCounted(scanned) else { continue }
            let id = RecordID(store: row.session.container.store, key: scanned.key)
            if seenLocks[id] == nil { asked.append(id) }
        }
        guard !asked.isEmpty else { return Reply() }
        for id in asked { seenLocks[id] = .some(nil) }
        return Reply(effects: [request(.load(asked), .lookAtLocks)])
    }

    mutating func sawLocks(_ records: [RecordID: StoredRecord]) -> Reply {
        for (id, record) in records { seenLocks[id] = record }
        return Reply()
    }
}
