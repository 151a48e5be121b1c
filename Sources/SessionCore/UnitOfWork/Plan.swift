internal import OrderedCollections

/// The writes that a commit will make: what is shown is what is done.
public struct Plan: Hashable, Sendable {
    /// One record's part.
    public struct Step: Hashable, Sendable {
        /// The record's place.
        public var id: RecordID
        /// The conditional write.
        public var write: RecordWrite
        /// The differences between what was loaded and what is written.
        public var changes: [ValueChange]

        /// A part of a plan that was made elsewhere, such as in a file.
        public init(id: RecordID, write: RecordWrite, changes: [ValueChange]) {
            self.id = id
            self.write = write
            self.changes = changes
        }

        /// Bytes of the payload that was loaded; nil if there was none.
        public var bytesBefore: Int? {
            if case .unchanged(let stored) = write.expectation { stored.payload.count } else { nil }
        }

        /// Bytes of the payload that is written; nil for a deletion.
        public var bytesAfter: Int? {
            switch write.change {
            case .put(let payload, _, _): payload.count
            case .retime: bytesBefore
            case .delete: nil
            }
        }
    }

    /// The parts, ordered by store and key.
    public var steps: [Step]
    /// Lives that are refreshed without a write, of records that were used and not changed.
    public var touches: [RecordID: Lifetime] = [:]

    /// A plan of parts that were made elsewhere; they are put in order.
    public init(steps: [Step]) {
        self.steps = steps.sorted { $0.id < $1.id }
    }

    /// Whether there is nothing to write; lives may still be refreshed.
    public var isEmpty: Bool { steps.isEmpty }

    /// The lives to refresh in one store.
    public func touches(of store: String) -> [RecordKey: Lifetime] {
        var result: [RecordKey: Lifetime] = [:]
        for (id, lifetime) in touches where id.store == store { result[id.key] = lifetime }
        return result
    }

    /// The writes for one store.
    public func writes(to store: String) -> [RecordWrite] {
        steps.filter { $0.id.store == store }.map(\.write)
    }

    /// The stores that are written to, in order.
    public var stores: [String] {
        Set(steps.map(\.id.store)).sorted()
    }

    /// The round trips that a store takes for its part: none without writes, one on a store with atomic batches and for
    /// one record whose life starts anew, else two, because revisions and lives are checked before anything is written.
    public static func roundTrips(for writes: [RecordWrite], on capabilities: StoreCapabilities) -> Int {
        guard !writes.isEmpty else { return 0 }
        if capabilities.contains(.atomicBatch) { return 1 }
        return writes.count > 1 || writes.contains(where: \.keepsExpiry) ? 2 : 1
    }
}

extension RecordWrite {
    /// Whether the write must learn the record's present life or revision first.
    public var keepsExpiry: Bool {
        switch change {
        case .put(_, _, .keep), .retime: true
        case .put(_, _, .renew), .delete: false
        }
    }
}

/// Why the staged changes of a record cannot be written.
public struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The record's place.
    public var id: RecordID
    /// What is wrong, as a sentence.
    public var problem: String

    /// A sentence with the record's key.
    public var description: String { "\(id.key): \(problem)" }
}

extension UnitOfWork {
    /// What a commit of everything staged will write.
    ///
    /// Encodes only the changed records.
    public func plan() throws(PlanError) -> Plan {
        try plan(of: edits.keys.sorted())
    }

    /// What a commit of some records will write.
    public func plan(of ids: [RecordID]) throws(PlanError) -> Plan {
        var steps: [Plan.Step] = []
        for id in ids {
            guard let edit = edits[id], let record = records[id] else { continue }
            if let step = try step(for: record, edit: edit) { steps.append(step) }
        }
        return Plan(steps: steps)
    }

    private func step(for record: LoadedRecord, edit: RecordEdit) throws(PlanError) -> Plan.Step? {
        let expectation = record.stored.map { RecordWrite.Expectation.unchanged($0) } ?? .absent
        var changes = ValueChange.changes(of: edit.tree, base: record.tree)
        if let payload = edit.payload {
            changes.append(ValueChange(path: [], before: record.tree, after: .bytes(payload)))
        }
        let change: RecordWrite.Change
        if edit.isDestroyed || (edit.tree != nil && record.deletesWhenEmpty && record.isEmpty(edit)) {
            guard record.stored != nil else { return nil }
            change = .delete
            changes = [ValueChange(path: [], before: record.tree, after: nil)]
        } else if edit.tree == nil, edit.payload == nil, let lifetime = edit.lifetime, record.template == nil {
            guard record.stored != nil else { return nil }
            change = .retime(lifetime)
        } else {
            guard !record.needsLifetime || edit.lifetime != nil else {
                throw PlanError(
                    id: record.id,
                    problem: "its life was over before this commit; give it one with ttl (never is one too)")
            }
            change = .put(
                payload: try payload(of: record, edit: edit), flags: record.stored?.flags ?? record.flagsWhenNew,
                expiry: expiry(of: record, edit: edit))
        }
        return Plan.Step(
            id: record.id, write: RecordWrite(key: record.id.key, expectation: expectation, change: change),
            changes: changes)
    }

    private func expiry(of record: LoadedRecord, edit: RecordEdit) -> RecordWrite.ExpiryChange {
        if let lifetime = edit.lifetime { return .renew(lifetime) }
        let lifetime = containerLifetimes[record.id] ?? record.lifetime
        guard let stored = record.stored else { return .renew(lifetime ?? .never) }
        guard record.expiryRule == .containerTimeout else { return .keep }
        // Where no timeout is known, a life that has an end is kept; one without end needs no look at what is left of it.
        return lifetime.map { .renew($0) } ?? (stored.expiry == .never ? .renew(.never) : .keep)
    }

    /// The bytes that a record gets.
    func payload(of record: LoadedRecord, edit: RecordEdit) throws(PlanError) -> [UInt8] {
        if let payload = edit.payload { return payload }
        do throws(FormatError) {
            guard let stored = record.stored ?? record.template else {
                return try record.format.encode(record.node(edit).value)
            }
            guard let tree = edit.tree else { return stored.payload }
            return try record.format.splice(tree, into: stored.payload, tree: record.tree)
        } catch {
            throw PlanError(id: record.id, problem: error.problem)
        }
    }
}
