/// What a commit does about sessions that changed in the store since they were loaded.
public enum ConflictRule: Hashable, Sendable {
    /// It is refused, with nothing written.
    case refuse
    /// What others changed is taken in below the edits where nothing overlaps, and the commit is tried again; it is refused where it does, with the
    /// places. Elements of lists have no names, so two changes of one list overlap. So do two equal changes: who counts 1 up to 2 twice has 3.
    case merge
}

/// A session that was changed at the same places here and in the store.
public struct SessionOverlap: Hashable, Sendable, CustomStringConvertible {
    /// The record.
    public var record: RecordID
    /// The places; none if the whole record is at stake: it is gone, or one side replaced or deleted it.
    public var places: [JSONPointer]

    /// The record, and the places in it.
    public var description: String {
        places.isEmpty ? "\(record.key)" : "\(record.key) at \(places.map(\.description).joined(separator: ", "))"
    }
}

extension Transaction {
    /// How often a commit that merges is tried before it is refused like any other.
    static let mergeAttempts = 5

    /// Commits, with a rule for sessions that changed in the store since they were loaded.
    ///
    /// Round trips as `commit()`, and for each merge one to load what changed and those of the next try.
    ///
    /// - Throws: As `commit()`; `overlap` if both sides changed the same places. The transaction stays open.
    @discardableResult
    public func commit(conflicts rule: ConflictRule) async throws(TransactionError) -> [InDoubt] {
        guard rule == .merge else { return try await commit() }
        for _ in 1..<Self.mergeAttempts {
            do throws(TransactionError) { return try await commit() } catch {
                guard case .participant(let failure) = error, case .conflict(let records) = failure.kind,
                    let manager = sessions.all.first(where: { $0.name == failure.participant })
                else { throw error }
                let overlaps = try await manager.merge(records.keys.sorted())
                guard overlaps.isEmpty else { throw .overlap(overlaps) }
            }
        }
        return try await commit()
    }
}

extension SessionDataManager {
    /// Loads records anew and puts them under what is staged; returns those where that cannot be done.
    fileprivate func merge(_ keys: [RecordKey]) async throws(TransactionError) -> [SessionOverlap] {
        let fresh: [RecordKey: StoredRecord]
        do throws(StoreError) { fresh = try await store.load(keys) } catch {
            throw .participant(ParticipantError(participant: name, kind: .store(error)))
        }
        return withHeld { held in
            keys.compactMap { key in held.rebase(RecordID(store: name, key: key), onto: fresh[key]) }
        }
    }
}

extension HeldSessions {
    /// Puts what the store holds of a record under what is staged for it; returns what stands against it.
    mutating func rebase(_ id: RecordID, onto stored: StoredRecord?) -> SessionOverlap? {
        guard let number = indices.first(where: { self[$0].parts.contains { $0.record == id } }),
            let part = self[number].parts.first(where: { $0.record == id })
        else { return nil }
        guard let stored else { return SessionOverlap(record: id, places: []) }
        noteChange(number)
        switch work.rebase(onto: self[number].container.loaded(part, stored: stored), agreeing: false) {
        case .taken, .merged: return nil
        case .overlapping(let conflicts):
            return SessionOverlap(record: id, places: conflicts.filter { !$0.path.isEmpty }.map(\.pointer))
        }
    }
}
