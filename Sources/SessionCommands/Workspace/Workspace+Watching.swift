internal import OrderedCollections
internal import SessionCore

extension Workspace {
    /// The most records that are watched; more would be a load on a store for little use.
    static let watchedRecords = 500

    mutating func watch(_ isOn: Bool?) -> Reply {
        if let isOn { isWatching = isOn }
        return Reply(lines: [
            isWatching
                ? "watch is on: open sessions are looked at every second"
                : "watch is off; refresh reads the open sessions again"
        ])
    }

    /// Looks whether the open sessions changed in their stores; nothing where something else is under way or nothing is open.
    ///
    /// Whoever draws the screen calls it every second. One round trip a store, and another one when something changed.
    public mutating func poll() -> Reply {
        guard isWatching, pending.isEmpty, failedCommit == nil else { return Reply() }
        polls &+= 1
        let ids = sessions.values.flatMap(\.parts).map(\.record).filter { id in
            guard work.records[id] != nil, let store = stores[id.store] else { return false }
            // A store that is in trouble is asked too, or nobody would see when it is back; but not as often.
            return store.traffic.trouble == nil || polls.isMultiple(of: 5)
        }
        guard !ids.isEmpty else { return Reply() }
        return Reply(effects: [request(.revisions(Array(ids.prefix(Self.watchedRecords))), .watch)])
    }

    /// Loads what has another revision than it was loaded or last seen with.
    mutating func seen(_ revisions: [RecordID: Revision], of ids: [RecordID]) -> Reply {
        let moved = ids.filter { id in
            guard let base = work.records[id] else { return false }
            switch (conflicts[id], revisions[id]) {
            case (.changed(let known)?, let present?) where known == present: return false
            case (.gone?, nil): return false
            default: return base.stored?.revision != revisions[id]
            }
        }
        guard !moved.isEmpty else { return Reply() }
        return Reply(effects: [request(.load(moved), .watched(moved))])
    }

    /// Takes in what changed: a session without edits is read again, one with edits is marked and left as it is.
    mutating func watched(_ records: [RecordID: StoredRecord], of ids: [RecordID]) -> Reply {
        var lines: [String] = []
        for (session, open) in sessions {
            for part in open.parts where ids.contains(part.record) {
                guard let base = work.records[part.record] else { continue }
                let fresh = records[part.record]
                let isSame = base.stored?.payload == fresh?.payload && base.stored?.flags == fresh?.flags
                guard work.isDirty(part.record), !isSame else {
                    take(fresh, as: part.record, of: session)
                    if !isSame {
                        lines.append(
                            "\(session.title) \(fresh == nil ? "is gone from" : "changed in") the store; read again")
                    }
                    continue
                }
                conflicts[part.record] = fresh.map { .changed($0.revision) } ?? .gone
                merges[part.record] = nil
                lines.append(
                    "! \(session.title) \(fresh == nil ? "is gone from" : "changed in") the store while you have edits on it: "
                        + "merge takes that in below them, diff store compares")
            }
        }
        return Reply(lines: lines)
    }
}
