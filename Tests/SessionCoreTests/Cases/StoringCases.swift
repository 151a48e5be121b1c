import SessionCore
import Testing

/// `store` and `revert`, and what rollback and abort make of them.
@Suite struct StoringCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `storing writes one session at once, and the rest of the transaction stays staged`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData", "more"])
        let other = try await transaction.open("other", in: carts, packages: ["myData"])
        try session.set(1, at: "/myData/info")
        try session.set(2, at: "/more/info")
        try other.set(1, at: "/myData/info")
        #expect(try await world.trips { try await session.store() } == [.write: 1])
        #expect(!session.isDirty && session.wasChanged && !session.isNew)
        #expect(other.isDirty)
        #expect(
            try await world.stored(packages: ["myData", "more"], in: carts)
                == ["myData": ["info": 1], "more": ["info": 2]])
        #expect(try await world.stored("other", in: carts) == nil)
        #expect(try await world.trips { try await session.store() } == [:], "nothing is staged any more")
        #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
        #expect(try await world.stored("other", in: carts) == ["myData": ["info": 1]])
    }

    @Test(arguments: RecordGranularity.both)
    func `reverting returns to what was stored, and the session counts as changed all the same`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try transaction.create(in: carts)
        try session.set("stored", at: "/myData/info")
        try await session.store()
        let id = try #require(session.id)
        try session.set("changed", at: "/myData/info")
        try session.revert()
        #expect(try session["myData"]["info"] == "stored")
        #expect(session.wasChanged && !session.isDirty)
        #expect(session.id == id)
        #expect(try await world.trips { try await transaction.commit() } == [:])
        #expect(try await world.stored(id, in: carts) == ["myData": ["info": "stored"]])
    }

    @Test(arguments: RecordGranularity.both)
    func `reverting a session that was never stored takes its id away again`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try transaction.create(in: carts)
        try session.set(1, at: "/myData/info")
        #expect(session.id != nil)
        try session.revert()
        #expect(session.id == nil)
        #expect(session.wasChanged && !session.isDirty)
        #expect(try await world.trips { try await transaction.commit() } == [:])
        #expect(session.id == nil && session.wasChanged)
    }

    @Test(arguments: RecordGranularity.both)
    func `reverting leaves other sessions and the savepoints alone`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        let other = try await transaction.open("other", in: carts, packages: ["myData"])
        try session.set(1, at: "/myData/info")
        try other.set(1, at: "/myData/info")
        let savepoint = try transaction.savepoint()
        try session.revert()
        #expect(try session["myData"].isEmpty)
        #expect(try other["myData"]["info"] == 1)
        try savepoint.rollback()
        #expect(try session["myData"]["info"] == 1)
    }

    @Test(arguments: RecordGranularity.both)
    func `what was stored stands: a rollback to before it and an abort return to it`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        let other = try await transaction.open("other", in: carts, packages: ["myData"])
        try session.set("staged", at: "/myData/info")
        try other.set("staged", at: "/myData/info")
        let savepoint = try transaction.savepoint()
        try session.set("stored", at: "/myData/info")
        try other.set("changed", at: "/myData/info")
        try await session.store()
        try session.set("changed", at: "/myData/info")
        try savepoint.rollback()
        #expect(try session["myData"]["info"] == "stored")
        #expect(!session.isDirty)
        #expect(try other["myData"]["info"] == "staged")
        let later = try transaction.savepoint()
        try session.set("changed", at: "/myData/info")
        try later.rollback()
        #expect(try session["myData"]["info"] == "stored")
        try await transaction.abort()
        #expect(try await world.stored(in: carts) == ["myData": ["info": "stored"]])
        #expect(try await world.stored("other", in: carts) == nil)
    }

    @Test(arguments: RecordGranularity.both)
    func `a session changed elsewhere is not stored, and what is staged is kept`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 1], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(2, at: "/myData/info")
        try await world.commit(["info": 3], in: carts)
        await #expect {
            try await session.store()
        } throws: { ($0 as? SessionError)?.isRetryable == true }
        #expect(try session["myData"]["info"] == 2)
        #expect(session.isDirty)
        #expect(try await world.stored(in: carts) == ["myData": ["info": 3]])
        #expect(transaction.isOpen)
    }

    @Test func `a destroyed or emptied session is gone when stored, and can be made again`() async throws {
        let carts = try world.container()
        for end in [Session.destroy, Session.invalidate, Session.clear] {
            try await world.commit(["info": 1], in: carts)
            let transaction = world.begin()
            let session = try await transaction.open("id", in: carts)
            try end(session)()
            #expect(try await world.trips { try await session.store() } == [.write: 1])
            #expect(try await !world.isStored(in: carts))
            #expect(session.isNew && !session.isDirty)
            try session.set(2, at: "/myData/info")
            try await transaction.commit()
            #expect(try await world.stored(in: carts) == ["myData": ["info": 2]])
        }
    }

    @Test func `nothing is stored in a doomed transaction`() async throws {
        let carts = try world.container()
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts)
        try session.set(1, at: "/myData/info")
        try transaction.doom()
        await #expect(throws: SessionError.transaction(.doomed)) { try await session.store() }
        #expect(try await !world.isStored(in: carts))
    }
}
