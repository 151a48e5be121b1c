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
    mutating func refreshed(_ records: [RecordID: StoredRecord], now: Timestamp) -> Reply {
        let before = undoStep("refresh")
        var touchesEdits = false
        var lines: [String] = []
        for (session, open) in sessions {
            for part in open.parts {
                guard let base = work.records[part.record] else { continue }
                let fresh = records[part.record]
                // The content decides: a server that was started again gives old numbers to other content.
                if base.stored?.payload == fresh?.payload, base.stored?.flags == fresh?.flags {
                    if fresh != nil { take(fresh, as: part.record, of: session) }
                    conflicts[part.record] = nil
                    continue
                }
                touchesEdits = touchesEdits || work.isDirty(part.record)
                lines += refresh(part.record, of: session, base: base, fresh: fresh, now: now)
            }
        }
        if touchesEdits { remember(before) }
        return Reply(lines: lines.isEmpty ? ["nothing changed in the store"] : lines)
    }

    private mutating func refresh(
        _ id: RecordID, of session: SessionID, base: LoadedRecord, fresh: StoredRecord?, now: Timestamp
    ) -> [String] {
        guard work.isDirty(id) else {
            take(fresh, as: id, of: session)
            return ["read again \(session.title)"]
        }
        guard let fresh else { return restage(id, of: session, base: base, now: now) }
        guard let version = version(of: fresh, as: id, of: session) else { return [] }
        switch work.rebase(onto: version) {
        case .taken:
            conflicts[id] = nil
            return ["read again \(session.title)"]
        case .whole:
            conflicts[id] = .changed(fresh.revision)
            return ["\(session.title) changed in the store; your edits keep what was loaded as their base"]
        case .overlapping(let places):
            conflicts[id] = .changed(fresh.revision)
            let titles = places.map { place in
                place.isEmpty ? "the whole session" : JSONPointer(tokens: place.map(\.token)).description
            }.joined(separator: ", ")
            return [
                "\(session.title) changed in the store at \(titles), where you have edits; "
                    + "diff store shows it, rollback base POINTER drops yours"
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
    private mutating func restage(
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
