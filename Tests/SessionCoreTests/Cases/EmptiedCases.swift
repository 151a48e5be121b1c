import SessionCore
import Testing

/// What an emptied session becomes, and what is not taken for one.
@Suite struct EmptiedCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `an emptied session of our own is deleted, however it was emptied`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let ways: [(inout SessionDraft) throws -> Void] = [
            { $0.clear() }, { $0["myData"].removeAll() }, { $0.remove(package: "myData") },
            { try $0["myData"].remove("info") }, { $0["myData"]["info"] = nil },
            { try $0.remove(at: JSONPointer(tokens: ["myData", "info"])) },
        ]
        for way in ways {
            try await world.commit(["info": 1], in: carts)
            let transaction = world.begin()
            let session = try await transaction.open("id", in: carts, packages: ["myData"])
            try session.update(way)
            #expect(session.isDirty)
            #expect(try session.packages.isEmpty)
            #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
            #expect(try await !world.isStored(in: carts))
        }
    }

    @Test(arguments: RecordGranularity.both)
    func `an emptied foreign session is written empty, as its framework would`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, profile: SampleProfile(isOwn: false))
        try await world.commit(["info": 1], in: carts)
        let emptied = world.begin()
        try await emptied.open("id", in: carts, packages: ["myData"]).update { try $0["myData"].remove("info") }
        try await emptied.commit()
        #expect(try await world.stored(in: carts) == ["myData": [:]])
        let cleared = world.begin()
        let session = try await cleared.open("id", in: carts, packages: ["myData"])
        #expect(!session.isNew)
        try session.clear()
        try await cleared.commit()
        #expect(try await world.stored(in: carts) == (granularity == .session ? [:] : ["myData": [:]]))
    }

    @Test(arguments: RecordGranularity.both)
    func `what is cleared and filled again in one transaction is one change`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["old": 1, "same": 2], in: carts)
        for end in [Session.clear, Session.destroy, Session.invalidate] {
            let transaction = world.begin()
            let session = try await transaction.open("id", in: carts, packages: ["myData"])
            try end(session)()
            try session.set(1, at: "/myData/old")
            try session.set(2, at: "/myData/same")
            #expect(!session.isDirty, "it is what it was")
            try end(session)()
            try session.set(3, at: "/myData/new")
            try await transaction.commit()
            #expect(try await world.stored(in: carts) == ["myData": ["new": 3]])
            try await world.commit(["old": 1, "same": 2], in: carts)
            let last = world.begin()
            let kept = try await last.open("id", in: carts, packages: ["myData"])
            try kept.clear()
            try kept.update { draft in
                draft["myData"]["old"] = 1
                draft["myData"]["same"] = 2
            }
            try await last.commit()
        }
    }

    @Test(arguments: RecordGranularity.both)
    func `a session that cannot be read is not taken for empty, and is not written over`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        let key = carts.recordKey("id", package: "myData")
        await world.store.loadInitialData(key: key, payload: Array("?unreadable".utf8), lifetime: .seconds(70))
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        #expect(!session.isNew)
        #expect(throws: SessionError.self) { try session["myData"]["info"] }
        #expect(throws: SessionError.self) { try session["myData"].value(of: "info") }
        #expect(throws: SessionError.self) { try session["myData"].isEmpty }
        #expect(throws: SessionError.self) { try session.value(at: "/myData/info") }
        #expect {
            try session.set(1, at: "/myData/info")
        } throws: { "\($0)".contains("not readable as sample") || "\($0)".contains("is bytes") }
        #expect(throws: SessionError.self) { try session.update { $0["myData"]["info"] = 1 } }
        #expect(!session.isDirty)
        #expect(try await world.trips { try await transaction.commit() } == [:])
    }
}
