extension HeldSessions {
    /// The positions of all sessions.
    var indices: Range<Int> { 0..<count }

    /// The events that a commit of a plan gives, one for each session that it wrote, and who is told.
    func events(of plan: Plan) -> [(SessionEvent, SessionEvents)] {
        var steps: [RecordID: Plan.Step] = [:]
        for step in plan.steps { steps[step.id] = step }
        var told: Set<SessionName> = []
        return indices.compactMap { number in
            let session = self[number]
            guard let observers = session.container.events else { return nil }
            let written = session.parts.compactMap { steps[$0.record] }
            // A record that was also looked up by its key is held twice, and is one session all the same.
            guard written.contains(where: \.changesContent), told.insert(session.name).inserted else { return nil }
            let remains = session.parts.contains { part in
                switch steps[part.record]?.write.change {
                case .delete: false
                case .put, .retime: true
                case nil: work.records[part.record]?.stored != nil
                }
            }
            let kind: SessionEvent.Kind =
                remains ? (isStored(number) ? .replaced : .added) : session.isInvalidated ? .invalidated : .removed
            return (SessionEvent(kind: kind, container: session.container.name, id: session.id), observers)
        }
    }

    /// Lets go of everything but what handles answer after the end: ids, and whether anything was changed.
    mutating func end(isCommitted: Bool) {
        let answers = indices.map { number in
            let exists = self[number].isNamed || (isCommitted ? remains(number) : isStored(number))
            return EndedSession(id: exists ? self[number].id : nil, wasChanged: wasChanged(number))
        }
        self = HeldSessions()
        ended = answers
    }

    /// Whether the store holds any record of a session once everything staged is written.
    private func remains(_ number: Int) -> Bool {
        self[number].parts.contains { part in
            guard let record = work.records[part.record] else { return false }
            guard work.isDirty(part.record) else { return record.stored != nil }
            let edit = work.edit(of: part.record)
            return !edit.isDestroyed && !(record.deletesWhenEmpty && record.isEmpty(edit))
        }
    }
}

/// What a handle answers after its transaction.
struct EndedSession: Hashable, Sendable {
    var id: String?
    var wasChanged: Bool
}

extension Plan.Step {
    /// Whether the write makes, changes or deletes the record, and not only its life.
    fileprivate var changesContent: Bool {
        if case .retime = write.change { false } else { true }
    }
}

extension SessionDataManager {
    /// The lives to refresh at the end of a transaction: of stored sessions that were used here and whose last refresh is older than
    /// their container's resolution; a write that keeps a record's life is no refresh, one that gives a new life is.
    func livesToRefresh(at now: Timestamp) -> [RecordKey: Lifetime] {
        let kept = Set(committedPlan?.steps.lazy.filter(\.write.keepsExpiry).map(\.id) ?? [])
        return withHeld { held in
            var lives: [RecordKey: Lifetime] = [:]
            for number in held.indices where !held.isTimedOut(number, at: now) {
                let session = held[number]
                for part in session.parts where !held.work.isDirty(part.record) || kept.contains(part.record) {
                    guard let stored = held.work.records[part.record]?.stored,
                        session.container.timing.needsRefresh(stored.expiry, at: now)
                    else { continue }
                    lives[stored.key] = session.container.timing.lifetime
                }
            }
            return lives
        }
    }
}
