internal import GRDB
public import SessionCore

extension SQLiteStore: UndoableStore, CountingStore {
    /// Writes a batch wholly or not at all, unless a container would hold too many sessions.
    public func commit(
        _ writes: [RecordWrite], limits: [SessionLimit]
    ) async throws(StoreError) -> CommitReport {
        guard !writes.isEmpty else {
            try refuseIfClosed()
            return CommitReport(outcomes: [:])
        }
        let batch = try await prepare(writes, limits: limits)
        guard batch.report.isComplete else { return batch.report }
        do throws(StoreError) {
            try await batch.confirm()
            try await batch.finish()
        } catch {
            await batch.rollBack()
            throw error
        }
        return batch.report
    }

    /// Checks all conditions and writes a batch in a transaction of its own connection, which begins as BEGIN IMMEDIATE.
    public func prepare(
        _ writes: [RecordWrite], limits: [SessionLimit]
    ) async throws(StoreError) -> any PreparedBatch {
        try refuseIfClosed()
        if let refusal = CommitRules.refusal(of: writes, store: name) { throw refusal }
        for write in writes {
            guard !write.key.bytes.isEmpty, let table = schema.table(of: write.key) else { throw badKey(write.key) }
            if let problem = table.refusal(of: write) { throw unsupported(write.key, problem) }
        }
        let batch = BatchWriting(
            schema: schema, writes: writes, limits: limits, now: clock.now(), store: name)
        let connection = try await writer.take()
        do throws(StoreError) {
            let (report, expired) = try await counting(.write, "commit", writes.map(\.key)) { () throws(StoreError) in
                try await connection.use(writing: true) { database in try batch.begin(in: database) }
            }
            if !report.isComplete { await writer.giveBack(connection) }
            return SQLiteBatch(report: report, of: name, on: connection) { [writer, weak self] connection, isFinal in
                await writer.giveBack(connection)
                if isFinal { await self?.remember(expired) }
            }
        } catch {
            await writer.giveBack(connection)
            throw error
        }
    }

    /// Removes the expired records of a container and returns their keys, each once.
    ///
    /// Also those that this store's own commits have removed in passing since the last sweep, of which other programs hear nothing.
    public func sweep(_ container: ContainerKeys) async throws(StoreError) -> [RecordKey] {
        try refuseIfClosed()
        let (schema, now) = (schema, clock.now())
        let removed = try await writing(.touch, "sweep", [], into: [RecordKey]()) { removed, database in
            for table in schema.tables {
                for key in try table.expired(at: now, in: database) where container.session(of: key) != nil {
                    try table.remove(key, in: database)
                    removed.append(key)
                }
            }
        }
        let told = untold.filter { container.session(of: $0) != nil }
        untold.removeAll { container.session(of: $0) != nil }
        return told + removed
    }

    /// Keeps keys of records that expired and were written over, until a sweep tells of them; the oldest are forgotten.
    private func remember(_ expired: [RecordKey]) {
        untold += expired
        if untold.count > 65_536 { untold.removeFirst(untold.count - 32_768) }
    }
}

/// Writes one batch in a transaction.
struct BatchWriting: Sendable {
    let schema: DatabaseSchema
    let writes: [RecordWrite]
    let limits: [SessionLimit]
    let now: Timestamp
    let store: String
    /// How many expired records a batch removes in passing: more than it adds, so that a file does not grow with them.
    private static let pruned = 16

    /// Begins a transaction, checks all conditions and writes; leaves the transaction open if the batch was written.
    ///
    /// Also gives the keys of expired records that were written over.
    func begin(in database: Database) throws -> (CommitReport, expired: [RecordKey]) {
        try database.beginTransaction(.immediate)
        do {
            let result = try write(in: database)
            if !result.0.isComplete { try database.rollback() }
            return result
        } catch {
            if database.isInsideTransaction { try database.rollback() }
            throw error
        }
    }

    private func write(in database: Database) throws -> (CommitReport, expired: [RecordKey]) {
        for limit in limits { try check(limit, in: database) }
        var outcomes: [RecordKey: RecordOutcome] = [:]
        var present: [RecordKey: StoredRecord] = [:]
        var expired: [RecordKey] = []
        for write in writes {
            guard let table = schema.table(of: write.key) else { continue }
            if let record = try table.record(write.key, in: database) {
                if record.expiry.isPast(at: now) { expired.append(write.key) } else { present[write.key] = record }
            }
            if let conflict = conflict(of: write, with: present[write.key], in: table) {
                outcomes[write.key] = .conflict(conflict)
            }
        }
        guard outcomes.isEmpty else {
            for write in writes where outcomes[write.key] == nil { outcomes[write.key] = .untouched }
            return (CommitReport(outcomes: outcomes), [])
        }
        for write in writes {
            guard let table = schema.table(of: write.key) else { continue }
            try table.perform(write, over: present[write.key], at: now, in: database)
            outcomes[write.key] = .written(try table.record(write.key, in: database))
        }
        for table in schema.tables { expired += try table.prune(Self.pruned, at: now, in: database) }
        return (CommitReport(outcomes: outcomes), expired)
    }

    private func conflict(
        of write: RecordWrite, with present: StoredRecord?, in table: any RecordTable
    ) -> RecordConflict? {
        switch write.expectation {
        case .absent: return present == nil ? nil : .appeared
        case .unchanged(let base):
            guard let present else { return .gone }
            return table.isUnchanged(present, since: base) ? nil : .changed(present.revision)
        }
    }

    /// Refuses a batch after which a container would hold more sessions than it may.
    private func check(_ limit: SessionLimit, in database: Database) throws {
        var deleted: Set<RecordKey> = []
        var written: Set<ArraySlice<UInt8>> = []
        for write in writes {
            guard let session = limit.keys.session(of: write.key) else { continue }
            if case .delete = write.change { deleted.insert(write.key) } else { written.insert(session) }
        }
        guard !written.isEmpty else { return }
        var present: Set<ArraySlice<UInt8>> = []
        for table in schema.tables {
            try table.forEachLive(at: now, in: database) { key in
                guard !deleted.contains(key), let session = limit.keys.session(of: key) else { return }
                present.insert(session)
            }
        }
        guard !written.isSubset(of: present), present.union(written).count > limit.maximum else { return }
        throw StoreError(
            .limitReached, store: store,
            detail:
                "the container \(PrintableText.escaping(limit.keys.container)) holds \(present.count) sessions and may hold "
                + "\(limit.maximum); nothing was written. End sessions, or wait until some expire.")
    }
}

extension RecordTable {
    /// Calls `body` for the key of each record that has not expired.
    fileprivate func forEachLive(at now: Timestamp, in database: Database, _ body: (RecordKey) -> Void) throws {
        var last = Int64.min
        while let rows = try rows(after: last, limit: 2000, at: now, in: database) {
            last = rows.last
            for row in 0..<rows.batch.count { body(rows.batch[row].key) }
        }
    }
}
