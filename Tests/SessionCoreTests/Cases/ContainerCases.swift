import SessionCore
import Testing

/// Containers beside each other, and records reached by their keys.
@Suite struct ContainerCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `two containers on one store keep sessions of one id apart`(granularity: RecordGranularity) async throws {
        let (carts, prefs) = (try world.container(granularity), try world.container(granularity, name: "prefs"))
        try await world.commit(["info": "cart"], in: carts)
        try await world.commit(["info": "pref"], in: prefs)
        let transaction = world.begin()
        let cart = try await transaction.open("id", in: carts, packages: ["myData"])
        let pref = try await transaction.open("id", in: prefs, packages: ["myData"])
        #expect(cart != pref)
        #expect(try cart["myData"]["info"] == "cart")
        #expect(try pref["myData"]["info"] == "pref")
        #expect(transaction.sessions(in: carts) == [cart])
        #expect(transaction.sessions(in: prefs) == [pref])
        try cart.destroy()
        try await transaction.commit()
        #expect(try await !world.isStored(in: carts))
        #expect(try await world.isStored(in: prefs))
    }

    @Test(arguments: RecordGranularity.both)
    func `two containers of one name under two profiles keep their sessions apart`(
        granularity: RecordGranularity
    ) async throws {
        let one = try world.container(granularity, profile: CaseProfile(name: "one"))
        let two = try world.container(granularity, profile: CaseProfile(name: "two", isOwn: false))
        let transaction = world.begin()
        let first = try await transaction.open("id", in: one, packages: ["myData"])
        let second = try await transaction.open("id", in: two, packages: ["myData"])
        try first.set(1, at: "/myData/info")
        try second.set(2, at: "/myData/info")
        #expect(try first["myData"]["info"] == 1)
        #expect(transaction.sessions(in: one) == [first])
        #expect(transaction.sessions(in: two) == [second])
        #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
        #expect(try await world.stored(in: one) == ["myData": ["info": 1]])
        #expect(try await world.stored(in: two) == ["myData": ["info": 2]])
    }

    @Test(arguments: RecordGranularity.both)
    func `a record that two containers share has one working copy, and is written once`(
        granularity: RecordGranularity
    ) async throws {
        let one = try world.container(granularity, profile: SampleProfile())
        let two = try world.container(granularity, profile: SampleProfile(isOwn: false))
        let transaction = world.begin()
        let first = try await transaction.open("id", in: one, packages: ["myData"])
        let second = try await transaction.open("id", in: two, packages: ["myData"])
        try first.set(1, at: "/myData/first")
        try second.set(2, at: "/myData/second")
        #expect(try first["myData"]["second"] == 2)
        #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
        #expect(try await world.stored(in: one) == ["myData": ["first": 1, "second": 2]])
    }

    @Test func `two handles of one container are one container`() async throws {
        let (one, two) = (try world.container(), try world.container())
        let transaction = world.begin()
        let session = try await transaction.open("id", in: one)
        let trips = try await world.trips {
            let same = try await transaction.open("id", in: two)
            #expect(same == session)
        }
        #expect(trips == [:])
        #expect(transaction.sessions(in: two) == [session])
    }

    @Test func `two stores of one name are refused by name, and two of different names with writes by both`()
        async throws
    {
        let other = MemoryStore(name: "memory:", clock: world.clock)
        let second = MemoryStore(name: "second:", clock: world.clock)
        let transaction = world.begin()
        try await transaction.open("id", in: try world.container()).set(1, at: "/a/b")
        await #expect(throws: SessionError.transaction(.nameTaken("memory:"))) {
            try await transaction.open("id", in: try world.container(on: other))
        }
        let session = try await transaction.open("id", in: try world.container(on: second))
        try session.set(1, at: "/a/b")
        await #expect(throws: TransactionError.severalOneShotStores(["memory:", "second:"])) {
            try await transaction.commit()
        }
        try session.revert()
        try await transaction.commit()
    }

    @Test func `a container that its profile could not tell from another is refused by name`() async throws {
        #expect {
            try world.container(name: "a/b")
        } throws: { error in
            guard let error = error as? StoreError else { return false }
            return error.code == .badKey && error.detail.contains("a/b")
        }
        let carts = try world.container()
        await #expect(throws: SessionError.self) { try await world.begin().open("a/b", in: carts) }
        await #expect(throws: SessionError.self) { try await world.begin().open("", in: carts) }
    }

    @Test func `a stored key opens its record as it is stored: a package's own record is flat`() async throws {
        let carts = try world.container(.package)
        try await world.commit(["info": 1], in: carts)
        let key = carts.recordKey("id", package: "myData")
        let transaction = world.begin()
        let session = try #require(try await transaction.open(storedKey: key, in: carts))
        #expect(session.id == "id" && !session.isNew)
        #expect(try session.value(at: "/info") == 1)
        try session.set(2, at: "/info")
        try await transaction.commit()
        #expect(try await world.stored(in: carts) == ["myData": ["info": 2]])
    }

    @Test(arguments: RecordGranularity.both)
    func `a stored key and the id lead to one working copy, whichever comes first`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let key = carts.recordKey("id", package: "myData")
        for keyFirst in [true, false] {
            try await world.commit(["info": 1], in: carts)
            let transaction = world.begin()
            if keyFirst { _ = try await transaction.open(storedKey: key, in: carts) }
            let byID = try await transaction.open("id", in: carts, packages: ["myData"])
            let byKey = try #require(try await transaction.open(storedKey: key, in: carts))
            try byID.set(2, at: "/myData/info")
            #expect(byKey.isDirty)
            // A package's own record is shown flat when it is looked up by its key: another view of the same copy.
            #expect((byID == byKey) == (granularity == .session || !keyFirst))
            #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
            #expect(try await world.stored(in: carts) == ["myData": ["info": 2]])
        }
    }

    @Test func `a stored key of no record gives nothing, one of another profile or container is refused`() async throws
    {
        let carts = try world.container(profile: CaseProfile())
        let prefs = try world.container(name: "prefs", profile: CaseProfile())
        try await world.commit(["info": 1], in: prefs)
        let transaction = world.begin()
        #expect(try await transaction.open(storedKey: "case/carts/none", in: carts) == nil)
        await #expect(throws: SessionError.self) { try await transaction.open(storedKey: "lock:1", in: carts) }
        await #expect(throws: SessionError.self) { try await transaction.open(storedKey: "case/prefs/id", in: carts) }
        #expect(transaction.sessions(in: carts).isEmpty)
    }
}
