internal import OrderedCollections
internal import RandomValues
internal import SessionCore

/// Compares the core with the model after a step; the first difference is the one that is told.
struct WorldComparison {
    /// By how much the ends of lives may differ.
    let tolerance: Int64
    /// What was last decoded of each record, by revision.
    private var decoded: [RecordKey: (revision: Revision, tree: SessionValue)] = [:]
    private var versions: [String: (core: Revision, model: Int)] = [:]

    init(tolerance: Int64) {
        self.tolerance = tolerance
    }

    /// What differs in sessions, savepoints and traffic; the model takes over the order of keys.
    ///
    /// `touched` are the sessions that a step can have changed; nil for all.
    mutating func difference(_ core: CoreWorld, _ model: inout ModelWorld, in touched: [Int]?) -> String? {
        guard core.handles.count == model.transaction.sessions.count else {
            return "\(core.handles.count) sessions, not \(model.transaction.sessions.count)"
        }
        let valid = core.savepoints.map(\.isValid)
        guard valid == model.transaction.savepoints.map(\.isValid) else {
            return "valid savepoints \(valid), not \(model.transaction.savepoints.map(\.isValid))"
        }
        guard core.store.traffic == model.traffic else { return "\(core.store.traffic), not \(model.traffic)" }
        for number in touched ?? Array(core.handles.indices) {
            if let problem = difference(core.handles[number], number, core, &model) {
                let session = model.transaction.sessions[number]
                return "session \(session.id) of \(model.containers[session.container].kind): \(problem)"
            }
        }
        return nil
    }

    private func difference(
        _ handle: Session, _ number: Int, _ core: CoreWorld, _ model: inout ModelWorld
    ) -> String? {
        let session = model.transaction.sessions[number]
        let container = model.containers[session.container]
        let hasEnded = model.transaction.end != nil
        let id = hasEnded ? model.transaction.ids[number] : session.visibleID(in: container)
        guard handle.id == id else { return "its id is \(handle.id ?? "none"), not \(id ?? "none")" }
        guard handle.wasChanged == session.wasChanged else { return "wasChanged is \(handle.wasChanged)" }
        guard !hasEnded else { return handle.isDirty ? "isDirty is true after the end" : nil }
        for (part, copy) in session.copies {
            let seen: SessionValue
            do {
                seen = try core.clock.setBack { Result { try handle.tree(ofPart: part) } }.get()
            } catch {
                return "it cannot be read: \(error)"
            }
            guard seen == copy.tree || TreeModel.sameContent(seen, copy.tree) else {
                return "\(part.isEmpty ? "it" : part) holds \(seen), not \(copy.tree)"
            }
            // Rebuilding and editing put a key that comes back at different places. Equality is exact, so the order decides below.
            if seen != copy.tree { model.transaction.sessions[number].copies[part]?.adopt(seen) }
        }
        let isDirty = model.transaction.sessions[number].isDirty(in: container)
        return handle.isDirty == isDirty ? nil : "isDirty is \(!isDirty)"
    }

    /// What differs in the store.
    mutating func difference(inStoreOf core: CoreWorld, _ model: inout ModelWorld, at now: Timestamp) async -> String? {
        let expected = model.store.alive(at: now)
        let keys = core.store.keys.union(model.store.everWritten)
        let records: [RecordKey: StoredRecord]
        do throws(StoreError) { records = try await core.raw.load(keys.map { RecordKey($0) }) } catch {
            return "the store cannot be asked: \(error)"
        }
        for key in keys {
            switch (records[RecordKey(key)], expected[key]) {
            case (nil, nil): versions[key] = nil
            case (nil, _?): return "the record \(key) is not in the store"
            case (_?, nil): return "the record \(key) is in the store"
            case (let record?, let wanted?):
                if let problem = difference(record, wanted, key, &model) { return "the record \(key) \(problem)" }
            }
        }
        return nil
    }

    private mutating func difference(
        _ record: StoredRecord, _ wanted: ModelRecord, _ key: String, _ model: inout ModelWorld
    ) -> String? {
        if decoded[record.key]?.revision != record.revision {
            guard let tree = try? Notation.value(parsing: record.payload) else { return "cannot be read" }
            decoded[record.key] = (record.revision, tree)
        }
        guard let tree = decoded[record.key]?.tree, record.flags == 7 else { return "has the flags \(record.flags)" }
        guard tree == wanted.tree || TreeModel.sameContent(tree, wanted.tree) else {
            return "holds \(tree), not \(wanted.tree)"
        }
        if tree != wanted.tree { model.adopt(tree, key) }
        let before = versions[key]
        versions[key] = (record.revision, wanted.version)
        if let before, (before.core == record.revision) != (before.model == wanted.version) {
            return before.core == record.revision ? "was not written" : "was written"
        }
        switch (record.expiry, wanted.end) {
        case (.never, nil): return nil
        case (.at(let end), let wanted?) where abs(end.milliseconds(since: wanted)) <= tolerance: return nil
        default: return "ends \(record.expiry), not \(wanted.end.map { "\($0)" } ?? "never")"
        }
    }
}

extension Session {
    /// What the session holds in one record.
    fileprivate func tree(ofPart part: String) throws(SessionError) -> SessionValue {
        guard !part.isEmpty else { return try value(at: "") }
        return .map(SessionMap(uniqueKeysWithValues: try self[part].entries))
    }
}
