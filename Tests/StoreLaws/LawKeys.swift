import SessionClock
import SessionCore
import Synchronization
import Testing

/// The keys one run of a law uses.
final class LawKeys: Sendable {
    let prefix = "law:\(UInt64.random(in: .min ... .max)):"
    private let made = Mutex<Set<RecordKey>>([])

    func key(_ name: String) -> RecordKey {
        register(RecordKey(prefix + name))
    }

    func register(_ key: RecordKey) -> RecordKey {
        made.withLock { _ = $0.insert(key) }
        return key
    }

    func remove(from store: any SessionStore) async throws {
        let present = try await store.load(made.withLock { Array($0) })
        guard !present.isEmpty else { return }
        _ = try await store.commit(
            present.values.map { RecordWrite(key: $0.key, expectation: .unchanged($0), change: .delete) })
    }
}

extension SessionStore {
    /// Adds a record and returns it as stored.
    func add(
        _ key: RecordKey, _ payload: [UInt8], flags: UInt32 = 0, life: Lifetime = .seconds(600)
    ) async throws -> StoredRecord {
        let outcome = try await outcome(
            RecordWrite(
                key: key, expectation: .absent,
                change: .put(payload: payload, flags: flags, expiry: .renew(life))))
        guard case .written(let record) = outcome else {
            Issue.record("adding \(key) came to \(outcome)")
            throw LawBroken()
        }
        return try #require(record)
    }

    /// Commits one write and returns what became of it.
    func outcome(_ write: RecordWrite) async throws -> RecordOutcome {
        let report = try await commit([write])
        #expect(report.outcomes.count == 1)
        return try #require(report.outcomes[write.key])
    }

    /// Loads one record.
    func load(_ key: RecordKey) async throws -> StoredRecord? {
        try await load([key])[key]
    }
}

/// A law could not go on.
struct LawBroken: Error {}

extension StoredRecord {
    /// A write that replaces this version's payload.
    func replaced(
        by payload: [UInt8], flags: UInt32? = nil, expiry: RecordWrite.ExpiryChange = .renew(.seconds(600))
    ) -> RecordWrite {
        RecordWrite(
            key: key, expectation: .unchanged(self),
            change: .put(payload: payload, flags: flags ?? self.flags, expiry: expiry))
    }

    /// A write that deletes this version.
    var deletion: RecordWrite {
        RecordWrite(key: key, expectation: .unchanged(self), change: .delete)
    }

    /// Seconds left by the machine's clock; nil for never.
    var secondsLeft: Int64? { expiry.secondsLeft(at: SystemClock().now()) }
}
