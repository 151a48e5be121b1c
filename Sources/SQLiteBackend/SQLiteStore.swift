internal import GRDB
public import SessionCore

/// A database file as a store: one that Tidemark made, or one in which an application keeps its sessions.
///
/// Known tables are `kvcache` of score.kvcache, and tables of sessions with columns of their own and one of JSON. A foreign file
/// keeps its schema and its journal mode; a file that is made here is in WAL mode. Reading and writing wait for other programs'
/// locks up to the timeout. Batches are atomic and can be prepared; conditions are checked in the transaction that writes.
/// A request is one round trip, though there is no wire.
public actor SQLiteStore: SessionStore {
    /// The address, as a user would write it.
    public nonisolated let name: String
    /// It can scan and count, and writes batches at once; it can find by columns where a table of sessions has some.
    public nonisolated var capabilities: StoreCapabilities {
        let hasColumns = schema.tables.contains { $0 is SessionTable }
        return hasColumns ? [.scan, .atomicBatch, .counting, .columns] : [.scan, .atomicBatch, .counting]
    }

    nonisolated let failure: DatabaseFailure
    nonisolated let schema: DatabaseSchema
    nonisolated let clock: any WallClock
    private let address: SQLiteAddress
    private let reader: SQLiteConnection
    let writer: WritingConnection
    private var counted = StoreTraffic()
    private var isClosed = false
    /// Keys of expired records that were written over, which no sweep has told of yet.
    var untold: [RecordKey] = []

    /// The longest a lock of another program is waited for, in milliseconds, unless said otherwise.
    public static let usualTimeout: Int64 = 5000
    /// How many rows a step of a scan reads; between steps the file is not locked.
    private static let scanRows = 2000

    /// Opens a database file.
    ///
    /// A file of length 0 counts as one to be made.
    /// - Parameters:
    ///   - address: the file, and what may be done with it.
    ///   - timeout: how long a lock of another program is waited for, in milliseconds.
    ///   - clock: the time by which records expire.
    /// - Returns: the store.
    /// - Throws: `missing` for a file that is not there and is not to be made, `unreadable` for a damaged one or one without
    ///   sessions, `busy` for one that is locked.
    public static func open(
        _ address: SQLiteAddress, timeout: Int64 = usualTimeout, clock: any WallClock
    ) async throws(StoreError) -> SQLiteStore {
        let name = address.description
        let failure = DatabaseFailure(store: name, timeout: timeout)
        guard address.exists || address.mode == .create else {
            throw StoreError(
                .missing, store: name,
                detail: "there is no such file. One is made with \(name)?mode=rwc.")
        }
        guard !address.exists || address.isReadable else {
            throw StoreError(
                .unreachable, store: name, detail: "the file cannot be read; see its rights and those of its folder.")
        }
        let isReadOnly = address.mode == .readOnly || address.exists && !address.isWritable
        let reader = try SQLiteConnection(address, isReadOnly: isReadOnly, failure: failure)
        do throws(StoreError) {
            let mayCreate = address.mode == .create
            let schema = try await reader.use { database in
                if mayCreate, try Self.isEmpty(database) {
                    try database.execute(sql: "PRAGMA journal_mode = WAL")
                    try database.inTransaction(.immediate) {
                        if try Self.isEmpty(database) { try OwnTable.create(in: database) }
                        return .commit
                    }
                }
                return try DatabaseSchema(reading: database, store: name)
            }
            return SQLiteStore(address: address, reader: reader, schema: schema, failure: failure, clock: clock)
        } catch {
            reader.close()
            throw error
        }
    }

    private static func isEmpty(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
    }

    private init(
        address: SQLiteAddress, reader: SQLiteConnection, schema: DatabaseSchema, failure: DatabaseFailure,
        clock: any WallClock
    ) {
        self.name = address.description
        self.address = address
        self.reader = reader
        self.schema = schema
        self.failure = failure
        self.clock = clock
        writer = WritingConnection(failure: failure) { () throws(StoreError) in
            guard address.mode != .readOnly, address.isWritable else {
                throw StoreError(
                    .readOnly, store: address.description,
                    detail: address.mode == .readOnly
                        ? "opened with mode=ro; nothing was written."
                        : "the file cannot be written; nothing was written. See its rights.")
            }
            return try SQLiteConnection(address, isReadOnly: false, failure: failure)
        }
    }

    /// Reads records; keys that are missing or expired are not in the result.
    public func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] {
        try refuseIfClosed()
        guard !keys.isEmpty else { return [:] }
        for key in keys where key.bytes.isEmpty { throw badKey(key) }
        let (schema, now) = (schema, clock.now())
        let records = try await counting(.load, "load", keys) { () throws(StoreError) in
            try await reader.use { database in
                var records: [RecordKey: StoredRecord] = [:]
                // One transaction, so that the records are of one moment.
                try database.inTransaction(.deferred) {
                    for key in keys {
                        guard let record = try schema.table(of: key)?.record(key, in: database),
                            !record.expiry.isPast(at: now)
                        else { continue }
                        records[key] = record
                    }
                    return .commit
                }
                return records
            }
        }
        return records
    }

    /// Writes a batch wholly or not at all.
    public func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport {
        try await commit(writes, limits: [])
    }

    /// Gives records a new life and returns those that were there.
    ///
    /// Throws `unsupported` for rows that cannot expire.
    public func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> {
        try refuseIfClosed()
        guard !lifetimes.isEmpty else { return [] }
        for key in lifetimes.keys where key.bytes.isEmpty { throw badKey(key) }
        if let refusal = CommitRules.refusal(of: lifetimes, store: name) { throw refusal }
        let writes = lifetimes.map { key, lifetime in
            RecordWrite(key: key, expectation: .absent, change: .retime(lifetime))
        }
        for write in writes {
            if let problem = schema.table(of: write.key)?.refusal(of: write) { throw unsupported(write.key, problem) }
        }
        let (schema, now) = (schema, clock.now())
        return try await writing(.touch, "touch", lifetimes.keys.sorted(), into: []) { present, database in
            for write in writes {
                guard let table = schema.table(of: write.key),
                    let record = try table.record(write.key, in: database), !record.expiry.isPast(at: now)
                else { continue }
                try table.perform(write, over: record, at: now, in: database)
                present.insert(write.key)
            }
        }
    }

    /// Lists the keys, table by table, in the order in which rows were made.
    public nonisolated func scan() -> ScanStream {
        let (stream, continuation) = ScanStream.makeStream()
        let task = Task { await self.list(into: continuation) }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    private func list(into continuation: ScanStream.Continuation) async {
        do throws(StoreError) {
            try refuseIfClosed()
            let (schema, clock) = (schema, clock)
            // A connection of its own: other requests do not wait for a long list.
            let lister = try SQLiteConnection(address, isReadOnly: true, failure: failure)
            defer { lister.close() }
            let start = clock.now()
            let began = ContinuousClock.now
            var bytes = 0
            for table in schema.tables {
                var last = Int64.min
                while !Task.isCancelled {
                    let (after, limit) = (last, Self.scanRows)
                    let rows = try await lister.use { database in
                        try table.rows(after: after, limit: limit, at: clock.now(), in: database)
                    }
                    guard let rows else { break }
                    last = rows.last
                    bytes += rows.batch.keyBytes.count
                    if !rows.batch.isEmpty { continuation.yield(rows.batch) }
                }
            }
            record(.scan, "scan", commands: 1, in: bytes, start: start, began: began, succeeded: true)
            continuation.finish()
        } catch {
            continuation.finish(throwing: error)
        }
    }

    /// What the store says of itself; the time grows with the number of records, as SQLite counts rows one by one.
    public func facts() async throws(StoreError) -> StoreFacts {
        try refuseIfClosed()
        let schema = schema
        let (version, count) = try await counting(.facts, "facts", []) { () throws(StoreError) in
            try await reader.use { database in
                (
                    try String.fetchOne(database, sql: "SELECT sqlite_version()") ?? "",
                    try schema.tables.reduce(0) { try $0 + $1.count(in: database) }
                )
            }
        }
        return StoreFacts(product: "SQLite \(version)", recordCount: count, recordLimit: nil, keyLimit: nil)
    }

    /// The requests so far.
    public func traffic() async -> StoreTraffic { counted }

    /// Ends the connections; later requests throw `disconnected`.
    ///
    /// A batch that is prepared can still be finished.
    public func close() async {
        isClosed = true
        reader.close()
        await writer.close()
    }
}

