import SessionClock
import SessionCore
import StoreLaws
import Testing

@Suite struct MemoryStoreTests {
    @Test(arguments: StoreLaw.kept(by: [.scan, .atomicBatch]))
    func `keeps the store laws`(law: StoreLaw) async throws {
        try await law.check(MemoryStore(name: "memory:", clock: SystemClock(), recordLimit: 100_000, keyLimit: 250))
    }

    private let clock = ManualClock(Timestamp(seconds: 1_700_000_000))

    private func addition(_ key: RecordKey, _ life: Lifetime, _ payload: [UInt8] = [1]) -> RecordWrite {
        RecordWrite(key: key, expectation: .absent, change: .put(payload: payload, flags: 0, expiry: .renew(life)))
    }

    @Test func `an expired record is absent, uncounted, unlisted and can be added again`() async throws {
        let store = MemoryStore(name: "memory:", clock: clock)
        _ = try await store.commit([addition("short", .seconds(10)), addition("long", .never)])
        clock.advance(milliseconds: 9999)
        #expect(try await store.load(["short", "long"]).count == 2)
        clock.advance(milliseconds: 1)
        #expect(try await store.facts().recordCount == 1)
        var listed: [RecordKey] = []
        for try await batch in store.scan() { listed += (0..<batch.count).map { batch[$0].key } }
        #expect(listed == ["long"])
        #expect(try await store.touch(["short": .never]) == [])
        #expect(try await store.commit([addition("short", .never)]).isComplete)
    }

    @Test func `a kept life is exactly the old one`() async throws {
        let store = MemoryStore(name: "memory:", clock: clock)
        _ = try await store.commit([addition("k", .seconds(100))])
        clock.advance(milliseconds: 40_500)
        let base = try #require(try await store.load(["k"])["k"])
        let keep = RecordWrite(
            key: "k", expectation: .unchanged(base), change: .put(payload: [2], flags: 0, expiry: .keep))
        _ = try await store.commit([keep])
        #expect(
            try await store.load(["k"])["k"]?.expiry == .at(Timestamp(seconds: 1_700_000_100)))
    }

    @Test func `requests are counted as a server's would be, and initial data are not`() async throws {
        let store = MemoryStore(name: "demo:", clock: clock)
        await store.loadInitialData(key: "a", payload: [1, 2, 3], flags: 4, lifetime: .seconds(60))
        #expect(await store.traffic() == StoreTraffic())
        _ = try await store.load(["a", "b"])
        _ = try await store.commit([addition("b", .never, [1, 2, 3, 4])])
        let traffic = await store.traffic()
        #expect(traffic.trips == [.load: 1, .write: 1])
        #expect(traffic.commands == 3)
        #expect(traffic.recent.map(\.summary) == ["load a (+1)", "commit b"])
        #expect(traffic.recent.map(\.bytesIn) == [3, 0])
        #expect(traffic.recent.map(\.bytesOut) == [2, 4])
        #expect(traffic.medianMicroseconds == 0)
    }

    @Test func `a closed store answers nothing`() async throws {
        let store = MemoryStore(name: "memory:", clock: clock)
        await store.close()
        await #expect { try await store.load(["a"]) } throws: { ($0 as? StoreError)?.code == .disconnected }
        await #expect {
            for try await _ in store.scan() {}
        } throws: {
            ($0 as? StoreError)?.code == .disconnected
        }
    }

    @Test func `a read-only store reads, and refuses every write with what to do`() async throws {
        let base = MemoryStore(name: "memory:", clock: clock)
        await base.loadInitialData(key: "a", payload: [1])
        let store = ReadOnlyStore(base)
        #expect(store.name == "memory:")
        #expect(store.capabilities == base.capabilities.subtracting(.counting), "counting is for writing")
        #expect(try await store.load(["a"])["a"]?.payload == [1])
        for writes in [[], [addition("b", .never)]] {
            await #expect { try await store.commit(writes) } throws: { error in
                (error as? StoreError)?.code == .readOnly && "\(error)".contains("Start without --read-only")
            }
        }
        await #expect { try await store.touch(["a": .never]) } throws: { ($0 as? StoreError)?.code == .readOnly }
        #expect(try await base.facts().recordCount == 1)
    }
}
