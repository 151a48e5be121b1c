import SessionCore
import Testing

@Suite struct CommitCases {
    let world = SessionWorld()
    let log = CallLog()

    @Test func `participants go through the phases side by side, and sessions vote when all others have`() async throws {
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

    @Test(arguments: RecordGranularity.both)
    func `a value that the format does not have is refused where it is set, by name of its place`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, profile: CaseProfile(format: PickyFormat()))
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        for refused: SessionValue in [.bytes([1]), ["deep": [.bytes([1])]]] {
            #expect {
                try session.set(refused, at: "/myData/photo")
            } throws: { "\($0)" == "/myData/photo: it has no bytes" }
            #expect {
                try session.update { $0["myData"]["photo"] = refused }
            } throws: { "\($0)" == "/myData/photo: it has no bytes" }
        }
        #expect(!session.isDirty)
        #expect(try await world.trips { try await transaction.commit() } == [:])
    }

    @Test(arguments: RecordGranularity.both)
    func `what turns out to have no encoding fails the commit by name of its place, before anything is written`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, profile: CaseProfile(format: PickyFormat()))
        let transaction = world.begin()
        try await transaction.open("good", in: carts, packages: ["myData"]).set(1, at: "/myData/info")
        try await transaction.open("id", in: carts, packages: ["myData"]).set("late", at: "/myData/info")
        try transaction.join(SampleParticipant(name: "a", log: log))
        let trips = try await world.trips {
            await #expect {
                try await transaction.commit()
            } throws: { error in
                let text = "\(error)"
                return text.contains("it has no word for late") && text.contains("/info")
                    && text.contains(carts.recordKey("id", package: "myData").description)
                    && (error as? TransactionError)?.isRetryable == false
            }
        }
        #expect(trips == [:])
        #expect(!log.all.contains("a.finish"))
        #expect(try await !world.isStored("good", in: carts))
    }

    @Test(arguments: RecordGranularity.both)
    func `what is too large fails the commit by name of its place and size, and nothing is written`(
        granularity: RecordGranularity
    ) async throws {
        let world = SessionWorld(recordLimit: 1_048_576)
        let carts = try world.container(granularity)
        try await world.commit(["info": 0], in: carts)
        let transaction = world.begin()
        let large = String(repeating: "x", count: 1_048_576)
        let session = try await transaction.open("id", in: carts, packages: ["myData", "album"])
        try await transaction.open("good", in: carts, packages: ["myData"]).set(1, at: "/myData/info")
        try session.set("small", at: "/album/title")
        try session.set(.string(large), at: "/album/photo")
        try transaction.join(SampleParticipant(name: "a", log: log))
        await #expect {
            try await transaction.commit()
        } throws: { error in
            let text = "\(error)"
            return text.contains("/photo, 1048578 bytes") && text.contains("carts/id")
        }
        #expect(!log.all.contains("a.finish"))
        #expect(try await world.stored(in: carts) == ["myData": ["info": 0]])
        #expect(try await !world.isStored("good", in: carts))
        try session.set("a smaller one", at: "/album/photo")
        try await transaction.commit()
        #expect(try await world.isStored("good", in: carts), "the transaction went on")
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