// MARK: - Connections and counts

extension SQLiteStore {
    /// Reads something that no key names, as one round trip.
    func reading<Result: Sendable>(
        _ what: String, _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        try await counting(.load, what, []) { () throws(StoreError) in try await reader.use(body) }
    }

    /// Writes something in a transaction of its own, as one round trip.
    ///
    /// `body` adds to what is returned, which is `start` at first.
    func writing<Result: Sendable>(
        _ purpose: RoundTrip.Purpose, _ verb: String, _ keys: [RecordKey], into start: Result,
        _ body: @escaping @Sendable (inout Result, Database) throws -> Void
    ) async throws(StoreError) -> Result {
        let connection = try await writer.take()
        do throws(StoreError) {
            let result = try await counting(purpose, verb, keys) { () throws(StoreError) in
                try await connection.use(writing: true) { database in
                    var result = start
                    try database.inTransaction(.immediate) {
                        try body(&result, database)
                        return .commit
                    }
                    return result
                }
            }
            await writer.giveBack(connection)
            return result
        } catch {
            await writer.giveBack(connection)
            throw error
        }
    }

    /// Does a request, and counts it as a round trip.
    func counting<Result: Sendable>(
        _ purpose: RoundTrip.Purpose, _ verb: String, _ keys: [RecordKey],
        _ body: () async throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let start = clock.now()
        let began = ContinuousClock.now
        let more = keys.count > 1 ? " (+\(keys.count - 1))" : ""
        let summary = keys.isEmpty ? verb : "\(verb) \(keys[0])\(more)"
        do throws(StoreError) {
            let result = try await body()
            record(purpose, summary, commands: max(1, keys.count), in: 0, start: start, began: began, succeeded: true)
            return result
        } catch {
            record(purpose, summary, commands: max(1, keys.count), in: 0, start: start, began: began, succeeded: false)
            throw error
        }
    }

