import SessionCommands
import SessionCore
import SessionFormats
import Testing

@Suite struct StoreCopyTests {
    private let clock = ManualClock(Timestamp(seconds: 1_800_000_000))

    private func store(_ name: String, recordLimit: Int? = nil) -> MemoryStore {
        MemoryStore(name: name, clock: clock, recordLimit: recordLimit)
    }

    private func copy(
        _ source: any SessionStore, _ target: any SessionStore, containers: Set<String> = [], replaces: Bool = false,
        isDryRun: Bool = false
    ) async throws -> (counts: StoreCopy.Counts, events: [StoreCopy.Event]) {
        let copy = StoreCopy(
            from: source, to: target, catalog: .standard, containers: containers, replaces: replaces,
            isDryRun: isDryRun, clock: clock)
        var events: [StoreCopy.Event] = []
        let counts = try await copy.run { event in
            if case .progress = event { return }
            events.append(event)
        }
        return (counts, events)
    }

    private func counts(_ change: (inout StoreCopy.Counts) -> Void) -> StoreCopy.Counts {
        var counts = StoreCopy.Counts()
        change(&counts)
        return counts
    }

    @Test func `everything of a record arrives, and a second copy writes nothing`() async throws {
        let (source, target) = (store("a:"), store("b:"))
        for number in 0..<1000 {
            await source.loadInitialData(
                key: RecordKey("carts:\(number)"), payload: [UInt8(number % 256)], flags: UInt32(number),
                lifetime: number.isMultiple(of: 2) ? .never : .seconds(60))
        }
        await source.loadInitialData(key: "ci_session:2b4ae8efd1e0a32f0f7f3c41c1dd8e0be3b7a6b5:lock", payload: [1])
        clock.advance(milliseconds: 20_500)
        #expect(
            try await copy(source, target, isDryRun: true).counts
                == counts {
                    $0.added = 1000; $0.leftOut = 1
                })
        #expect(try await target.facts().recordCount == 0)
        #expect(
            try await copy(source, target).counts
                == counts {
                    $0.added = 1000; $0.leftOut = 1
                })
        for number in [0, 1, 999] {
            let key = RecordKey("carts:\(number)")
            let record = try #require(try await target.load([key])[key])
            #expect(record.payload == [UInt8(number % 256)] && record.flags == UInt32(number))
            #expect(record.expiry.secondsLeft(at: clock.now()) == (number.isMultiple(of: 2) ? nil : 40))
        }
        let writes = await target.traffic().trips[.write]
        #expect(
            try await copy(source, target).counts
                == counts {
                    $0.same = 1000; $0.leftOut = 1
                })
        #expect(await target.traffic().trips[.write] == writes)
    }

    @Test func `what differs is left and told, or replaced as it was compared`() async throws {
        let (source, target) = (store("a:"), store("b:"))
        for key in ["carts:1", "carts:2"] as [RecordKey] { await source.loadInitialData(key: key, payload: [1]) }
        await target.loadInitialData(key: "carts:1", payload: [2])
        await target.loadInitialData(key: "carts:2", payload: [1], flags: 5)
        let left = try await copy(source, target)
        #expect(left.counts == counts { $0.differing = 2 })
        #expect(left.events == [.differs("carts:1", reason: nil), .differs("carts:2", reason: nil)])
        #expect(try await copy(source, target, replaces: true).counts == counts { $0.replaced = 2 })
        #expect(try await copy(source, target).counts == counts { $0.same = 2 })
    }

    @Test func `only the containers asked for`() async throws {
        let (source, target) = (store("a:"), store("b:"))
        for key in ["carts:1", "users:1", "note"] as [RecordKey] {
            await source.loadInitialData(key: key, payload: [1])
        }
        #expect(
            try await copy(source, target, containers: ["users", "(other)"]).counts
                == counts {
                    $0.added = 2; $0.leftOut = 1
                })
        #expect(try await target.load(["carts:1"]).isEmpty)
    }

    @Test func `a record that the target does not take stops no other`() async throws {
        let (source, target) = (store("a:"), store("b:", recordLimit: 100))
        for number in 0..<20 {
            await source.loadInitialData(
                key: RecordKey("carts:\(number)"), payload: Array(repeating: 1, count: number == 7 ? 200 : 10))
        }
        let result = try await copy(source, target)
        #expect(
            result.counts
                == counts {
                    $0.added = 19; $0.refused = 1
                })
        guard case .refused("carts:7", let reason)? = result.events.first else {
            Issue.record("\(result.events)"); return
        }
        #expect(reason.contains("more than the store takes"))
    }

    @Test func `what another writer writes meanwhile is never written over`() async throws {
        let (source, base) = (store("a:"), store("b:"))
        for number in 0..<5 { await source.loadInitialData(key: RecordKey("carts:\(number)"), payload: [1]) }
        await base.loadInitialData(key: "carts:0", payload: [3])
        let target = MeddledStore(base: base) {
            await base.loadInitialData(key: "carts:0", payload: [9])
            await base.loadInitialData(key: "carts:2", payload: [9])
        }
        let result = try await copy(source, target, replaces: true)
        #expect(
            result.counts
                == counts {
                    $0.added = 3; $0.differing = 2
                })
        #expect(try await base.load(["carts:0", "carts:2"]).values.allSatisfy { $0.payload == [9] })
    }
}

/// A store that someone else writes to once, just before the first commit.
private actor MeddledStore: SessionStore {
    private let base: MemoryStore
    private var meddle: (@Sendable () async -> Void)?

    init(base: MemoryStore, meddle: @escaping @Sendable () async -> Void) {
        self.base = base
        self.meddle = meddle
    }

    nonisolated var name: String { base.name }
    nonisolated var capabilities: StoreCapabilities { base.capabilities }

    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] { try await base.load(keys) }

    func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport {
        let first = meddle
        meddle = nil
        await first?()
        return try await base.commit(writes)
    }

    func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> {
        try await base.touch(lifetimes)
    }

    nonisolated func scan() -> ScanStream { base.scan() }
    func facts() async throws(StoreError) -> StoreFacts { try await base.facts() }
    func traffic() async -> StoreTraffic { await base.traffic() }
    func close() async { await base.close() }
}
