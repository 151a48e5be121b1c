import SessionCore
import Testing

/// What a session holds: packages and keys, and how they come and go.
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
}
