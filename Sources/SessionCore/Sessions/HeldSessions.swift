/// The sessions that a transaction holds of one store, and what is staged in them.
///
/// A value: decides what is to be loaded and what may be done, and never waits.
struct HeldSessions: Sendable {
    var work = UnitOfWork()
    private var held: [HeldSession] = []
    /// What handles answer once the transaction has ended; nil while it lasts.
    var ended: [EndedSession]?
    private var numbers: [SessionName: Int] = [:]
    /// Counts savepoints, stores and timeouts, to tell which came first.
    private var sequence = 0
    /// When a record last got a base that no rollback may take away: it was stored by itself, or timed out.
    private var settled: [RecordID: Int] = [:]
    /// Counts what happened to each record's content, so that an update made over an older state is seen.
    private var changes: [RecordID: Int] = [:]
    /// The same for rollbacks, which are about all records.
    private var restores = 0

    /// How many sessions there are.
    var count: Int { held.count }

    /// The session of a number that `hold` gave.
    subscript(number: Int) -> HeldSession { held[number] }

    /// The sessions of a container, in the order they were first looked up.
    func sessions(of container: SessionContainer) -> [Int] {
        held.indices.filter {
            held[$0].container.name == container.name && held[$0].container.profile.name == container.profile.name
        }
    }

    /// The records that must be loaded before sessions can be looked up, those of sessions held here that timed out among
    /// them.
    mutating func missingRecords(
        _ ids: [String], in container: SessionContainer, packages: [String], at now: Timestamp
    ) throws(SessionError) -> [RecordID] {
        var missing: [RecordID] = []
        var asked: Set<RecordID> = []
        for id in ids {
            var parts = try parts(of: id, in: container, packages: packages).filter { work.records[$0.record] == nil }
            if let number = numbers[name(of: id, in: container)] {
                held[number].container = container
                for part in held[number].parts {
                    work.setContainerLifetime(container.timing.lifetime, of: part.record)
                }
                if isTimedOut(number, at: now) { parts += held[number].parts }
            }
            missing += parts.map(\.record).filter { asked.insert($0).inserted }
        }
        return missing
    }

    private func name(of id: String, in container: SessionContainer) -> SessionName {
        SessionName(profile: container.profile.name, container: container.name, id: id)
    }

    private func parts(
        of id: String, in container: SessionContainer, packages: [String]
    ) throws(SessionError) -> [HeldSession.Part] {
        var parts: [HeldSession.Part] = []
        for package in container.granularity == .session ? [nil] : packages.map(Optional.some) {
            let key = try container.key(of: id, package: package)
            parts.append(HeldSession.Part(package: package, record: RecordID(store: container.store.name, key: key)))
        }
        return parts
    }

    /// Whether a session was not used for its container's timeout.
    func isTimedOut(_ number: Int, at now: Timestamp) -> Bool {
        held[number].container.timing.isTimedOut(lastAccess: held[number].lastAccess, at: now)
    }

    /// Takes sessions that timed out anew, with what the store answered; edits are dropped, savepoints return to the new state.
    ///
    /// At the time at which `missingRecords` was asked: what had not timed out then was not loaded.
    mutating func renew(
        _ ids: [String], in container: SessionContainer, stored: [RecordKey: StoredRecord], at now: Timestamp
    ) {
        for id in ids {
            guard let number = numbers[name(of: id, in: container)], isTimedOut(number, at: now) else { continue }
            for part in held[number].parts {
                work.forget(part.record)
                settle(part.record)
                add(part, to: number, stored: stored[part.record.key])
            }
            noteAccess(number, at: now)
            noteChange(number)
        }
    }

    /// Holds a session, with what the store answered for its records; returns its number.
    mutating func hold(
        _ id: String, in container: SessionContainer, packages: [String], stored: [RecordKey: StoredRecord],
        at now: Timestamp, isFresh: Bool = false, isNamed: Bool = true
    ) throws(SessionError) -> Int {
        try checkNotEnded()
        let parts = try parts(of: id, in: container, packages: packages)
        let number: Int
        if let known = numbers[name(of: id, in: container)] {
            number = known
        } else {
            number = held.count
            held.append(
                HeldSession(container: container, id: id, isNamed: isNamed, isFresh: isFresh, lastAccess: now))
            numbers[held[number].name] = number
        }
        if isNamed { held[number].isNamed = true }
        for part in parts + held[number].parts { add(part, to: number, stored: stored[part.record.key]) }
        noteAccess(number, at: now)
        return number
    }

    /// Holds the record of one stored key as it is, without the rest of its session.
    mutating func hold(
        storedKey key: RecordKey, id: String, in container: SessionContainer, stored: StoredRecord, at now: Timestamp
    ) throws(SessionError) -> Int {
        try checkNotEnded()
        let record = RecordID(store: container.store.name, key: key)
        if let known = sessions(of: container).first(where: { held[$0].parts.map(\.record) == [record] }) {
            noteAccess(known, at: now)
            return known
        }
        held.append(HeldSession(container: container, id: id, isNamed: true, isFresh: false, lastAccess: now))
        let number = held.count - 1
        if container.granularity == .session, (try? container.key(of: id, package: nil)) == key {
            numbers[held[number].name] = number
        }
        // A package's own record is shown as it is stored: flat.
        add(HeldSession.Part(package: nil, record: record), to: number, stored: stored)
        return number
    }

    /// The transaction may have ended while the store was asked.
    private func checkNotEnded() throws(SessionError) {
        if ended != nil { throw .transaction(.ended) }
    }

