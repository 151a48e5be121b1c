internal import OrderedCollections
internal import SessionCore

extension Workspace {
    /// What is known of the record that a place is in; the lock of its session is read, where the framework has locks.
    mutating func info(_ pointer: JSONPointer, now: Timestamp) throws(CommandFailure) -> Reply {
        let session = try requireSession()
        guard let place = place(of: pointer, in: session), let record = work.records[place.record] else {
            throw CommandFailure(.notFound, "session \(session.session.title) is not loaded; refresh reads it")
        }
        let lines = infoLines(of: record, in: session, now: now)
        guard let lock = lock(of: session.session) else { return Reply(lines: lines) }
        do throws(CommandFailure) {
            if let store = stores[lock.id.store] { try checkKey(lock.id.key, store: store) }
        } catch {
            return Reply(lines: lines + ["lock      not known: \(error)"])
        }
        return Reply(effects: [request(.load([lock.id]), .info(lines, lock, now: now))])
    }

    private func infoLines(of record: LoadedRecord, in session: OpenSession, now: Timestamp) -> [String] {
        var lines = [
            "key       \(record.id.key)", "store     \(record.id.store)",
            "profile   \(session.session.container.profile)",
        ]
        if let stored = record.stored {
            let meaning = profile(of: session.session)?.meaning(ofFlags: stored.flags)
            lines += [
                "format    \(record.format.name)", "payload   \(Quantities.count(stored.payload.count, "byte"))",
                "flags     \(stored.flags)\(meaning.map { ": \($0)" } ?? "")",
                "life      \(Quantities.life(stored.expiry, at: now))", "revision  \(stored.revision.number)",
            ]
        } else {
            lines.append("not in the store")
        }
        if let reason = record.readOnlyReason { lines.append("read-only inside: \(reason)") }
        lines += record.dangers.map { "danger    \($0); nothing of it is done here" }
        if let facts = stores[record.id.store]?.facts {
            lines.append("server    \(facts.product)")
            if let limit = facts.recordLimit {
                lines.append("limit     \(Quantities.count(limit)) bytes of key and payload")
            }
        }
        return lines
    }
}
