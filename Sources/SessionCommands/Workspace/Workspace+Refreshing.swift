internal import OrderedCollections
internal import SessionCore

extension Workspace {
    mutating func refresh(now: Timestamp) throws(CommandFailure) -> Reply {
        guard !isCommitting else { throw CommandFailure(.refused, "a commit is under way") }
        let ids = sessions.values.flatMap { $0.parts.map(\.record) }
        guard !ids.isEmpty else { throw CommandFailure(.usage, "no session is open; open ID opens one") }
        return Reply(effects: [request(.load(ids), .refresh(now))])
    }

    /// Takes in fresh records: clean ones as they are, edited ones if nothing both sides changed overlaps.
    ///
    /// What is edited and gone is staged as a new record where `restages` says so, else it is to be decided.
    mutating func refreshed(
        _ records: [RecordID: StoredRecord], of ids: [RecordID]? = nil, now: Timestamp, restages: Bool = true
    ) -> Reply {
        let before = undoStep("refresh")
        var touchesEdits = false
        var lines: [String] = []
        for (session, open) in sessions {
            for part in open.parts {
                guard let base = work.records[part.record], ids?.contains(part.record) ?? true else { continue }
                let fresh = records[part.record]
                // The content decides: a server that was started again gives old numbers to other content.
                if base.stored?.payload == fresh?.payload, base.stored?.flags == fresh?.flags {
                    if fresh != nil { take(fresh, as: part.record, of: session) }
                    conflicts[part.record] = nil
                    continue
                }
                touchesEdits = touchesEdits || work.isDirty(part.record)
                lines += refresh(
                    part.record, of: session, base: base, fresh: fresh, now: now, restages: restages)
            }
        }
        if touchesEdits { remember(before) }
        return Reply(lines: lines.isEmpty ? ["nothing changed in the store"] : lines)
    }

    private mutating func refresh(
        _ id: RecordID, of session: SessionID, base: LoadedRecord, fresh: StoredRecord?, now: Timestamp,
        restages: Bool
    ) -> [String] {
        let earlier = merges.removeValue(forKey: id)
        guard work.isDirty(id) else {
            take(fresh, as: id, of: session)
            return ["read again \(session.title)"]
        }
        guard let fresh else {
            // Where nothing was stored before there is nothing to ask; a destroyed one has reached its end.
            guard !restages, base.stored != nil, !work.edit(of: id).isDestroyed else {
                return restage(id, of: session, base: base, now: now)
            }
            conflicts[id] = .gone
            merges[id] = RecordMerge(fresh: nil)
            return [
                "\(session.title) is no longer in the store; merge mine makes it anew from what you see, "
                    + "merge theirs drops your edits of it"
            ]
        }
        guard let version = version(of: fresh, as: id, of: session) else { return [] }
        switch work.rebase(onto: version) {
        case .taken:
            conflicts[id] = nil
            return ["read again \(session.title)"]
        case .overlapping(let overlaps):
            conflicts[id] = .changed(fresh.revision)
            // What was decided about this very version stays decided.
            let isSame = earlier?.fresh?.stored?.payload == fresh.payload
            merges[id] = RecordMerge(fresh: version, choices: isSame ? earlier?.choices ?? [:] : [:])
            let titles = overlaps.map { $0.path.isEmpty ? "the whole session" : $0.pointer.description }
                .joined(separator: ", ")
            return [
                "\(session.title) changed in the store at \(titles), where you have edits; "
                    + "merge shows both, merge POINTER mine|theirs|VALUE decides"
            ]
        case .merged(let changes):
            conflicts[id] = nil
            return [
                "\(session.title) changed in the store at "
                    + "\(changes.map(\.pointer.description).joined(separator: ", ")); taken in below your edits"
            ]
        }
    }
}

extension Workspace {
    /// Stages what is seen of a record that is gone as a new one, with the flags and what is left of the life it had.
    mutating func restage(
        _ id: RecordID, of session: SessionID, base: LoadedRecord, now: Timestamp
    ) -> [String] {
        guard !work.edit(of: id).isDestroyed else {
            take(nil, as: id, of: session)
            work.dropEdit(of: id)
            return ["\(session.title) is no longer in the store; there is nothing left to destroy"]
        }
        let staged = work.edit(of: id)
        let isOver = base.stored?.expiry.isPast(at: now) ?? false
        work.load(LoadedRecord(remaking: base, needsLifetime: isOver))
        conflicts[id] = nil
        var life = "; it had no end, and gets none"
        if let lifetime = staged.lifetime {
            life = ", with ttl \(Quantities.lifetime(lifetime))"
        } else if let seconds = base.stored?.expiry.secondsLeft(at: now) {
            if seconds > 0 { work.setLifetime(.seconds(seconds), of: id) }
            life =
                seconds > 0
                ? ", with what was left of its life, \(Quantities.duration(seconds: seconds))"
                : "; its life was over, so a commit needs a ttl"
        }
        return ["\(session.title) is no longer in the store; what you see is staged as a new record\(life)"]
    }
}