    /// Adds a record to a session; one that another task loaded meanwhile stays, with what is staged over it.
    private mutating func add(_ part: HeldSession.Part, to number: Int, stored: StoredRecord?) {
        if !held[number].parts.contains(part) { held[number].parts.append(part) }
        guard work.records[part.record] == nil else { return }
        work.load(held[number].container.loaded(part, stored: stored))
    }

    /// The record of a package of a session whose records need no loading, because its id is new.
    mutating func addFreshPackage(_ package: String, to number: Int) throws(SessionError) {
        guard held[number].container.granularity == .package, isUnmade(package, in: number) else { return }
        let part = try parts(of: held[number].id, in: held[number].container, packages: [package])
        for part in part { add(part, to: number, stored: nil) }
    }

    /// Says which packages may be made in a session whose id is new.
    mutating func allow(_ packages: [String], in number: Int) { held[number].allowedPackages = packages }

    mutating func noteAccess(_ number: Int, at now: Timestamp) {
        // A clock that was set back must not make a session look unused.
        held[number].lastAccess = max(held[number].lastAccess, now)
    }

    mutating func noteChange(_ number: Int) {
        for part in held[number].parts { changes[part.record, default: 0] += 1 }
    }

    mutating func setInvalidated(_ number: Int, _ isInvalidated: Bool) {
        held[number].isInvalidated = isInvalidated
    }
}

extension HeldSessions {
    /// Whether there is a session: a record of it was loaded, now or earlier, or something is staged in it.
    func isThere(
        _ id: String, in container: SessionContainer, packages: [String], stored: [RecordKey: StoredRecord]
    ) throws(SessionError) -> Bool {
        if try parts(of: id, in: container, packages: packages).contains(where: { stored[$0.record.key] != nil }) {
            return true
        }
        let number = numbers[name(of: id, in: container)]
        guard container.granularity == .session || !packages.isEmpty || number.map({ !held[$0].parts.isEmpty }) ?? false
        else {
            // With no record to look for, "not there" would be a guess that logs somebody out.
            throw .refused(.root, "each package has a record of its own; name the packages to look up")
        }
        return number.map { isStored($0) || holdsContent($0) } ?? false
    }

    /// Whether a session holds anything, stored or staged.
    func holdsContent(_ number: Int) -> Bool {
        held[number].parts.contains { part in
            guard let record = work.records[part.record] else { return false }
            let edit = work.edit(of: part.record)
            return !edit.isDestroyed && !record.isEmpty(edit)
        }
    }

    /// Why a record of a session cannot be read; nil if all can.
    func unreadableReason(_ number: Int) -> String? {
        held[number].parts.lazy.compactMap { part in
            work.records[part.record].flatMap { $0.format is OpaqueFormat ? $0.readOnlyReason : nil }
        }.first
    }

    /// Whether any record of a session is in the store, as far as loaded.
    func isStored(_ number: Int) -> Bool {
        held[number].parts.contains { work.records[$0.record]?.stored != nil }
    }

    /// The id, if the session has one yet.
    func visibleID(_ number: Int) -> String? {
        held[number].isNamed || isStored(number) || holdsContent(number) ? held[number].id : nil
    }

    /// Whether a commit would write anything of a session.
    func isDirty(_ number: Int) -> Bool {
        held[number].parts.contains { part in
            guard let record = work.records[part.record], work.isDirty(part.record) else { return false }
            let edit = work.edit(of: part.record)
            return record.stored != nil || !(record.deletesWhenEmpty && record.isEmpty(edit))
        }
    }

    /// Whether anything was ever staged for a session in this transaction.
    func wasChanged(_ number: Int) -> Bool {
        held[number].parts.contains { work.everChanged.contains($0.record) }
    }
}

extension HeldSessions {
    /// A moment that can be returned to.
    struct Mark: Sendable {
        fileprivate var staged: StagedChanges
        fileprivate var invalidated: Set<Int>
        fileprivate var sequence: Int
    }

    mutating func mark() -> Mark {
        sequence += 1
        let invalidated = held.indices.filter { held[$0].isInvalidated }
        return Mark(staged: work.staged, invalidated: Set(invalidated), sequence: sequence)
    }

    /// Returns to a moment; what was stored by itself since then, or timed out, keeps its newer base.
    mutating func restore(_ mark: Mark) {
        var staged = mark.staged
        for (record, moment) in settled where moment > mark.sequence { staged.forget(record) }
        work.restage(staged)
        for number in held.indices {
            held[number].isInvalidated = mark.invalidated.contains(number)
        }
        restores += 1
    }

    /// Says that a record has a base that no rollback may take away.
    mutating func settle(_ record: RecordID) {
        sequence += 1
        settled[record] = sequence
    }
}

extension HeldSessions {
    /// One session alone, for an update that is made beside the others and put back by `take`.
    func slice(_ number: Int) -> HeldSessions {
        var slice = self
        slice.work = UnitOfWork()
        for part in self[number].parts {
            if let record = work.records[part.record] { slice.work.load(record) }
            slice.work.edits[part.record] = work.edits[part.record]
        }
        return slice
    }

    /// Puts back a session that was changed beside the others; false if it changed here since, also under another name.
    mutating func take(_ slice: HeldSessions, _ number: Int) -> Bool {
        guard slice.restores == restores,
            slice[number].parts.allSatisfy({ slice.changes[$0.record] == changes[$0.record] })
        else { return false }
        for part in slice[number].parts {
            add(part, to: number, stored: nil)
            work.edits[part.record] = slice.work.edits[part.record]
        }
        work.everChanged.formUnion(slice.work.everChanged)
        noteChange(number)
        return true
    }
}
