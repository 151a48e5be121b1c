import SessionCore
import Testing

@Suite struct ConflictCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `changes of different keys of one session both survive when the commit merges`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["base": 0], in: carts)
        let (first, second) = (world.begin(), world.begin())
        try await first.open("id", in: carts, packages: ["myData"]).set(1, at: "/myData/first")
        let session = try await second.open("id", in: carts, packages: ["myData"])
        try session.set(2, at: "/myData/second")
        try await first.commit()
        let trips = try await world.trips { try await second.commit(conflicts: .merge) }
        #expect(trips == [.write: 2, .load: 1])
        #expect(try await world.stored(in: carts) == ["myData": ["base": 0, "first": 1, "second": 2]])
    }

    @Test(arguments: RecordGranularity.both)
    func `two who make the same session with different packages both have theirs in it`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let (first, second) = (world.begin(), world.begin())
        try await first.open("id", in: carts, packages: ["a", "b"]).set(1, at: "/a/info")
        try await second.open("id", in: carts, packages: ["a", "b"]).set(2, at: "/b/info")
        try await first.commit()
        try await second.commit(conflicts: .merge)
        #expect(try await world.stored(packages: ["a", "b"], in: carts) == ["a": ["info": 1], "b": ["info": 2]])
    }

    @Test(arguments: RecordGranularity.both)
    func `two who put different keys into a package that was not there both have theirs in it`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let (first, second) = (world.begin(), world.begin())
        try await first.open("id", in: carts, packages: ["myData"]).set(1, at: "/myData/first")
        try await second.open("id", in: carts, packages: ["myData"]).set(2, at: "/myData/second")
        try await first.commit()
        try await second.commit(conflicts: .merge)
        #expect(try await world.stored(in: carts) == ["myData": ["first": 1, "second": 2]])
    }

    @Test(arguments: RecordGranularity.both)
    func `two changes of one key are a conflict for the second, with its place, and nothing is written`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 0, "more": 0], in: carts)
        let (first, second) = (world.begin(), world.begin())
        try await first.open("id", in: carts, packages: ["myData"]).set(1, at: "/myData/info")
        let session = try await second.open("id", in: carts, packages: ["myData"])
        try session.set(2, at: "/myData/info")
        try session.set(2, at: "/myData/more")
        try await first.commit()
        let place = granularity == .session ? ["myData", "info"] : ["info"]
        await #expect {
            try await second.commit(conflicts: .merge)
        } throws: { error in
            guard case .overlap(let overlaps) = error as? TransactionError else { return false }
            return overlaps.map(\.places) == [[JSONPointer(tokens: place)]] && "\(error)".contains("/info")
        }
        #expect(try await world.stored(in: carts) == ["myData": ["info": 1, "more": 0]])
        #expect(second.isOpen)
        #expect(try session["myData"]["info"] == 2, "what is staged is kept")
    }

    @Test(arguments: RecordGranularity.both)
    func `without a rule any change elsewhere is a conflict, and the work succeeds when it is done again`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["count": 1], in: carts)
        var tries = 0
        let result = try await withTransaction(clock: world.clock) { transaction in
            tries += 1
            let session = try await transaction.open("id", in: carts, packages: ["myData"])
            guard case .integer(let count) = try session["myData"]["count"] else { return -1 }
            try session.set(count + 1, at: "/myData/count")
            if tries == 1 { try await world.commit(["count": 10], in: carts) }
            return count + 1
        }
        #expect(tries == 2 && result == 11)
        #expect(try await world.stored(in: carts) == ["myData": ["count": 11]])
    }

    @Test func `the work is done again no more often than allowed, and then the conflict is thrown`() async throws {
        let carts = try world.container()
        try await world.commit(["count": 0], in: carts)
        var tries = 0
        await #expect {
            try await withTransaction(clock: world.clock, retries: 2) { transaction in
                tries += 1
                try await transaction.open("id", in: carts).set(-1, at: "/myData/count")
                try await world.commit(["count": .integer(tries)], in: carts)
            }
        } throws: { ($0 as? TransactionError)?.isRetryable == true }
        #expect(tries == 3)
        #expect(try await world.stored(in: carts) == ["myData": ["count": 3]])
    }

    @Test func `packages with records of their own never conflict with each other`() async throws {
        let carts = try world.container(.package)
        let (first, second) = (world.begin(), world.begin())
        try await first.open("id", in: carts, packages: ["a"]).set(1, at: "/a/info")
        try await second.open("id", in: carts, packages: ["b"]).set(2, at: "/b/info")
        try await first.commit()
        #expect(try await world.trips { try await second.commit() } == [.write: 1])
        #expect(try await world.stored(packages: ["a", "b"], in: carts) == ["a": ["info": 1], "b": ["info": 2]])
    }

    @Test(arguments: RecordGranularity.both)
    func `after a conflict the transaction goes on: reverting the session lets the rest commit`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 0], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        let other = try await transaction.open("other", in: carts, packages: ["myData"])
        try session.set(1, at: "/myData/info")
        try other.set(1, at: "/myData/info")
        try await world.commit(["info": 2], in: carts)
        await #expect(throws: TransactionError.self) { try await transaction.commit() }
        #expect(try await world.stored("other", in: carts) == nil, "one batch, all or nothing")
        try session.revert()
        try await transaction.commit()
        #expect(try await world.stored("other", in: carts) == ["myData": ["info": 1]])
        #expect(try await world.stored(in: carts) == ["myData": ["info": 2]])
    }

    @Test(arguments: RecordGranularity.both)
    func `an invalidated session is a conflict for who has it open, and empty in the next transaction`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 0], as: "roger.ineichen", in: carts)
        let open = world.begin()
        let session = try await open.open("roger.ineichen", in: carts, packages: ["myData"])
        try session.set(1, at: "/myData/info")
        let other = world.begin()
        #expect(try await other.invalidate("roger.ineichen", in: carts, packages: ["myData"]))
        try await other.commit()
        let key = carts.recordKey("roger.ineichen", package: "myData")
        for rule in [ConflictRule.refuse, .merge] {
            await #expect {
                try await open.commit(conflicts: rule)
            } throws: { error in
                (error as? TransactionError)?.isRetryable == true && "\(error)".contains(key.description)
            }
        }
        #expect(try await !world.isStored("roger.ineichen", in: carts))
        let next = try await world.begin().open("roger.ineichen", in: carts, packages: ["myData"])
        #expect(next.isNew)
        #expect(try next["myData"].isEmpty)
    }

    @Test func `invalidating who has no session says so and writes nothing`() async throws {
        let carts = try world.container()
        let transaction = world.begin()
        #expect(try await !transaction.invalidate("nobody", in: carts))
        #expect(try await world.trips { try await transaction.commit() } == [:])
    }
}
