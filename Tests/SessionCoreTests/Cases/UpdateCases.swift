import SessionCore
import Testing

@Suite struct UpdateCases {
    let world = SessionWorld()

    private struct Refusal: Error {}

    @Test(arguments: RecordGranularity.both)
    func `an update that throws keeps nothing of what it did`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        try await world.commit(["info": 1], in: carts)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData", "new"])
        try session.set(2, at: "/myData/staged")
        #expect(throws: Refusal.self) {
            try session.update { draft in
                draft["myData"]["info"] = 9
                draft["new"]["info"] = 9
                draft.remove(package: "myData")
                throw Refusal()
            }
        }
        #expect(try session["myData"].entries.map(\.value) == [1, 2])
        #expect(try session["new"].isEmpty)
        try await transaction.commit()
        #expect(
            try await world.stored(packages: ["myData", "new"], in: carts) == ["myData": ["info": 1, "staged": 2]])
    }

    @Test(arguments: RecordGranularity.both)
    func `an update in which one value is refused keeps nothing, and says the first place`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, profile: CaseProfile(format: PickyFormat()))
        let session = try await world.begin().open("id", in: carts, packages: ["myData"])
        #expect(throws: SessionError.refused(JSONPointer(tokens: ["myData", "first"]), "it has no bytes")) {
            try session.update { draft in
                draft["myData"]["good"] = 1
                draft["myData"]["first"] = .bytes([1])
                draft["myData"]["second"] = .bytes([2])
                draft["myData"]["also good"] = 1
            }
        }
        #expect(!session.isDirty && !session.wasChanged)
        #expect(session.id == "id")
        #expect(try session["myData"].isEmpty)
    }

    @Test func `a refusal that the closure catches is no refusal`() async throws {
        let carts = try world.container(profile: CaseProfile(format: PickyFormat()))
        let session = try await world.begin().open("id", in: carts)
        try session.update { draft in
            let place = JSONPointer(tokens: ["myData", "photo"])
            do { try draft.set(.bytes([1]), at: place) } catch { try draft.set("no photo", at: place) }
            do { try draft["myData"].remove("none") } catch { draft["myData"]["note"] = "there was none" }
        }
        #expect(try session.value(at: "/myData") == ["photo": "no photo", "note": "there was none"])
    }

    @Test(arguments: RecordGranularity.both)
    func `updates from many tasks all count`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        let other = try await transaction.open("other", in: carts, packages: ["myData"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try (number.isMultiple(of: 2) ? session : other).update { draft in
                        guard case .integer(let count) = draft["myData"]["count", default: 0] else { return }
                        draft["myData"]["count"] = .integer(count + 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try session["myData"]["count"] == 25)
        #expect(try other["myData"]["count"] == 25)
    }

    @Test func `an update that is overtaken runs again over what is there`() async throws {
        let carts = try world.container()
        let session = try await world.begin().open("id", in: carts)
        var runs = 0
        try session.update { draft in
            runs += 1
            // What another task does meanwhile.
            if runs == 1 { try session.set(10, at: "/myData/count") }
            guard case .integer(let count) = draft["myData"]["count", default: 0] else { return }
            draft["myData"]["count"] = .integer(count + 1)
        }
        #expect(runs == 2)
        #expect(try session["myData"]["count"] == 11)
    }

    @Test func `the session as a whole can be set, but only to a map`() async throws {
        let carts = try world.container()
        let session = try await world.begin().open("id", in: carts)
        try session.set(["myData": ["info": 1]], at: "")
        #expect(try session["myData"]["info"] == 1)
        #expect(throws: SessionError.self) { try session.set(5, at: "") }
        #expect(throws: SessionError.self) { try session.set([1], at: "") }
        #expect(try session["myData"]["info"] == 1)
        try session.remove(at: "")
        #expect(try session.packages.isEmpty)
    }

    @Test(arguments: [true, false])
    func `twenty thousand keys are set in one update and committed in one write`(isNew: Bool) async throws {
        let carts = try world.container()
        if !isNew { try await world.commit(["info": 1], in: carts) }
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts)
        let clock = ContinuousClock()
        let update = try clock.measure {
            try session.update { draft in
                for number in 0..<20_000 { draft["myData"][.string("key\(number)")] = .integer(number) }
            }
        }
        let commitStart = clock.now
        #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
        // Told, not judged: how fast a machine is says nothing about right or wrong.
        print("20,000 keys in a \(isNew ? "new" : "stored") package: \(update), commit \(clock.now - commitStart)")
        let read = try await world.begin().open("id", in: carts)
        #expect(try read["myData"].count == (isNew ? 20_000 : 20_001))
        #expect(try read["myData"]["key19999"] == 19_999)
    }
}
