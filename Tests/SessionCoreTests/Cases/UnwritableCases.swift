import SessionCore
import Testing

/// Values that cannot be written.
@Suite struct UnwritableCases {
    let world = SessionWorld()
    let log = CallLog()

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
    func `a session that is stored by itself is refused in the same words, and keeps what is staged`(
        granularity: RecordGranularity
    ) async throws {
        let world = SessionWorld(recordLimit: 1000)
        let carts = try world.container(granularity, profile: CaseProfile(format: PickyFormat()))
        let session = try await world.begin().open("id", in: carts, packages: ["myData"])
        let key = carts.recordKey("id", package: "myData").description
        try session.set(.string(String(repeating: "x", count: 1000)), at: "/myData/photo")
        await #expect {
            try await session.store()
        } throws: { "\($0)".contains("/photo, 1002 bytes") && "\($0)".contains(key) }
        try session.set("late", at: "/myData/photo")
        await #expect {
            try await session.store()
        } throws: { "\($0)".contains("late, changed at") && "\($0)".contains("/photo") && "\($0)".contains(key) }
        #expect(session.isDirty)
        #expect(try await !world.isStored(in: carts))
    }

    @Test func `the place that is named as too large is one of the record that is`() async throws {
        let world = SessionWorld(recordLimit: 1000)
        let carts = try world.container()
        let transaction = world.begin()
        let sessions = try await transaction.open(["large", "long"], in: carts)
        for number in 0..<9 {
            try sessions[0].set(.string(String(repeating: "x", count: 200 + number)), at: "/album/photo\(number)")
        }
        try sessions[1].set(.string(String(repeating: "x", count: 500)), at: "/album/film")
        await #expect {
            try await transaction.commit()
        } throws: { "\($0)".contains("/album/photo8, 210 bytes") && "\($0)".contains("carts/large") }
    }
}
