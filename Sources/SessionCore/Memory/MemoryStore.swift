/// A store in the memory of this process, for tests, demonstrations and as the reference of what a store does.
///
/// Batches are atomic. Expired records are not found, and take room until the store cleans up by itself or a sweep does.
/// Traffic is counted as a server's would be, one
/// round trip a request, with payload bytes and without duration.
public actor MemoryStore: SessionStore {
    /// What is kept of one record.
    struct Entry {
        var payload: [UInt8]
        var flags: UInt32
        var expiry: Expiry
        var revision: Revision
    }

    /// How many keys a batch of a scan has at most.
    private static let scanBatchKeys = 1000

    /// The store's address, as given.
    public nonisolated let name: String
    /// It can scan and count, and writes batches at once.
    public nonisolated let capabilities: StoreCapabilities = [.scan, .atomicBatch, .counting]

    let clock: any WallClock
    private let recordLimit: Int?
    private let keyLimit: Int?
    var entries: [RecordKey: Entry] = [:]
    /// Keys of records that expired and were cleaned up or written over, which no sweep has told of yet.
    var untold: [RecordKey] = []
    /// With how many entries the store next cleans up.
    var cleanUpCount = MemoryStore.firstCleanUp
    private var lastRevision: UInt64 = 0
    private var counted = StoreTraffic()
    private var isClosed = false

    /// An empty store.
    /// - Parameters:
    ///   - name: the address it shows, such as `demo:`.
    ///   - clock: the time by which records expire.
    ///   - recordLimit: the largest sum of key and payload bytes; nil for no limit.
    ///   - keyLimit: the longest key in bytes; nil for no limit.
    public init(name: String, clock: any WallClock, recordLimit: Int? = nil, keyLimit: Int? = nil) {
        self.name = name
        self.clock = clock
        self.recordLimit = recordLimit
        self.keyLimit = keyLimit
    }

    /// Puts initial data in, without condition and without counting traffic; what had the key is replaced.
    public func loadInitialData(key: RecordKey, payload: [UInt8], flags: UInt32 = 0, lifetime: Lifetime = .never) {
        entries[key] = Entry(
            payload: payload, flags: flags, expiry: Expiry(lifetime, from: clock.now()), revision: nextRevision())
    }

    /// Reads records; keys that are missing or expired are not in the result.
    public func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] {
        try refuseIfClosed()
        guard !keys.isEmpty else { return [:] }
        for key in keys { try check(key) }
        let now = clock.now()
        var records: [RecordKey: StoredRecord] = [:]
        for key in keys { records[key] = record(key, at: now) }
        count(
            .load, "load", keys, bytesOut: keys.reduce(0) { $0 + $1.bytes.count },
            bytesIn: records.values.reduce(0) { $0 + $1.payload.count }, at: now)
        return records
    }

    /// Writes a batch wholly or not at all.
    public func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport {
        try await commit(writes, limits: [])
    }

    /// Writes a batch wholly or not at all, unless a container would hold too many sessions.
    public func commit(
        _ writes: [RecordWrite], limits: [SessionLimit]
    ) async throws(StoreError) -> CommitReport {
        try refuseIfClosed()
        guard !writes.isEmpty else { return CommitReport(outcomes: [:]) }
        if let refusal = CommitRules.refusal(of: writes, store: name) { throw refusal }
        for write in writes { try check(write) }
        let now = clock.now()
        cleanUpIfLarge(at: now)
        for limit in limits { try check(limit, writes, at: now) }
        var outcomes: [RecordKey: RecordOutcome] = [:]
        for write in writes {
            if let conflict = conflict(of: write, at: now) { outcomes[write.key] = .conflict(conflict) }
        }
        if outcomes.isEmpty {
            for write in writes { outcomes[write.key] = .written(perform(write, at: now)) }
        } else {
            for write in writes where outcomes[write.key] == nil { outcomes[write.key] = .untouched }
        }
        let bytesOut = writes.reduce(0) { sum, write in
            if case .put(let payload, _, _) = write.change { sum + payload.count } else { sum }
        }
        count(.write, "commit", writes.map(\.key), bytesOut: bytesOut, bytesIn: 0, at: now)
        return CommitReport(outcomes: outcomes)
    }

    /// Gives records a new life and returns those that were there.
    public func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> {
        try refuseIfClosed()
        guard !lifetimes.isEmpty else { return [] }
        for key in lifetimes.keys { try check(key) }
        if let refusal = CommitRules.refusal(of: lifetimes, store: name) { throw refusal }
        let now = clock.now()
        var present: Set<RecordKey> = []
        for (key, lifetime) in lifetimes where record(key, at: now) != nil {
            entries[key]?.expiry = Expiry(lifetime, from: now)
            present.insert(key)
        }
        count(.touch, "touch", lifetimes.keys.sorted(), bytesOut: 0, bytesIn: 0, at: now)
        return present
    }

    /// Lists the keys as they were when the scan began to be read.
    public nonisolated func scan() -> ScanStream {
        let (stream, continuation) = ScanStream.makeStream()
        let task = Task { await self.list(into: continuation) }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    /// What the store says of itself; needs no round trip.
    public func facts() async throws(StoreError) -> StoreFacts {
        try refuseIfClosed()
        cleanUp(at: clock.now())
        return StoreFacts(product: "memory", recordCount: entries.count, recordLimit: recordLimit, keyLimit: keyLimit)
    }

    /// The requests so far, as round trips.
    public func traffic() async -> StoreTraffic { counted }

    /// Ends the store; later requests throw `disconnected`.
    ///
    /// The records are kept as long as the store lives.
    public func close() async { isClosed = true }
}

