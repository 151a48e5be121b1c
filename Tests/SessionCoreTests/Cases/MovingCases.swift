import SessionCore
import Testing

/// What happens to a session's id at a login.
@Suite struct MovingCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `at a login the data moves to the known id, and the old one is gone, both in one commit`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["item": "parrot"], as: "anonymous", in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("anonymous", in: carts, packages: ["myData"])
        #expect(try await world.trips { _ = try await session.move(to: "roger.ineichen") } == [.load: 1])
        let known = try await transaction.open("roger.ineichen", in: carts, packages: ["myData"])
        #expect(try known["myData"]["item"] == "parrot")
        #expect(try session["myData"].isEmpty)
        #expect(try await world.isStored("anonymous", in: carts), "nothing happens before the commit")
        #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
        #expect(try await world.stored("roger.ineichen", in: carts) == ["myData": ["item": "parrot"]])
        #expect(try await !world.isStored("anonymous", in: carts))
    }

    @Test(arguments: RecordGranularity.both)
    func `what the known session had under other names stays, packages of the same name are replaced`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["old": 1], as: "known", package: "cart", in: carts)
        try await world.commit(["colour": "red"], as: "known", package: "prefs", in: carts)
        try await world.commit(["new": 1], as: "anonymous", package: "cart", in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("anonymous", in: carts, packages: ["cart", "prefs"])
        let known = try await session.move(to: "known")
        #expect(try known["cart"].value(of: "old") == nil)
        try await transaction.commit()
        #expect(
            try await world.stored("known", packages: ["cart", "prefs"], in: carts)
                == ["cart": ["new": 1], "prefs": ["colour": "red"]])
    }

    @Test(arguments: RecordGranularity.both)
    func `a move is taken back by a rollback, and moving to its own id does nothing`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["item": 1], as: "anonymous", in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("anonymous", in: carts, packages: ["myData"])
        let savepoint = try transaction.savepoint()
        let known = try await session.move(to: "known")
        try savepoint.rollback()
        #expect(try session["myData"]["item"] == 1)
        #expect(try known["myData"].isEmpty)
        #expect(try await session.move(to: "anonymous") == session)
        #expect(try session["myData"]["item"] == 1)
        #expect(try await world.trips { try await transaction.commit() } == [:])
    }

    @Test(arguments: RecordGranularity.both)
    func `a move to a session that cannot be edited is refused, and nothing of it is staged`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["item": 1], as: "anonymous", package: "a", in: carts)
        try await world.commit(["item": 1], as: "anonymous", package: "b", in: carts)
        await world.store.loadInitialData(
            key: carts.recordKey("known", package: "b"), payload: Array("?unreadable".utf8),
            lifetime: .seconds(70))
        let transaction = world.begin()
        let session = try await transaction.open("anonymous", in: carts, packages: ["a", "b"])
        await #expect(throws: SessionError.self) { try await session.move(to: "known") }
        #expect(transaction.sessions(in: carts).allSatisfy { !$0.isDirty })
        #expect(try await world.trips { try await transaction.commit() } == [:])
    }

    @Test(arguments: RecordGranularity.both)
    func `a session that cannot be read is neither moved nor given another id, and stays`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        await world.store.loadInitialData(
            key: carts.recordKey("id", package: "myData"), payload: Array("?unreadable".utf8), lifetime: .seconds(70))
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        await #expect(throws: SessionError.self) { try await session.move(to: "known") }
        #expect(throws: SessionError.self) { try session.regenerateID() }
        try await transaction.commit()
        #expect(try await world.record(in: carts)?.payload == Array("?unreadable".utf8))
    }

    @Test(arguments: RecordGranularity.both)
    func `clearing a session leaves nothing under its id`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 1], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.clear()
        #expect(try session["myData"].isEmpty)
        #expect(session.isDirty)
        #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
        #expect(try await !world.isStored(in: carts))
        #expect(try await world.begin().open("id", in: carts, packages: ["myData"]).isNew)
    }

    @Test(arguments: RecordGranularity.both)
    func `a new id takes the content over, and the old one is worth nothing`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 1], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(2, at: "/myData/more")
        let trips = try await world.trips {
            let renamed = try session.regenerateID()
            #expect(renamed != session)
            #expect(try renamed["myData"]["info"] == 1)
            #expect(try session["myData"].isEmpty)
        }
        #expect(trips == [:])
        let renamed = try #require(transaction.sessions(in: carts).last)
        let id = try #require(renamed.id)
        #expect(id != "id")
        #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
        #expect(try await world.stored(id, in: carts) == ["myData": ["info": 1, "more": 2]])
        #expect(try await !world.isStored(in: carts))
        #expect(try await world.begin().load("id", in: carts, packages: ["myData"]).id == nil)
        #expect(renamed.id == id)
    }

    @Test func `a session that holds nothing gets no new id before it does`() async throws {
        let carts = try world.container()
        let transaction = world.begin()
        let session = try transaction.create(in: carts)
        let renamed = try session.regenerateID()
        #expect(renamed.id == nil)
        try renamed.set(1, at: "/myData/info")
        #expect(renamed.id != nil)
        #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
    }
}