    private func record(
        _ purpose: RoundTrip.Purpose, _ summary: String, commands: Int, in bytes: Int, start: Timestamp,
        began: ContinuousClock.Instant, succeeded: Bool
    ) {
        let elapsed = began.duration(to: .now)
        counted.record(
            RoundTrip(
                purpose: purpose, start: start, summary: summary, commands: commands, bytesOut: 0, bytesIn: bytes,
                microseconds: elapsed.components.seconds * 1_000_000
                    + elapsed.components.attoseconds / 1_000_000_000_000,
                succeeded: succeeded))
    }

    func refuseIfClosed() throws(StoreError) {
        if isClosed { throw StoreError(.disconnected, store: name, detail: "the store was closed. Open it again.") }
        if Task.isCancelled {
            throw StoreError(.cancelled, store: name, detail: "the request was given up; nothing was sent.")
        }
    }

    func badKey(_ key: RecordKey) -> StoreError {
        StoreError(
            .badKey, store: name,
            detail: key.bytes.isEmpty
                ? "a key has at least one byte; nothing was written."
                : "no table of the database holds records of the key \(key); nothing was written.")
    }

    func unsupported(_ key: RecordKey, _ problem: String) -> StoreError {
        StoreError(.unsupported, store: name, detail: "\(key): \(problem); nothing was written.")
    }
}
