import SessionCore
import Testing

/// Sessions without a transaction, as several processes look at the progress of a job.
@Suite struct LiveCases {
    let world = SessionWorld()

    @Test(arguments: RecordGranularity.both)
    func `every read sees the newest stored value, in one round trip`(granularity: RecordGranularity) async throws {
        let jobs = try world.container(granularity)
        let job = jobs.live("job", packages: ["myData"], clock: world.clock)
        #expect(try await job.read { try $0["myData"]["done", default: -1] } == -1)
        for done in 1...3 {
            try await world.commit(["done": .integer(done)], as: "job", in: jobs)
            let trips = try await world.trips {
                let seen = try await job.read { try $0["myData"]["done"] }
                #expect(seen == .integer(done))
            }
            #expect(trips == [.load: 1])
        }
    }

    @Test(arguments: RecordGranularity.both)
    func `every update is stored at once, in one round trip to load and those of a commit`(
        granularity: RecordGranularity
    ) async throws {
        let jobs = try world.container(granularity)
        let job = jobs.live("job", packages: ["myData"], clock: world.clock)
        let trips = try await world.trips {
            try await job.update { draft in draft["myData"]["done"] = 1 }
        }
        #expect(trips == [.load: 1, .write: 1])
        #expect(try await world.stored("job", in: jobs) == ["myData": ["done": 1]])
        let unchanged = try await world.trips { try await job.update { $0["myData"]["done"] = 1 } }
        #expect(unchanged == [.load: 1])
    }

    @Test(arguments: RecordGranularity.both)
    func `an update over a faster writer is made again over what that wrote, and nothing is lost`(
        granularity: RecordGranularity
    ) async throws {
        let shaky = ShakyStore(world.store)
        let job = try world.container(granularity, on: shaky).live("job", packages: ["myData"], clock: world.clock)
        let other = try world.container(granularity)
        let world = world
        shaky.beforeCommit { try await world.commit(["done": 10], as: "job", in: other) }
        let trips = try await world.trips {
            let done = try await job.update { draft -> SessionValue in
                guard case .integer(let done) = draft["myData"]["done", default: 0] else { return .null }
                draft["myData"]["done"] = .integer(done + 1)
                draft["myData"]["mine"] = true
                return .integer(done + 1)
            }
            #expect(done == 11)
        }
        // Two loads and two tries of ours, one of each by the other.
        #expect(trips == [.load: 3, .write: 3])
        #expect(try await world.stored("job", in: other) == ["myData": ["done": 11, "mine": true]])
    }

    @Test func `an update that may not be made again says that somebody was faster`() async throws {
        let shaky = ShakyStore(world.store)
        let job = try world.container(on: shaky).live("job", clock: world.clock)
        let other = try world.container()
        let world = world
        shaky.beforeCommit { try await world.commit(["done": 10], as: "job", in: other) }
        await #expect {
            try await job.update(retries: 0) { $0["myData"]["done"] = 1 }
        } throws: { ($0 as? TransactionError)?.isRetryable == true }
        #expect(try await world.stored("job", in: other) == ["myData": ["done": 10]])
    }

    @Test func `updates from many tasks all count`() async throws {
        let job = try world.container().live("job", clock: world.clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await job.update { draft in
                        guard case .integer(let done) = draft["myData"]["done", default: 0] else { return }
                        draft["myData"]["done"] = .integer(done + 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await job.read { try $0["myData"]["done"] } == 20)
    }

    @Test func `what a read changes is dropped, and an update that throws stores nothing`() async throws {
        let jobs = try world.container()
        let job = jobs.live("job", clock: world.clock)
        try await world.commit(["done": 1], as: "job", in: jobs)
        let trips = try await world.trips {
            let seen = try await job.read { session in
                try session.set(2, at: "/myData/done")
                return try session["myData"]["done"]
            }
            #expect(seen == 2)
            await #expect(throws: CancellationError.self) {
                try await job.update { draft in
                    draft["myData"]["done"] = 3
                    throw CancellationError()
                }
            }
        }
        #expect(trips == [.load: 2])
        #expect(try await world.stored("job", in: jobs) == ["myData": ["done": 1]])
    }

    @Test func `a read refreshes the life as any use does`() async throws {
        let jobs = try world.container()
        let job = jobs.live("job", clock: world.clock)
        try await world.commit(["done": 1], as: "job", in: jobs)
        world.pass(seconds: 11)
        let trips = try await world.trips { _ = try await job.read { try $0["myData"]["done"] } }
        #expect(trips == [.load: 1, .touch: 1])
    }
}
