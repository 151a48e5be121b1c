import SessionCore
import Testing

/// What a session holds: packages and keys, how they come and go, and what an emptied one becomes.
@Suite struct ContentCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `packages and keys are listed in the order they are stored`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["b", "a", "empty"])
        try session.update { draft in
            draft["b"]["z"] = 1
            draft["b"]["y"] = 2
            draft["a"]["x"] = 3
        }
        try await transaction.commit()
        let read = try await world.begin().open("id", in: carts, packages: ["b", "a", "empty"])
        #expect(try read.packages == ["b", "a"])
        #expect(try read["b"].keys == ["z", "y"])
        #expect(try read["b"].count == 2)
        #expect(try read["b"].entries.map(\.value) == [1, 2])
        #expect(try read["b"].entries.map(\.key) == ["z", "y"])
        var drafted: [SessionValue] = []
        try read.update { draft in
            drafted = draft["b"].keys + draft["a"].keys
            #expect(draft["empty"].isEmpty && !draft["a"].isEmpty)
            #expect(draft["b"]["z", default: 9] == 1 && draft["b"]["w", default: 9] == 9)
            #expect(draft[pointer: JSONPointer(tokens: ["b", "y"])] == 2)
        }
        #expect(drafted == ["z", "y", "x"])
        #expect(!read.isDirty)
    }

    @Test(arguments: RecordGranularity.both)
    func `a draft is read as it is being changed`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        let session = try await world.begin().open("id", in: carts, packages: ["myData"])
        try session.update { draft in
            draft["myData"]["count", default: 0] = 1
            #expect(draft["myData"]["count"] == 1)
            draft["myData"]["gone"] = 1
            draft["myData"]["gone"] = nil
            #expect(draft["myData"].keys == ["count"])
            try draft.set([1], at: JSONPointer(tokens: ["myData", "list"]))
            try draft.set(2, at: JSONPointer(tokens: ["myData", "list", "-"]))
            try draft["myData"].remove("count")
            try draft.remove(at: JSONPointer(tokens: ["myData", "list", "0"]))
        }
        #expect(try session.value(at: "/myData") == ["list": [2]])
    }

    @Test(arguments: RecordGranularity.both)
    func `a deleted package is gone, its neighbours stay, and deleting one that is not there does nothing`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity)
        for package in ["a", "b"] { try await world.commit(["info": 1], package: package, in: carts) }
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["a", "b", "none"])
        try session.update { draft in
            draft.remove(package: "a")
            draft.remove(package: "none")
        }
        #expect(try session.packages == ["b"])
        try await transaction.commit()
        #expect(try await world.stored(packages: ["a", "b"], in: carts) == ["b": ["info": 1]])
    }

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

    @Test func `a flat session has one package without a name`() async throws {
        let carts = try world.container(profile: CaseProfile(layout: .flat))
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts)
        try session.update { $0.unnamed["actor_id"] = 14 }
        #expect(try session.unnamed["actor_id"] == 14)
        #expect(try session.value(at: "/actor_id") == 14)
        #expect(session.unnamed.name == nil)
        try await transaction.commit()
        #expect(try await world.stored(in: carts) == ["actor_id": 14])
        let cleared = world.begin()
        try await cleared.open("id", in: carts).update { $0.unnamed.removeAll() }
        try await cleared.commit()
        #expect(try await !world.isStored(in: carts))
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
