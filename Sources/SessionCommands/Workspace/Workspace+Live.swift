internal import OrderedCollections
internal import SessionCore

extension Command {
    /// Whether the command reads or edits the session in use, and so counts as using it.
    var uses: Bool {
        switch self {
        case .list, .get, .set, .delete, .rename, .timeToLive, .destroy, .revert: true
        default: false
        }
    }
}

extension Workspace {
    /// A request for the newest records of the session in use, if its container is live; the command is done with them.
    mutating func readAnew(for command: Command, now: Timestamp) -> Reply? {
        guard !isCommitting, let session, settings(of: session.session.container).isLive else { return nil }
        return Reply(effects: [request(.load(session.parts.map(\.record)), .readAnew(command, now))])
    }

    /// Takes in the newest records of the session in use, below what is staged; where both changed one place the base
    /// stays, and the record is marked.
    mutating func takeNewest(_ records: [RecordID: StoredRecord]) {
        guard let session else { return }
        for part in session.parts {
            guard let stored = records[part.record] else {
                if work.isDirty(part.record) {
                    if work.records[part.record]?.stored != nil { conflicts[part.record] = .gone }
                } else {
                    take(nil, as: part.record, of: session.session)
                }
                continue
            }
            guard let version = version(of: stored, as: part.record, of: session.session) else { continue }
            switch work.rebase(onto: version) {
            case .taken, .merged: conflicts[part.record] = nil
            case .overlapping:
                conflicts[part.record] = .changed(stored.revision)
                merges[part.record] = RecordMerge(fresh: version)
            }
        }
    }

    /// Sets the expiry of records whose lives were refreshed, as the store has it by our clock.
    mutating func takeRefreshed(_ lives: [RecordID: Lifetime]) {
        guard !lives.isEmpty else { return }
        for (session, open) in sessions {
            for part in open.parts where lives[part.record] != nil && !work.isDirty(part.record) {
                guard var stored = work.records[part.record]?.stored, let last = open.lastAccess,
                    let life = lives[part.record]
                else { continue }
                stored.expiry = Expiry(life, from: last)
                take(stored, as: part.record, of: session)
            }
        }
    }
}
