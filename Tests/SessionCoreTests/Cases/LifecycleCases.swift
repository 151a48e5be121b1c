import SessionCore
import Testing

/// How a session gets and loses its id, moves, and ends.
@Suite struct LifecycleCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `a new session has no id before it holds something, then a lowercase UUID of version 4`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try transaction.create(in: carts)
        #expect(session.id == nil && session.isNew)
        #expect(throws: SessionError.self) { try session.remove(at: "/myData/nothing") }
        try session.update { draft in
            draft["myData"]["nothing"] = nil
            draft.remove(package: "myData")
            draft.clear()
        }
        #expect(session.id == nil && !session.isDirty)
        try session.set(.null, at: "/myData/info")
        let id = try #require(session.id)
        #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        try session.set(1, at: "/myData/more")
        #expect(session.id == id)
        #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
        #expect(session.id == id)
        #expect(try await world.stored(id, in: carts) == ["myData": ["info": .null, "more": 1]])
    }

    @Test(arguments: RecordGranularity.both)
    func `removing from a session that holds nothing creates nothing`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try transaction.create(in: carts)
        try session.clear()
        try session.destroy()
        #expect(try await world.trips { try await transaction.commit() } == [:])
        #expect(session.id == nil)
    }

    @Test(arguments: RecordGranularity.both)
    func `a session of our own that held something and no longer does has no id, and is not written`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try transaction.create(in: carts)
        try session.set(1, at: "/myData/info")
        try session.remove(at: "/myData/info")
        #expect(session.id == nil)
        #expect(!session.isDirty && session.wasChanged)
        #expect(try await world.trips { try await transaction.commit() } == [:])
        #expect(session.id == nil)
    }

    @Test(arguments: RecordGranularity.both)
    func `a new foreign session whose keys were all removed has an id if and only if it is written`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, profile: SampleProfile(isOwn: false))
        let transaction = world.begin()
        let session = try transaction.create(in: carts)
        try session.set(1, at: "/myData/info")
        try session.remove(at: "/myData/info")
        let isDirty = session.isDirty
        #expect((session.id != nil) == isDirty)
        #expect(try await world.trips { try await transaction.commit() } == (isDirty ? [.write: 1] : [:]))
        #expect((session.id != nil) == isDirty)
        if let id = session.id { #expect(try await world.stored(id, in: carts) == ["myData": [:]]) }
    }

    @Test(arguments: RecordGranularity.both)
    func `an unknown id that a client sent is not adopted`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try await transaction.load("chosen by the client", in: carts, packages: ["myData"])
        #expect(session.id == nil && session.isNew)
        try session.set(1, at: "/myData/info")
        let id = try #require(session.id)
        #expect(id != "chosen by the client")
        try await transaction.commit()
        #expect(try await world.isStored(id, in: carts))
        #expect(try await !world.isStored("chosen by the client", in: carts))
        let again = try await world.begin().load(id, in: carts, packages: ["myData"])
        #expect(again.id == id)
        #expect(try again["myData"]["info"] == 1)
    }

    @Test func `a text that can be no id is as unknown as any other that a client sends`() async throws {
        let carts = try world.container()
        for text in ["", "a/b"] {
            #expect(try await world.begin().load(text, in: carts).id == nil)
            await #expect(throws: SessionError.self) { try await world.begin().open(text, in: carts) }
        }
    }

    @Test func `where packages have records of their own a lookup that names none is refused, not called unknown`()
        async throws
    {
        let carts = try world.container(.package)
        try await world.commit(["info": 1], in: carts)
        await #expect(throws: SessionError.self) { try await world.begin().load("id", in: carts) }
        await #expect(throws: SessionError.self) { try await world.begin().invalidate("id", in: carts) }
        await #expect(throws: SessionError.self) { try await world.begin().open("id", in: carts, create: false) }
        let session = try await world.begin().open("id", in: carts)
        #expect(throws: SessionError.packageNotLoaded("myData")) { try session["myData"]["info"] }
        #expect(throws: SessionError.packageNotLoaded("myData")) { try session.set(1, at: "/myData/info") }
    }

    @Test(arguments: RecordGranularity.both)
    func `after the transaction the id tells under which the session is stored, or was asked for`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        func id(_ end: (Transaction, Session) async throws -> Void) async throws -> String? {
            let transaction = world.begin()
            let session = try transaction.create(in: carts)
            try await end(transaction, session)
            return session.id
        }
        #expect(try await id { transaction, _ in try await transaction.commit() } == nil)
        #expect(try await id { transaction, _ in try await transaction.abort() } == nil)
        let aborted = try await id { transaction, session in
            try session.set(1, at: "/myData/info")
            try await transaction.abort()
        }
        #expect(aborted == nil)
        let stored = try await id { transaction, session in
            try session.set(1, at: "/myData/info")
            try await session.store()
            try session.set(2, at: "/myData/info")
            try await transaction.abort()
        }
        #expect(try await world.stored(try #require(stored), in: carts) == ["myData": ["info": 1]])
        let transaction = world.begin()
        let asked = try await transaction.open("asked", in: carts, packages: ["myData"])
        try await transaction.abort()
        #expect(asked.id == "asked" && !asked.wasChanged && !asked.isDirty)
    }

    @Test(arguments: RecordGranularity.both)
    func `what was aborted is neither seen nor committed by the next transaction`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 0], in: carts)
        let aborted = world.begin()
        let old = try await aborted.open("id", in: carts, packages: ["myData"])
        try old.set(1, at: "/myData/info")
        try await aborted.abort()
        let next = world.begin()
        let session = try await next.open("id", in: carts, packages: ["myData"])
        #expect(try session["myData"]["info"] == 0)
        #expect(throws: SessionError.transaction(.ended)) { try old.set(2, at: "/myData/info") }
        try session.set(3, at: "/myData/more")
        try await next.commit()
        #expect(try await world.stored(in: carts) == ["myData": ["info": 0, "more": 3]])
    }

    @Test func `data is made when it is missing, and the same is got the next time`() async throws {
        let carts = try world.container()
        for request in 0..<2 {
            let transaction = world.begin()
            let session = try await transaction.open("id", in: carts)
            #expect(try session["myData"].value(of: "checkout") == (request == 0 ? nil : ["step": 1]))
            #expect(try session.value(at: "/myData/checkout", orSet: ["step": 1 + request]) == ["step": 1])
            #expect(try session.value(at: "/myData/checkout", orSet: ["step": 9]) == ["step": 1])
            let trips = try await world.trips { try await transaction.commit() }
            #expect(trips == (request == 0 ? [.write: 1] : [:]))
        }
    }
}