extension MemoryStore {
    private func list(into continuation: ScanStream.Continuation) {
        guard !isClosed else { return continuation.finish(throwing: closedError) }
        let now = clock.now()
        var batch = ScanBatch()
        var bytes = 0
        for (key, entry) in entries where !entry.expiry.isPast(at: now) {
            let size = UInt32(clamping: key.bytes.count + entry.payload.count)
            batch.append(key: key.bytes, size: size, expirySeconds: entry.expiry.seconds)
            bytes += key.bytes.count
            if batch.count == Self.scanBatchKeys {
                continuation.yield(batch)
                batch = ScanBatch()
            }
        }
        if !batch.isEmpty { continuation.yield(batch) }
        counted.record(
            RoundTrip(
                purpose: .scan, start: now, summary: "scan", commands: 1, bytesOut: 0, bytesIn: bytes,
                microseconds: 0, succeeded: true))
        continuation.finish()
    }

    private func record(_ key: RecordKey, at now: Timestamp) -> StoredRecord? {
        guard let entry = entries[key], !entry.expiry.isPast(at: now) else { return nil }
        return StoredRecord(
            key: key, payload: entry.payload, flags: entry.flags, expiry: entry.expiry, revision: entry.revision)
    }

    private func conflict(of write: RecordWrite, at now: Timestamp) -> RecordConflict? {
        let present = record(write.key, at: now)
        switch write.expectation {
        case .absent: return present == nil ? nil : .appeared
        case .unchanged(let base):
            guard let present else { return .gone }
            return present.revision.number == base.revision.number ? nil : .changed(present.revision)
        }
    }

    private func perform(_ write: RecordWrite, at now: Timestamp) -> StoredRecord? {
        if entries[write.key]?.expiry.isPast(at: now) == true { remember(write.key) }
        switch write.change {
        case .delete:
            entries[write.key] = nil
        case .retime(let lifetime):
            entries[write.key]?.expiry = Expiry(lifetime, from: now)
        case .put(let payload, let flags, let change):
            let expiry: Expiry =
                switch change {
                case .keep: entries[write.key]?.expiry ?? .never
                case .renew(let lifetime): Expiry(lifetime, from: now)
                }
            entries[write.key] = Entry(payload: payload, flags: flags, expiry: expiry, revision: nextRevision())
        }
        return record(write.key, at: now)
    }

    private func nextRevision() -> Revision {
        lastRevision += 1
        return Revision(lastRevision)
    }

    private func check(_ key: RecordKey) throws(StoreError) {
        guard !key.bytes.isEmpty, key.bytes.count <= keyLimit ?? .max else {
            throw StoreError(
                .badKey, store: name,
                detail: "the key \(key) has \(key.bytes.count) bytes; a key has 1 to \(keyLimit ?? .max). "
                    + "Nothing was sent; use another key.")
        }
    }

    private func check(_ write: RecordWrite) throws(StoreError) {
        try check(write.key)
        guard case .put(let payload, _, _) = write.change, let recordLimit else { return }
        let size = write.key.bytes.count + payload.count
        guard size <= recordLimit else {
            throw StoreError(
                .tooLarge, store: name,
                detail: "\(write.key): \(size) bytes with its key, \(size - recordLimit) more than the store takes; "
                    + "nothing was written. Make the record smaller.")
        }
    }

    func count(
        _ purpose: RoundTrip.Purpose, _ verb: String, _ keys: [RecordKey], bytesOut: Int, bytesIn: Int,
        at now: Timestamp
    ) {
        let more = keys.count > 1 ? " (+\(keys.count - 1))" : ""
        counted.record(
            RoundTrip(
                purpose: purpose, start: now, summary: "\(verb) \(keys.first?.description ?? "")\(more)",
                commands: keys.count, bytesOut: bytesOut, bytesIn: bytesIn, microseconds: 0, succeeded: true))
    }

    private var closedError: StoreError {
        StoreError(.disconnected, store: name, detail: "the store was closed. Open it again.")
    }

    func refuseIfClosed() throws(StoreError) {
        if isClosed { throw closedError }
        if Task.isCancelled {
            throw StoreError(.cancelled, store: name, detail: "the request was given up; nothing was sent.")
        }
    }
}
