import SessionCore
import Synchronization
import Testing

/// A store that can be switched off, and that lets something happen just before a request reaches it.
///
/// It cannot count sessions, as a memcached cannot.
final class ShakyStore: SessionStore {
    private struct State {
        var isDown = false
        var beforeLoad: (@Sendable () async throws -> Void)?
        var beforeCommit: (@Sendable () async throws -> Void)?
    }

    private let base: MemoryStore
    private let state = Mutex(State())

    init(_ base: MemoryStore) { self.base = base }

    /// Switches it off, or on again; what it holds stays.
    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    /// Something that happens once, before the next request of its kind.
    func beforeLoad(_ action: @escaping @Sendable () async throws -> Void) {
        state.withLock { $0.beforeLoad = action }
    }
    func beforeCommit(_ action: @escaping @Sendable () async throws -> Void) {
        state.withLock { $0.beforeCommit = action }
    }

    var name: String { base.name }
    var capabilities: StoreCapabilities { base.capabilities.subtracting(.counting) }

    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] {
        await run { state in
            defer { state.beforeLoad = nil }
            return state.beforeLoad
        }
        try refuseIfDown()
        return try await base.load(keys)
    }

    func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport {
        await run { state in
            defer { state.beforeCommit = nil }
            return state.beforeCommit
        }
        try refuseIfDown()
        return try await base.commit(writes)
    }

    func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> {
        try refuseIfDown()
        return try await base.touch(lifetimes)
    }

    func scan() -> ScanStream { base.scan() }
    func facts() async throws(StoreError) -> StoreFacts { try await base.facts() }
    func traffic() async -> StoreTraffic { await base.traffic() }
    func close() async { await base.close() }

    private func run(_ next: (inout sending State) -> sending (@Sendable () async throws -> Void)?) async {
        do { try await state.withLock(next)?() } catch { Issue.record(error) }
    }

    private func refuseIfDown() throws(StoreError) {
        guard state.withLock({ $0.isDown }) else { return }
        throw StoreError(.unreachable, store: name, detail: "it is switched off")
    }
}
