import SessionCore
import Testing

/// A store that cannot be asked.
@Suite struct OutageCases {
    let world = SessionWorld()
    let log = CallLog()

    @Test(arguments: RecordGranularity.both)
    func `a store that is down is no empty session, and the commit fails before anybody else has finished`(
        granularity: RecordGranularity
    ) async throws {
        let shaky = ShakyStore(world.store)
        let carts = try world.container(granularity, on: shaky)
        try await world.commit(["info": 0], in: carts)
        shaky.setDown(true)
        let transaction = world.begin()
        await #expect {
            try await transaction.open("id", in: carts, packages: ["myData"])
        } throws: { error in
            guard case .store(let problem) = error as? SessionError else { return false }
            return problem.code == .unreachable && problem.isRetryable
        }
        await #expect(throws: SessionError.self) { try await transaction.load("id", in: carts, packages: ["myData"]) }
        #expect(transaction.sessions(in: carts).isEmpty)

        shaky.setDown(false)
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(1, at: "/myData/info")
        try transaction.join(SampleParticipant(name: "a", log: log))
        shaky.setDown(true)
        await #expect {
            try await transaction.commit()
        } throws: { ($0 as? TransactionError)?.isRetryable == true }
        #expect(log.all == ["a.begin", "a.commit", "a.vote", "a.abort"])

        shaky.setDown(false)
        #expect(try await world.stored(in: carts) == ["myData": ["info": 0]])
        #expect(try session["myData"]["info"] == 1)
        try await transaction.commit()
        #expect(try await world.stored(in: carts) == ["myData": ["info": 1]])
    }

    @Test(arguments: RecordGranularity.both)
    func `a session that timed out while the store is down is neither empty nor writable before it is loaded again`(
        granularity: RecordGranularity
    ) async throws {
        let shaky = ShakyStore(world.store)
        let carts = try world.container(granularity, on: shaky, timeout: 0)
        try await world.commit(["info": 0], in: carts)
        let brief = try carts.with(timeout: 1, resolution: 0)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: brief, packages: ["myData"])
        world.pass(seconds: 5)
        shaky.setDown(true)
        await #expect(throws: SessionError.self) {
            try await transaction.open("id", in: brief, packages: ["myData"])
        }
        #expect(try session["myData"].value(of: "info") == 0, "not taken for empty")
        try session.set(1, at: "/myData/more")
        #expect(try session["myData"].value(of: "more") == 1, "not lost without a word")
    }

    @Test func `a life that cannot be refreshed is in doubt, and spoils no commit`() async throws {
        let shaky = ShakyStore(world.store)
        let carts = try world.container(on: shaky)
        try await world.commit(["info": 0], in: carts)
        world.pass(seconds: 30)
        let transaction = world.begin()
        _ = try await transaction.open("id", in: carts)
        shaky.setDown(true)
        let doubts = try await transaction.commit()
        #expect(doubts.map(\.participant) == ["memory:"])
        #expect(doubts.first?.cause.contains("switched off") == true)
    }
}
