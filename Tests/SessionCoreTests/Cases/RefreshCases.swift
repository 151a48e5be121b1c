import SessionCore
import Testing

@Suite struct RefreshCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `the last access is kept no finer than the resolution, by a touch and never by a write`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, timeout: 60, resolution: 10)
        try await world.commit(["info": 1], in: carts)
        let written = try #require(try await world.record(in: carts))
        world.pass(seconds: 9)
        #expect(try await world.trips { try await world.use(in: carts) } == [.load: 1])
        #expect(try await world.record(in: carts) == written)
        world.pass(seconds: 1)
        #expect(try await world.trips { try await world.use(in: carts) } == [.load: 1], "not older than it yet")
        world.pass(seconds: 1)
        #expect(try await world.trips { try await world.use(in: carts) } == [.load: 1, .touch: 1])
        let touched = try #require(try await world.record(in: carts))
        #expect(touched.expiry == .at(world.clock.now().adding(milliseconds: 70_000)))
        #expect(touched.revision == written.revision)
        #expect(touched.payload == written.payload)
        world.pass(seconds: 9)
        #expect(try await world.trips { try await world.use(in: carts) } == [.load: 1])
    }

    @Test(arguments: RecordGranularity.both)
    func `a request that only reads writes nothing`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": ["nested": [1, 2]]], in: carts)
        let written = try await world.record(in: carts)
        let trips = try await world.trips {
            let transaction = world.begin()
            let session = try await transaction.open("id", in: carts, packages: ["myData"])
            _ = try session["myData"]["info"]
            _ = try session["myData"].entries
            _ = try session.value(at: "/myData/info/nested/0")
            _ = try session.update { draft in draft["myData"]["info"] }
            #expect(!session.isDirty && !session.wasChanged)
            try await transaction.commit()
        }
        #expect(trips == [.load: 1])
        #expect(try await world.record(in: carts) == written)
    }

    @Test(arguments: RecordGranularity.both)
    func `setting an equal value writes nothing, and does not count as a change`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": ["a": [1, 2]], "text": "é"], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(["a": [1, 2]], at: "/myData/info")
        try session.set(2, at: "/myData/info/a/1")
        try session.update { $0["myData"]["text"] = "é" }
        #expect(!session.isDirty && !session.wasChanged)
        #expect(try await world.trips { try await transaction.commit() } == [:])
    }

    @Test(arguments: RecordGranularity.both)
    func `what is set and set back is clean and writes nothing, but was changed`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 1], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(2, at: "/myData/info")
        #expect(session.isDirty)
        #expect(try session["myData"].isDirty)
        try session.set(1, at: "/myData/info")
        try session.set(2, at: "/myData/more")
        try session.remove(at: "/myData/more")
        #expect(!session.isDirty && session.wasChanged)
        #expect(try await world.trips { try await transaction.commit() } == [:])
        #expect(session.wasChanged)
    }

    @Test(arguments: RecordGranularity.both)
    func `an abort refreshes nothing`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 1], in: carts)
        world.pass(seconds: 30)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        _ = try session["myData"]["info"]
        #expect(try await world.trips { try await transaction.abort() } == [:])
    }

    @Test func `many lives are refreshed in one round trip, and only those that need it`() async throws {
        let carts = try world.container()
        for number in 0..<10 { try await world.commit(["info": 1], as: "id\(number)", in: carts) }
        world.pass(seconds: 30)
        for number in 0..<5 { try await world.use("id\(number)", in: carts) }
        let transaction = world.begin()
        let sessions = try await transaction.open((0..<10).map { "id\($0)" }, in: carts)
        try sessions[9].set(2, at: "/myData/info")
        let trips = try await world.trips { try await transaction.commit() }
        #expect(trips == [.touch: 1, .write: 1])
        let touch = await world.store.traffic().recent.last { $0.purpose == .touch }
        #expect(touch?.commands == 4)
    }

    @Test(arguments: RecordGranularity.both, [true, false])
    func `a session that is written again and again lives as long as it is used, whoever's profile it has`(
        granularity: RecordGranularity, isOwn: Bool
    ) async throws {
        let carts = try world.container(granularity, profile: SampleProfile(isOwn: isOwn), timeout: 60, resolution: 10)
        for number in 0..<5 {
            try await world.commit(["info": .integer(number)], in: carts)
            #expect(try await world.record(in: carts)?.expiry == .at(world.clock.now().adding(milliseconds: 70_000)))
            world.pass(seconds: 30)
        }
        #expect(try await world.stored(in: carts) == ["myData": ["info": 4]])
    }
}
