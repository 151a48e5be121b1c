internal import SessionCore
internal import Synchronization

/// Counts what goes to a store, and notes the keys of what is written.
final class CountedStore: SessionStore {
    private let base: any SessionStore
    private let counted = Mutex(ModelTraffic())
    private let written = Mutex<Set<String>>([])

    init(_ base: any SessionStore) {
        self.base = base
    }

    var traffic: ModelTraffic { counted.withLock { $0 } }

    /// The keys of all records that were written or touched.
    var keys: Set<String> { written.withLock { $0 } }

    var name: String { base.name }
    var capabilities: StoreCapabilities { base.capabilities }

    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] {
        counted.withLock { $0.loads += 1 }
        return try await base.load(keys)
    }

    func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport {
        note(writes.map(\.key))
        let report = try await base.commit(writes)
        counted.withLock { counted in
            counted.commits += 1
            for write in writes {
                guard case .written = report.outcomes[write.key] else { continue }
                if case .delete = write.change { counted.deletions += 1 } else { counted.puts += 1 }
            }
        }
        return report
    }

    func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> {
        note(Array(lifetimes.keys))
        counted.withLock { $0.touches += 1 }
        return try await base.touch(lifetimes)
    }

    private func note(_ keys: [RecordKey]) {
        written.withLock { $0.formUnion(keys.map { String(decoding: $0.bytes, as: UTF8.self) }) }
    }

    func scan() -> ScanStream { base.scan() }
    func facts() async throws(StoreError) -> StoreFacts { try await base.facts() }
    func traffic() async -> StoreTraffic { await base.traffic() }
    func close() async { await base.close() }
}
