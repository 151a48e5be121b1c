import SessionCore
import Testing

/// Profiles whose keys do not tell whose they are.
@Suite struct HashedKeyCases {
    let world = SessionWorld()
    let profile = CaseProfile(hashesKeys: true)

    @Test(arguments: RecordGranularity.both)
    func `sessions are looked up by id, and neither id nor container nor package stands in a key`(
        granularity: RecordGranularity
    ) async throws {
        let carts = try world.container(granularity, profile: profile)
        let prefs = try world.container(granularity, name: "prefs", profile: profile)
        try await world.commit(["info": "cart"], as: "roger.ineichen", in: carts)
        try await world.commit(["info": "pref"], as: "roger.ineichen", in: prefs)
        for (container, value) in [(carts, "cart"), (prefs, "pref")] as [(SessionContainer, SessionValue)] {
            let session = try await world.begin().open("roger.ineichen", in: container, packages: ["myData"])
            #expect(session.id == "roger.ineichen")
            #expect(try session["myData"]["info"] == value)
        }
        var keys: [String] = []
        for try await batch in world.store.scan() { keys += (0..<batch.count).map { batch[$0].key.description } }
        #expect(keys.count == 2)
        for part in ["roger", "carts", "prefs", "myData"] { #expect(!keys.contains { $0.contains(part) }) }
    }

    @Test(arguments: RecordGranularity.both)
    func `they expire, move and end like any other`(granularity: RecordGranularity) async throws {
        let carts = try world.container(granularity, profile: profile)
        try await world.commit(["info": 1], as: "a/b, which other profiles refuse", in: carts)
        let transaction = world.begin()
        _ = try await transaction.open("a/b, which other profiles refuse", in: carts, packages: ["myData"])
            .move(to: "known")
        #expect(try await world.trips { try await transaction.commit() } == [.write: 1])
        #expect(try await world.stored("known", in: carts) == ["myData": ["info": 1]])
        #expect(try await !world.isStored("a/b, which other profiles refuse", in: carts))
        world.pass(seconds: 70)
        #expect(try await world.begin().open("known", in: carts, packages: ["myData"]).isNew)
    }

    @Test func `what must tell whose a key is is refused by name`() async throws {
        for (limit, events) in [(2, nil), (nil, SessionEvents())] as [(Int?, SessionEvents?)] {
            #expect {
                try world.container(profile: profile, limit: limit, events: events)
            } throws: { error in
                guard let error = error as? StoreError else { return false }
                return error.code == .unsupported && error.detail.contains("the case profile hashes its keys")
            }
        }
        let carts = try world.container(profile: profile)
        await #expect {
            try await carts.sweep()
        } throws: { ($0 as? StoreError)?.code == .unsupported }
        await #expect {
            try await carts.retime(from: ContainerTiming(timeout: 5, resolution: 1), at: world.clock.now())
        } throws: { ($0 as? StoreError)?.code == .unsupported }
    }
}
