import SessionCore
import Testing

/// What becomes of stored sessions when a container's timeout changes.
@Suite struct RetimingCases {
    let world = SessionWorld()

    private func secondsLeft(_ id: String = "id", in container: SessionContainer) async throws -> Int64? {
        try await world.record(id, in: container)?.expiry.secondsLeft(at: world.clock.now())
    }

    @Test(
        arguments: RecordGranularity.both,
        [(60, 10, 600, 60, 660), (600, 60, 60, 10, 70), (0, 10, 60, 10, 70), (60, 10, 0, 10, nil)]
            as [(Int64, Int64, Int64, Int64, Int64?)])
    func `the next use gives a session the life of the new timing`(
        granularity: RecordGranularity, timings: (Int64, Int64, Int64, Int64, Int64?)
    ) async throws {
        let old = try world.container(granularity, timeout: timings.0, resolution: timings.1)
        try await world.commit(["info": 1], in: old)
        let new = try old.with(timeout: timings.2, resolution: timings.3)
        #expect(new.timing == ContainerTiming(timeout: timings.2, resolution: timings.3))
        #expect(new.name == old.name && new.granularity == granularity)
        world.pass(seconds: 5)
        #expect(try await world.trips { try await world.use(in: new) } == [.load: 1, .touch: 1])
        #expect(try await secondsLeft(in: new) == timings.4)
        #expect(try await world.isStored(in: new))
        #expect(try await world.trips { try await world.use(in: new) } == [.load: 1], "only once")
    }

    @Test(arguments: RecordGranularity.both)
    func `all sessions of a container get the life they would have had, and other containers keep theirs`(
        granularity: RecordGranularity
    ) async throws {
        let old = try world.container(granularity, timeout: 60, resolution: 10)
        let other = try world.container(granularity, name: "prefs", timeout: 60, resolution: 10)
        try await world.commit(["info": 1], as: "early", in: old)
        world.pass(seconds: 30)
        try await world.commit(["info": 1], as: "late", in: old)
        try await world.commit(["info": 1], as: "late", in: other)
        let before = try await world.record("late", in: old)

        let longer = try old.with(timeout: 600, resolution: 60)
        #expect(try await longer.retime(from: old.timing, at: world.clock.now()) == 2)
        #expect(try await secondsLeft("early", in: longer) == 630)
        #expect(try await secondsLeft("late", in: longer) == 660)
        #expect(try await secondsLeft("late", in: other) == 70)
        #expect(try await world.record("late", in: old)?.revision == before?.revision)

        let shorter = try old.with(timeout: 20, resolution: 5)
        #expect(try await shorter.retime(from: longer.timing, at: world.clock.now()) == 2)
        #expect(try await secondsLeft("early", in: shorter) == 1, "its time would be over")
        #expect(try await secondsLeft("late", in: shorter) == 25)
        #expect(try await shorter.retime(from: shorter.timing, at: world.clock.now()) == 0)
    }

    @Test func `sessions without end get one, and others lose theirs`() async throws {
        let finite = try world.container()
        let never = try finite.with(timeout: 0, resolution: 10)
        try await world.commit(["info": 1], in: finite)
        #expect(try await never.retime(from: finite.timing, at: world.clock.now()) == 1)
        #expect(try await world.record(in: never)?.expiry == .never)
        #expect(try await never.retime(from: finite.timing, at: world.clock.now()) == 0, "it has none already")
        #expect(try await finite.retime(from: never.timing, at: world.clock.now()) == 1)
        #expect(try await secondsLeft(in: finite) == 70)
    }

    @Test func `many sessions are re-timed by one scan and a round trip for each thousand`() async throws {
        let old = try world.container()
        for number in 0..<2500 {
            await world.store.loadInitialData(
                key: old.recordKey("id\(number)", package: "myData"), payload: Array("{}".utf8), lifetime: .seconds(70))
        }
        var count = 0
        let trips = try await world.trips {
            count = try await old.with(timeout: 600, resolution: 60).retime(from: old.timing, at: world.clock.now())
        }
        #expect(count == 2500)
        #expect(trips == [.scan: 1, .touch: 3])
    }
}
