import SessionCore
import Testing

/// How many sessions a container may hold, and which stores can tell.
@Suite struct LimitCases {
    let world = SessionWorld()

    private func isLimitReached(_ error: any Error) -> Bool {
        guard case .participant(let failure) = error as? TransactionError, case .store(let problem) = failure.kind
        else { return false }
        return problem.code == .limitReached && problem.detail.contains("carts holds 2 sessions and may hold 2")
    }

    @Test(arguments: RecordGranularity.both)
    func `one session too many is refused at the commit, and what has expired does not count`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, limit: 2)
        for id in ["a", "b"] { try await world.commit(["info": 1], as: id, in: carts) }
        let transaction = world.begin()
        let third = try await transaction.open("c", in: carts, packages: ["myData", "more"])
        try third.set(1, at: "/myData/info")
        try third.set(1, at: "/more/info")
        await #expect(performing: { try await transaction.commit() }, throws: isLimitReached)
        #expect(transaction.isOpen)
        #expect(try await !world.isStored("c", in: carts))
        world.pass(seconds: 70)
        try await transaction.commit()
        #expect(try await world.isStored("c", in: carts))
        try await world.commit(["info": 1], as: "d", in: carts)
        #expect(try await world.isStored("d", in: carts))
    }

    @Test(arguments: RecordGranularity.both)
    func `in a full container sessions can be changed, get new packages and new ids, and make room for others`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, limit: 2)
        for id in ["a", "b"] { try await world.commit(["info": 1], as: id, in: carts) }
        try await world.commit(["info": 2], as: "a", in: carts)
        try await world.commit(["info": 2], as: "a", package: "more", in: carts)
        #expect(try await world.stored("a", packages: ["more"], in: carts) != nil)

        let renaming = world.begin()
        let renamed = try await renaming.open("b", in: carts, packages: ["myData"]).regenerateID()
        try await renaming.commit()
        let id = try #require(renamed.id)
        #expect(try await world.isStored(id, in: carts))

        let replacing = world.begin()
        try await replacing.open(id, in: carts, packages: ["myData"]).destroy()
        try await replacing.open("c", in: carts, packages: ["myData"]).set(1, at: "/myData/info")
        try await replacing.commit()
        #expect(try await world.isStored("c", in: carts))
    }

    @Test func `the limit holds for a session that is stored by itself, and for each container of a commit`()
        async throws
    {
        let carts = try world.container(limit: 2)
        let prefs = try world.container(name: "prefs", limit: 9)
        for id in ["a", "b"] { try await world.commit(["info": 1], as: id, in: carts) }
        let transaction = world.begin()
        let session = try await transaction.open("c", in: carts)
        try session.set(1, at: "/myData/info")
        try await transaction.open("c", in: prefs).set(1, at: "/myData/info")
        await #expect(throws: SessionError.self) { try await session.store() }
        await #expect(performing: { try await transaction.commit() }, throws: isLimitReached)
        #expect(try await !world.isStored("c", in: prefs), "one batch, all or nothing")
        try session.revert()
        try await transaction.commit()
        #expect(try await world.isStored("c", in: prefs))
    }

    @Test func `two writers cannot both take the last place`() async throws {
        let carts = try world.container(limit: 1)
        let (first, second) = (world.begin(), world.begin())
        try await first.open("a", in: carts).set(1, at: "/myData/info")
        try await second.open("b", in: carts).set(1, at: "/myData/info")
        try await first.commit()
        await #expect(throws: TransactionError.self) { try await second.commit() }
        #expect(try await !world.isStored("b", in: carts))
    }

    @Test func `a store that cannot count refuses limit, events and sweep by name`() async throws {
        let shaky = ShakyStore(world.store)
        for (limit, events) in [(2, nil), (nil, SessionEvents())] as [(Int?, SessionEvents?)] {
            #expect {
                try world.container(on: shaky, limit: limit, events: events)
            } throws: { error in
                guard let error = error as? StoreError else { return false }
                return error.code == .unsupported && error.store == "memory:" && error.detail.contains("count")
            }
        }
        let carts = try world.container(on: shaky)
        await #expect {
            try await carts.sweep()
        } throws: { ($0 as? StoreError)?.code == .unsupported }
    }
}
