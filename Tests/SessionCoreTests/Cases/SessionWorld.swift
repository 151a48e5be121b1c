import OrderedCollections
import SessionCore

/// A store in memory and a clock that stands still, with containers and transactions over them.
struct SessionWorld {
    let clock: ManualClock
    let store: MemoryStore

    init(recordLimit: Int? = nil) {
        clock = ManualClock(Timestamp(seconds: 1_700_000_000))
        store = MemoryStore(name: "memory:", clock: clock, recordLimit: recordLimit)
    }

    func container(
        _ granularity: RecordGranularity = .session, name: String = "carts", on other: (any SessionStore)? = nil,
        profile: any SessionProfile = SampleProfile(), timeout: Int64 = 60, resolution: Int64 = 10,
        limit: Int? = nil, events: SessionEvents? = nil
    ) throws -> SessionContainer {
        try SessionContainer(
            name, in: other ?? store, profile: profile, timeout: timeout, resolution: resolution,
            granularity: granularity, limit: limit, events: events)
    }

    /// A transaction of another request, process or user.
    func begin() -> Transaction { Transaction(clock: clock) }

    func pass(seconds: Int64) { clock.advance(milliseconds: seconds * 1000) }

    /// Commits values of a package, in a transaction of their own.
    func commit(
        _ values: [String: SessionValue], as id: String = "id", package: String = "myData",
        in container: SessionContainer
    ) async throws {
        let transaction = begin()
        let session = try await transaction.open(id, in: container, packages: [package])
        try session.update { draft in
            for (key, value) in values.sorted(by: { $0.key < $1.key }) { draft[package][.string(key)] = value }
        }
        try await transaction.commit()
    }

    /// Looks a session up and commits, as a request does that only reads.
    func use(_ id: String = "id", in container: SessionContainer) async throws {
        let transaction = begin()
        _ = try await transaction.open(id, in: container, packages: ["myData"])
        try await transaction.commit()
    }

    /// Whether the store has a session; leaves no trace.
    func isStored(_ id: String = "id", in container: SessionContainer) async throws -> Bool {
        try await record(id, in: container) != nil
    }

    /// The record of a session, or of its package `myData`, straight from the store.
    func record(
        _ id: String = "id", package: String = "myData", in container: SessionContainer
    ) async throws -> StoredRecord? {
        let key = container.recordKey(id, package: package)
        return try await store.load([key])[key]
    }

    /// What the store holds of a session: its packages by name; nil for no record at all.
    func stored(
        _ id: String = "id", packages: [String] = ["myData"], in container: SessionContainer
    ) async throws -> SessionValue? {
        guard container.granularity == .package else {
            return try await record(id, in: container).map { try Notation.value(parsing: $0.payload) }
        }
        var content: [(SessionValue, SessionValue)] = []
        for package in packages {
            guard let record = try await record(id, package: package, in: container) else { continue }
            content.append((.string(package), try Notation.value(parsing: record.payload)))
        }
        return content.isEmpty ? nil : .map(SessionMap(content) { $1 })
    }

    /// The round trips that some work takes, by purpose.
    func trips(_ work: () async throws -> Void) async throws -> [RoundTrip.Purpose: Int] {
        let before = await store.traffic().trips
        try await work()
        return await store.traffic().trips.merging(before) { $0 - $1 }.filter { $0.value != 0 }
    }
}

extension SessionContainer {
    /// The key of a session's record, or of one package's, where each has its own.
    func recordKey(_ id: String, package: String) -> RecordKey {
        profile.key(
            container: Array(name.utf8), session: Array(id.utf8),
            package: granularity == .package ? Array(package.utf8) : nil)
    }
}

extension RecordGranularity {
    /// Both: what a session does must not depend on how many records it has.
    static let both: [RecordGranularity] = [.session, .package]
}
