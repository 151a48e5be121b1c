import SessionCore
import Testing

@Suite struct CommitCases {
    let world = SessionWorld()
    let log = CallLog()

    @Test func `participants go through the phases side by side, and sessions vote when all others have`() async throws
    {
        let carts = try world.container()
        let transaction = world.begin()
        try await transaction.open("id", in: carts).set(1, at: "/myData/info")
        for name in ["b", "a"] { try transaction.join(SampleParticipant(name: name, log: log)) }
        try await transaction.commit()
        #expect(
            log.all == [
                "a.begin", "b.begin", "a.commit", "b.commit", "a.vote", "b.vote", "a.finish", "b.finish",
            ])
        #expect(try await world.isStored(in: carts))
    }

    @Test func `one vote against it aborts all, and the store is unchanged`() async throws {
        let carts = try world.container()
        try await world.commit(["info": 0], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts)
        try session.set(1, at: "/myData/info")
        try transaction.join(SampleParticipant(name: "a", log: log))
        try transaction.join(SampleParticipant(name: "b", log: log, failsAt: .vote))
        let trips = try await world.trips {
            await #expect(throws: TransactionError.self) { try await transaction.commit() }
        }
        #expect(trips == [:])
        #expect(
            log.all == ["a.begin", "b.begin", "a.commit", "b.commit", "a.vote", "b.vote", "b.abort", "a.abort"])
        #expect(try await world.stored(in: carts) == ["myData": ["info": 0]])
        #expect(try session["myData"]["info"] == 1)
    }

    @Test(arguments: RecordGranularity.both)
    func `sessions of two containers commit in one batch, and together or not at all`(
        granularity: RecordGranularity
    ) async throws {
        let (carts, prefs) = (try world.container(granularity), try world.container(granularity, name: "prefs"))
        let transaction = world.begin()
        let cart = try await transaction.open("id", in: carts, packages: ["myData"])
        let pref = try await transaction.open("id", in: prefs, packages: ["myData"])
        try cart.set("cart", at: "/myData/info")
        try pref.set("pref", at: "/myData/info")
        try await world.commit(["info": "theirs"], in: prefs)
        await #expect(throws: TransactionError.self) { try await transaction.commit() }
        #expect(try await !world.isStored(in: carts))

        let second = world.begin()
        try await second.open("id", in: carts, packages: ["myData"]).set("cart", at: "/myData/info")
        try await second.open("id", in: prefs, packages: ["myData"]).set("pref", at: "/myData/info")
        #expect(try await world.trips { try await second.commit() } == [.write: 1])
        #expect(try await world.stored(in: carts) == ["myData": ["info": "cart"]])
        #expect(try await world.stored(in: prefs) == ["myData": ["info": "pref"]])
    }
}
