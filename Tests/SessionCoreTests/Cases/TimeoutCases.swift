import SessionCore
import Testing

/// When a session that is held here is dropped, and when it is not.
@Suite struct TimeoutCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `a session that idled longer than its timeout is empty when it is looked up again, staged edits included`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, timeout: 1)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(1, at: "/myData/info")
        world.clock.advance(milliseconds: 1000)
        #expect(try await transaction.open("id", in: carts, packages: ["myData"])["myData"]["info"] == 1)
        world.clock.advance(milliseconds: 1001)
        let again = try await transaction.open("id", in: carts, packages: ["myData"])
        #expect(again == session)
        #expect(try again["myData"].isEmpty)
        #expect(try session.packages.isEmpty)
        #expect(!session.isDirty)
        #expect(try await world.trips { try await transaction.commit() } == [:])
    }

    @Test(arguments: RecordGranularity.both)
    func `reading and editing through a handle is use, and keeps the session`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, timeout: 60)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(1, at: "/myData/info")
        for step in 0..<4 {
            world.pass(seconds: 50)
            if step.isMultiple(of: 2) {
                _ = try session["myData"]["info"]
            } else {
                try session.set(2, at: "/myData/more")
            }
        }
        world.pass(seconds: 50)
        #expect(try await transaction.open("id", in: carts, packages: ["myData"])["myData"]["info"] == 1)
    }

    @Test(arguments: RecordGranularity.both)
    func `no rollback brings back what timed out`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity, timeout: 1)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(1, at: "/myData/info")
        let savepoint = try transaction.savepoint()
        world.pass(seconds: 2)
        _ = try await transaction.open("id", in: carts, packages: ["myData"])
        try savepoint.rollback()
        #expect(try session["myData"].isEmpty)
        #expect(!session.isDirty)
    }

    @Test(arguments: RecordGranularity.both)
    func `using one session keeps no other of the container alive, neither here nor in the store`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, timeout: 60, resolution: 10)
        try await world.commit(["info": "a"], as: "a", in: carts)
        try await world.commit(["info": "b"], as: "b", in: carts)
        let transaction = world.begin()
        for id in ["a", "b"] {
            try await transaction.open(id, in: carts, packages: ["myData"]).set("staged", at: "/myData/info")
        }
        for _ in 0..<3 {
            world.pass(seconds: 30)
            _ = try await transaction.open("a", in: carts, packages: ["myData"])
            try await world.use("a", in: carts)
        }
        #expect(try await transaction.open("a", in: carts, packages: ["myData"])["myData"]["info"] == "staged")
        #expect(try await transaction.open("b", in: carts, packages: ["myData"])["myData"].isEmpty)
        #expect(try await world.isStored("a", in: carts))
        #expect(try await !world.isStored("b", in: carts))
    }

    @Test(arguments: RecordGranularity.both)
    func `with a timeout of 0 a session never ends, is never refreshed, and is never dropped here`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, timeout: 0, resolution: 10)
        try await world.commit(["info": 1], in: carts)
        #expect(try await world.record(in: carts)?.expiry == .never)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(2, at: "/myData/info")
        world.pass(seconds: 10 * 365 * 86_400)
        #expect(try await transaction.open("id", in: carts, packages: ["myData"])["myData"]["info"] == 2)
        #expect(try await world.trips { try await world.use(in: carts) } == [.load: 1])
    }

    @Test(arguments: RecordGranularity.both)
    func `a clock that was set back ends no session, and the next use puts its life right`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 1], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(2, at: "/myData/more")
        world.pass(seconds: -3600)
        #expect(try await transaction.open("id", in: carts, packages: ["myData"])["myData"]["more"] == 2)
        try await transaction.abort()
        try await world.use(in: carts)
        #expect(try await world.record(in: carts)?.expiry == .at(world.clock.now().adding(milliseconds: 70_000)))
    }
}
