import SessionCore

extension Transaction {
    /// A transaction that some participants joined, by a clock that stands still.
    static func sample(_ participants: any Participant...) throws(TransactionError) -> Transaction {
        let transaction = Transaction(clock: ManualClock(Timestamp(seconds: 0)))
        for participant in participants { try transaction.join(participant) }
        return transaction
    }
}

/// Sessions of one container in a store in memory, and what other writers do there.
struct SampleCarts {
    let clock = ManualClock(Timestamp(seconds: 1_700_000_000))
    let store: MemoryStore
    let container: SessionContainer

    init(store name: String = "memory:") throws(StoreError) {
        store = MemoryStore(name: name, clock: clock)
        container = try SessionContainer("carts", in: store, profile: SampleProfile())
    }

    func begin() -> Transaction { Transaction(clock: clock) }

    /// Sets a value as another writer does.
    func write(_ value: SessionValue, at pointer: String, of id: String) async throws {
        let transaction = begin()
        try await transaction.open(id, in: container).set(value, at: pointer)
        try await transaction.commit()
    }

    /// What the store holds at a pointer; nil if there is nothing.
    func stored(_ pointer: String, of id: String) async throws -> SessionValue? {
        let session = try await begin().open(id, in: container)
        return try session.contains(pointer) ? try session.value(at: pointer) : nil
    }
}

/// A store in which something else happens between a request and its answer.
struct InterruptedStore: SessionStore {
    let base: any SessionStore
    var afterLoad: @Sendable () async -> Void = {}
    var afterCommit: @Sendable () async -> Void = {}

    var name: String { base.name }
    var capabilities: StoreCapabilities { base.capabilities }
    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] {
        let records = try await base.load(keys)
        await afterLoad()
        return records
    }
    func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport {
        let report = try await base.commit(writes)
        await afterCommit()
        return report
    }
    func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> {
        try await base.touch(lifetimes)
    }
    func scan() -> ScanStream { base.scan() }
    func facts() async throws(StoreError) -> StoreFacts { try await base.facts() }
    func traffic() async -> StoreTraffic { await base.traffic() }
    func close() async { await base.close() }
}
