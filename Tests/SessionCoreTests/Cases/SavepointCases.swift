import SessionCore
import Testing

@Suite struct SavepointCases {
    let world = SessionWorld()

    private func open(
        _ granularity: RecordGranularity, _ transaction: Transaction
    ) async throws -> (SessionContainer, Session) {
        let carts = try world.container(granularity)
        return (carts, try await transaction.open("id", in: carts, packages: ["myData", "myNewData"]))
    }

    @Test(arguments: RecordGranularity.both)
    func `a rollback brings the value back, seen through the handle that was there before`(
        granularity: RecordGranularity
    ) async throws {
        let transaction = world.begin()
        let (_, session) = try await open(granularity, transaction)
        let package = session["myData"]
        try session.set("we want to keep this", at: "/myData/info")
        let savepoint = try transaction.savepoint()
        try session.set("this should be dumped", at: "/myData/info")
        #expect(try package["info"] == "this should be dumped")
        try savepoint.rollback()
        #expect(try package["info"] == "we want to keep this")
        #expect(try session.value(at: "/myData/info") == "we want to keep this")
    }

    @Test(arguments: RecordGranularity.both)
    func `a second rollback to a savepoint takes new keys and packages away, and looking at them stores nothing`(
        granularity: RecordGranularity
    ) async throws {
        let transaction = world.begin()
        let (carts, session) = try await open(granularity, transaction)
        try session.set("we want to keep this", at: "/myData/info")
        let savepoint = try transaction.savepoint()
        try session.set("this should be dumped", at: "/myData/info")
        try savepoint.rollback()
        try session.set("this should be dumped", at: "/myData/newinfo")
        try session.set("dumped too", at: "/myNewData/info")
        #expect(try session.packages == ["myData", "myNewData"])
        let trips = try await world.trips { try savepoint.rollback() }
        #expect(trips == [:], "a rollback waits for nothing")
        #expect(throws: SessionError.place(.noKey(JSONPointer(tokens: ["myData", "newinfo"])))) {
            try session["myData"]["newinfo"]
        }
        #expect(try session["myNewData"].isEmpty)
        #expect(try session.packages == ["myData"])
        try await transaction.commit()
        #expect(
            try await world.stored(packages: ["myData", "myNewData"], in: carts)
                == ["myData": ["info": "we want to keep this"]])
    }

    @Test(arguments: RecordGranularity.both)
    func `rolling back ends the later savepoints, and the earlier one can be rolled back to again`(
        granularity: RecordGranularity
    ) async throws {
        let transaction = world.begin()
        let (_, session) = try await open(granularity, transaction)
        try session.set(1, at: "/myData/info")
        let first = try transaction.savepoint()
        try session.set(2, at: "/myData/info")
        let second = try transaction.savepoint()
        try session.set(3, at: "/myData/info")
        try second.rollback()
        #expect(try session["myData"]["info"] == 2)
        try first.rollback()
        #expect(try session["myData"]["info"] == 1)
        #expect(throws: TransactionError.savepointInvalid) { try second.rollback() }
        #expect(!second.isValid && first.isValid)
        try session.set(4, at: "/myData/info")
        try first.rollback()
        #expect(try session["myData"]["info"] == 1, "an invalid rollback did nothing to the valid one")
    }

    @Test(arguments: RecordGranularity.both, [true, false])
    func `commit and abort end all savepoints`(granularity: RecordGranularity, commits: Bool) async throws {
        let transaction = world.begin()
        let (_, session) = try await open(granularity, transaction)
        let savepoint = try transaction.savepoint()
        try session.set(1, at: "/myData/info")
        if commits { try await transaction.commit() } else { try await transaction.abort() }
        #expect(!savepoint.isValid)
        #expect(throws: TransactionError.ended) { try savepoint.rollback() }
    }

    @Test(arguments: RecordGranularity.both)
    func `a session first looked up after the savepoint returns to what was loaded, and stays in use`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": "loaded"], in: carts)
        let transaction = world.begin()
        let savepoint = try transaction.savepoint()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        let fresh = try await transaction.open("fresh", in: carts, packages: ["myData"])
        try session.set("dumped", at: "/myData/info")
        try fresh.set("dumped", at: "/myData/info")
        try savepoint.rollback()
        #expect(try session["myData"]["info"] == "loaded")
        #expect(try fresh["myData"].isEmpty)
        #expect(!session.isDirty && !fresh.isDirty)
        try session.set("kept", at: "/myData/more")
        #expect(try await transaction.open("id", in: carts, packages: ["myData"]) == session)
        try await transaction.commit()
        #expect(try await world.stored(in: carts) == ["myData": ["info": "loaded", "more": "kept"]])
        #expect(try await !world.isStored("fresh", in: carts))
    }

    @Test(arguments: RecordGranularity.both)
    func `a package deleted after the savepoint comes back, and its old handle works`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": ["nested": [1, 2]]], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        let package = session["myData"]
        let savepoint = try transaction.savepoint()
        try session.update { $0.remove(package: "myData") }
        #expect(try package.isEmpty)
        #expect(try session.packages.isEmpty)
        try savepoint.rollback()
        #expect(try package["info"] == ["nested": [1, 2]])
        try session.set(3, at: "/myData/info/nested/-")
        #expect(try package["info"] == ["nested": [1, 2, 3]])
        try await transaction.commit()
        #expect(try await world.stored(in: carts) == ["myData": ["info": ["nested": [1, 2, 3]]]])
    }

    @Test(arguments: RecordGranularity.both)
    func `a destroyed, invalidated or cleared session comes back by a rollback`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 1], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        let savepoint = try transaction.savepoint()
        for end in [Session.destroy, Session.invalidate, Session.clear] {
            try end(session)()
            #expect(try session["myData"].isEmpty)
            #expect(session.isDirty)
            try savepoint.rollback()
            #expect(try session["myData"]["info"] == 1)
            #expect(!session.isDirty)
        }
        #expect(try await world.trips { try await transaction.commit() } == [:])
    }

    @Test(arguments: RecordGranularity.both)
    func `a savepoint holds what was staged when it was made, over all sessions and containers`(
        granularity: RecordGranularity
    ) async throws {
        let (carts, prefs) = (try world.container(granularity), try world.container(granularity, name: "prefs"))
        let transaction = world.begin()
        let cart = try await transaction.open("id", in: carts, packages: ["myData"])
        let pref = try await transaction.open("id", in: prefs, packages: ["myData"])
        try cart.set(1, at: "/myData/info")
        let savepoint = try transaction.savepoint()
        try cart.set(2, at: "/myData/info")
        try pref.set(2, at: "/myData/info")
        try savepoint.rollback()
        #expect(try cart["myData"]["info"] == 1)
        #expect(try pref["myData"].isEmpty)
        try await transaction.commit()
        #expect(try await world.stored(in: carts) == ["myData": ["info": 1]])
        #expect(try await world.stored(in: prefs) == nil)
    }
}
