import SessionCore
import Testing

@Suite struct LookupCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `an unknown id gives an empty session and no error, and nothing is written`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let trips = try await world.trips {
            let transaction = world.begin()
            let session = try await transaction.open("nobody", in: carts, packages: ["myData"])
            #expect(session.id == "nobody")
            #expect(session.isNew)
            #expect(!session.isDirty)
            #expect(try session.packages.isEmpty)
            try await transaction.commit()
        }
        #expect(trips == [.load: 1])
        #expect(try await !world.isStored("nobody", in: carts))
    }

    @Test(arguments: RecordGranularity.both)
    func `an unknown package is empty, the same handle every time, and never written for being looked at`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let trips = try await world.trips {
            let transaction = world.begin()
            let session = try await transaction.open("id", in: carts, packages: ["myData"])
            #expect(try session["myData"].isEmpty)
            #expect(try session["myData"].count == 0)
            #expect(try session["myData"].keys == [])
            #expect(session["myData"] == session["myData"])
            #expect(try session.value(at: "/myData") == [:])
            #expect(!session.isDirty && !session.wasChanged)
            #expect(try !session["myData"].isDirty)
            try await transaction.commit()
        }
        #expect(trips == [.load: 1])
    }

    @Test(arguments: RecordGranularity.both)
    func `a missing key is an error that names it, and a default where one is given`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 1], in: carts)
        let session = try await world.begin().open("id", in: carts, packages: ["myData", "none"])
        let missing = JSONPointer(tokens: ["myData", "nothing"])
        #expect(throws: SessionError.place(.noKey(missing))) { try session["myData"]["nothing"] }
        #expect(throws: SessionError.self) { try session["none"]["nothing"] }
        #expect(throws: SessionError.self) { try session.value(at: "/myData/nothing") }
        #expect(throws: SessionError.self) { try session.value(at: "/none/nothing") }
        #expect(SessionError.place(.noKey(missing)).description == "no key /myData/nothing")
        #expect(try session["myData"]["nothing", default: 7] == 7)
        #expect(try session["myData"]["info", default: 7] == 1)
        #expect(try session["myData"].value(of: "nothing") == nil)
        #expect(try !session["myData"].contains("nothing"))
        #expect(try session["myData"].contains("info"))
        #expect(try !session.contains("/myData/nothing"))
        #expect(!session.isDirty)
    }

    @Test(arguments: RecordGranularity.both)
    func `removing a missing key is an error that names it`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        let session = try await world.begin().open("id", in: carts, packages: ["myData"])
        let missing = SessionError.place(.noKey(JSONPointer(tokens: ["myData", "nothing"])))
        #expect(throws: missing) { try session.update { try $0["myData"].remove("nothing") } }
        #expect(throws: SessionError.self) { try session.remove(at: "/myData/nothing") }
        #expect(!session.isDirty)
    }

    @Test(arguments: RecordGranularity.both)
    func `what is set is seen by nobody else before the commit, and by everybody after it`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let mine = world.begin()
        let session = try await mine.open("id", in: carts, packages: ["myData"])
        try session.update { $0["myData"]["info"] = "stored" }
        #expect(try session["myData"]["info"] == "stored")
        #expect(session.isDirty)
        #expect(try await world.begin().open("id", in: carts, packages: ["myData"])["myData"].isEmpty)
        #expect(try await world.stored(in: carts) == nil)
        #expect(try await world.trips { try await mine.commit() } == [.write: 1])
        let theirs = try await world.begin().open("id", in: carts, packages: ["myData"])
        #expect(try theirs["myData"]["info"] == "stored")
        #expect(!theirs.isNew)
    }

    @Test(arguments: RecordGranularity.both)
    func `a new transaction reads the store, not what an earlier one left in memory`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": "mine"], in: carts)
        let payload = granularity == .session ? #"{"myData": {"info": "theirs"}}"# : #"{"info": "theirs"}"#
        await world.store.loadInitialData(
            key: carts.recordKey("id", package: "myData"), payload: Array(payload.utf8))
        let session = try await world.begin().open("id", in: carts, packages: ["myData"])
        #expect(try session["myData"]["info"] == "theirs")
    }

    @Test(arguments: RecordGranularity.both)
    func `within a transaction an id is looked up once, and gives equal handles of one session`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let trips = try await world.trips {
            let first = try await transaction.open("id", in: carts, packages: ["myData"])
            let second = try await transaction.open("id", in: carts, packages: ["myData"])
            #expect(first == second)
            #expect(Set([first, second]).count == 1)
            try first.update { $0["myData"]["info"] = 1 }
            #expect(try second["myData"]["info"] == 1)
            #expect(try await transaction.open("other", in: carts, packages: ["myData"]) != first)
        }
        #expect(trips == [.load: 2])
        #expect(transaction.sessions(in: carts).map(\.id) == ["id", "other"])
        let elsewhere = try await world.begin().open("id", in: carts, packages: ["myData"])
        #expect(elsewhere != transaction.sessions(in: carts)[0])
    }

    @Test func `a hundred sessions are looked up in one round trip, in the order they were asked for`() async throws {
        let carts = try world.container()
        for number in 0..<100 where number.isMultiple(of: 2) {
            try await world.commit(["number": .integer(number)], as: "id\(number)", in: carts)
        }
        let ids = (0..<100).map { "id\($0)" }
        let trips = try await world.trips {
            let sessions = try await world.begin().open(ids + ["id0"], in: carts)
            #expect(sessions.map(\.id) == ids + ["id0"])
            #expect(sessions[0] == sessions[100])
            #expect(try sessions[42]["myData"]["number"] == 42)
            #expect(try sessions[43]["myData"].isEmpty)
        }
        #expect(trips == [.load: 1])
    }

    @Test func `asked not to create, an unknown id or none gives nothing, and an id that is stored its session`()
        async throws
    {
        let carts = try world.container()
        try await world.commit(["info": 1], in: carts)
        let transaction = world.begin()
        #expect(try await transaction.open(nil, in: carts, create: false) == nil)
        #expect(try await transaction.open("unknown", in: carts, create: false) == nil)
        #expect(transaction.sessions(in: carts).isEmpty, "neither a session nor an id was made")
        let known = try #require(try await transaction.open("id", in: carts, create: false))
        #expect(try known["myData"]["info"] == 1)
        let adopted = try #require(try await transaction.open("unknown", in: carts, create: true))
        #expect(adopted.id == "unknown")
        let fresh = try #require(try await transaction.open(nil, in: carts, create: true))
        #expect(fresh.id == nil)
    }

    @Test func `a session that was set but not stored yet is there for a lookup that must not create`() async throws {
        let carts = try world.container()
        let transaction = world.begin()
        try await transaction.open("id", in: carts).set(1, at: "/myData/info")
        let found = try #require(try await transaction.open("id", in: carts, create: false))
        #expect(try found["myData"]["info"] == 1)
    }
}
