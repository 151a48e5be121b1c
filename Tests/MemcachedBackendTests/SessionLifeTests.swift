import MemcachedBackend
import MemcachedServer
import SessionClock
import SessionCore
import SessionFormats
import StoreLaws
import Testing

/// Sessions and their lives on a real server, whose clock nobody moves: only ours does.
@Suite struct SessionLifeTests {
    private static let server = Result { try MemcachedServer() }

    private let clock = ShiftedClock(SystemClock())

    private func container(
        _ name: String, timeout: Int64, resolution: Int64 = 0
    ) throws -> (SessionContainer, MemcachedStore) {
        let server = try Self.server.get()
        let store = MemcachedStore(address: .tcp(host: "127.0.0.1", port: server.port), clock: clock)
        let container = try SessionContainer(
            name, in: store, profile: TidemarkProfile(), timeout: timeout, resolution: resolution)
        return (container, store)
    }

    private func write(_ value: SessionValue, to id: String, in container: SessionContainer) async throws {
        let transaction = Transaction(clock: clock)
        try await transaction.open(id, in: container).set(value, at: "/p/k")
        try await transaction.commit()
    }

    private func stored(_ id: String, in container: SessionContainer) async throws -> StoredRecord? {
        let key = RecordKey("tidemark:\(container.name):\(id)")
        return try await container.store.load([key])[key]
    }

    @Test(arguments: [31, 30, 400] as [Int64])
    func `a timeout beyond what the server takes as relative is kept`(days: Int64) async throws {
        let (container, store) = try container("days\(days)", timeout: days * 86_400)
        try await write(1, to: "id", in: container)
        let expiry = try #require(try await stored("id", in: container)?.expiry)
        let left = try #require(expiry.secondsLeft(at: clock.now()))
        #expect(days * 86_400 - 40...days * 86_400 + 10 ~= left)
        await store.close()
    }

    @Test func `a timeout of 0 gives a life without end`() async throws {
        let (container, store) = try container("endless", timeout: 0)
        try await write(1, to: "id", in: container)
        #expect(try await stored("id", in: container)?.expiry == .never)
        await store.close()
    }

    @Test func `a working copy times out by our clock, and the record stays the server's`() async throws {
        let (container, store) = try container("idle", timeout: 60)
        try await write("stored", to: "id", in: container)
        let transaction = Transaction(clock: clock)
        let session = try await transaction.open("id", in: container)
        let fresh = try await transaction.open("unknown", in: container)
        try session.set("staged", at: "/p/k")
        try fresh.set("staged", at: "/p/k")
        clock.advance(milliseconds: 61_000)
        _ = try await transaction.open(["id", "unknown"], in: container)
        #expect(try session.value(at: "/p/k") == "stored")
        #expect(try fresh["p"].isEmpty)
        #expect(!session.isDirty && !fresh.isDirty)
        await store.close()
    }

    @Test func `a session that is only read gets a new life by one touch, and keeps its revision`() async throws {
        let (container, store) = try container("read", timeout: 60, resolution: 20)
        try await write("kept", to: "id", in: container)
        let revision = try await stored("id", in: container)?.revision.number
        let transaction = Transaction(clock: clock)
        let session = try await transaction.open("id", in: container)
        clock.advance(milliseconds: 30_000)
        #expect(try session.value(at: "/p/k") == "kept")
        let before = await store.traffic().trips
        #expect(try await transaction.commit().isEmpty)
        let after = await store.traffic().trips
        #expect((after[.touch] ?? 0) - (before[.touch] ?? 0) == 1)
        #expect(after[.write] == before[.write] && after[.check] == before[.check])
        #expect(try await stored("id", in: container)?.revision.number == revision)
        await store.close()
    }

    @Test func `opening any number of sessions is one round trip, a commit of one is one, of an unchanged none`()
        async throws
    {
        let (container, store) = try container("trips", timeout: 60, resolution: 20)
        let transaction = Transaction(clock: clock)
        _ = try await store.facts()
        func trips() async -> Int { await store.traffic().total }
        var before = await trips()
        let sessions = try await transaction.open((0..<100).map(String.init), in: container)
        #expect(await trips() - before == 1)
        before = await trips()
        let point = try transaction.savepoint()
        try sessions[7].set(1, at: "/p/k")
        try point.rollback()
        try sessions[7].set(2, at: "/p/k")
        #expect(await trips() == before)
        try await transaction.commit()
        #expect(await trips() - before == 1)
        let reading = Transaction(clock: clock)
        #expect(try await reading.open("7", in: container).value(at: "/p/k") == 2)
        before = await trips()
        try await reading.commit()
        #expect(await trips() == before)
        await store.close()
    }

    @Test func `two writers of different keys merge, of one key do not, and a retry goes through`() async throws {
        let (container, store) = try container("writers", timeout: 60)
        try await write(0, to: "id", in: container)
        func race(_ path: String, against theirs: SessionValue, _ rule: ConflictRule) async throws {
            let transaction = Transaction(clock: clock)
            let session = try await transaction.open("id", in: container)
            try session.set("mine", at: path)
            try await write(theirs, to: "id", in: container)
            try await transaction.commit(conflicts: rule)
        }
        try await race("/p/other", against: 1, .merge)
        let reading = Transaction(clock: clock)
        #expect(
            try await reading.open("id", in: container).value(at: "/p") == ["k": 1, "other": "mine"])
        await #expect {
            try await race("/p/k", against: 2, .merge)
        } throws: { ($0 as? TransactionError)?.isRetryable == true }
        await #expect {
            try await race("/p/third", against: 3, .refuse)
        } throws: { ($0 as? TransactionError)?.isRetryable == true }
        await store.close()
    }

    @Test func `what only a counting store can do is refused by name`() async throws {
        let server = try Self.server.get()
        let store = MemcachedStore(address: .tcp(host: "127.0.0.1", port: server.port), clock: clock)
        for (limit, events) in [(1, nil), (nil, SessionEvents())] as [(Int?, SessionEvents?)] {
            #expect {
                try SessionContainer("c", in: store, profile: TidemarkProfile(), limit: limit, events: events)
            } throws: { error in
                (error as? StoreError)?.code == .unsupported && "\(error)".contains(store.name)
            }
        }
        await store.close()
    }
}
