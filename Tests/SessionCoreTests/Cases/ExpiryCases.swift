import SessionCore
import Testing

/// When a session is gone from the store.
@Suite struct ExpiryCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `an unused session lives for its timeout, and is gone a resolution later at the latest`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, timeout: 60, resolution: 20)
        try await world.commit(["info": 1], in: carts)
        world.pass(seconds: 60)
        #expect(try await !world.begin().open("id", in: carts, packages: ["myData"]).isNew)
        world.pass(seconds: 20)
        #expect(try await world.begin().open("id", in: carts, packages: ["myData"]).isNew)
    }

    @Test(arguments: RecordGranularity.both)
    func `use after more than a resolution extends the life`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity, timeout: 60, resolution: 20)
        try await world.commit(["info": 1], in: carts)
        world.pass(seconds: 40)
        try await world.use(in: carts)
        world.pass(seconds: 60)
        #expect(try await world.isStored(in: carts))
        world.pass(seconds: 20)
        #expect(try await !world.isStored(in: carts))
    }

    @Test func `a timeout of 31 days is 31 days`() async throws {
        let days: Int64 = 31 * 86_400
        let carts = try world.container(timeout: days, resolution: 0)
        try await world.commit(["info": 1], in: carts)
        #expect(try await world.stored(in: carts) == ["myData": ["info": 1]])
        world.clock.advance(milliseconds: days * 1000 - 1)
        #expect(try await world.isStored(in: carts))
        world.clock.advance(milliseconds: 1)
        #expect(try await !world.isStored(in: carts))
    }

    @Test func `a timeout shorter than the resolution drops no session that is in use`() async throws {
        let carts = try world.container(timeout: 10, resolution: 600)
        try await world.commit(["info": 1], in: carts)
        for _ in 0..<10 {
            world.pass(seconds: 9)
            #expect(try await world.isStored(in: carts))
            try await world.use(in: carts)
        }
        world.pass(seconds: 15)
        #expect(try await !world.isStored(in: carts))
    }

    @Test(arguments: RecordGranularity.both)
    func `a session that expired between lookup and commit is a conflict, and empty when the work is done again`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["old": 1], in: carts)
        let late = world.begin()
        try await late.open("id", in: carts, packages: ["myData"]).set(2, at: "/myData/new")
        let key = carts.recordKey("id", package: "myData")
        world.pass(seconds: 71)
        await #expect(
            throws: TransactionError.participant(
                ParticipantError(participant: "memory:", kind: .conflict([key: .gone])))
        ) { try await late.commit() }
        #expect(try await !world.isStored(in: carts))

        try await world.commit(["old": 1], in: carts)
        var found: [Bool] = []
        try await withTransaction(clock: world.clock) { transaction in
            let session = try await transaction.open("id", in: carts, packages: ["myData"])
            found.append(try session["myData"].contains("old"))
            try session.set(2, at: "/myData/new")
            if found.count == 1 { world.pass(seconds: 71) }
        }
        #expect(found == [true, false])
        #expect(try await world.stored(in: carts) == ["myData": ["new": 2]])
    }
}
