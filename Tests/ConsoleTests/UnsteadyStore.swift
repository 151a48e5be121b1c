import SessionCore
import Synchronization

/// A store in memory whose connection can be cut.
final class UnsteadyStore: SessionStore {
    /// How the connection is.
    enum State: Hashable {
        case fine
        /// No request gets through.
        case away
        /// Writes get through, and their answers do not come back.
        case cutsAnswers
        /// Records are not answered before `speak`.
        case silent
    }

    let base: MemoryStore
    private let current = Mutex(State.fine)
    private let words = AsyncStream<Void>.makeStream()

    init(_ base: MemoryStore) {
        self.base = base
    }

    var state: State {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    var name: String { base.name }
    var capabilities: StoreCapabilities { base.capabilities }

    /// Ends a silence.
    func speak() { words.continuation.yield() }

    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] {
        try refuseIfAway()
        if state == .silent { for await _ in words.stream { break } }
        return try await base.load(keys)
    }

    func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport {
        try refuseIfAway()
        let report = try await base.commit(writes)
        guard state == .cutsAnswers else { return report }
        return CommitReport(outcomes: report.outcomes.mapValues { _ in .unknown("the connection ended") })
    }

    func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> {
        try refuseIfAway()
        return try await base.touch(lifetimes)
    }

    func scan() -> ScanStream {
        guard state != .away else { return ScanStream { $0.finish(throwing: self.gone) } }
        return base.scan()
    }

    func facts() async throws(StoreError) -> StoreFacts {
        try refuseIfAway()
        return try await base.facts()
    }

    func traffic() async -> StoreTraffic {
        var traffic = await base.traffic()
        if state == .away { traffic.trouble = gone.description }
        return traffic
    }

    func close() async {}

    private var gone: StoreError {
        StoreError(.disconnected, store: name, detail: "the connection ended. It is made anew with the next request.")
    }

    private func refuseIfAway() throws(StoreError) {
        if state == .away { throw gone }
    }
}
