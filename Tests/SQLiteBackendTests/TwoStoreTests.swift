import Glibc
import MemcachedBackend
import MemcachedServer
import SQLiteBackend
import SessionClock
import SessionCore
import StoreLaws
import Testing

/// One transaction over a database file and a memcached, both real: the database can take back and goes first.
@Suite struct TwoStoreTests {
    private static let server = Result { try MemcachedServer() }

    private static func cache(port: Int) -> MemcachedStore {
        MemcachedStore(
            address: .tcp(host: "127.0.0.1", port: port), timeouts: MemcachedTimeouts(connect: 60_000, read: 60_000),
            clock: SystemClock())
    }

    private static func addition(_ key: RecordKey) -> RecordWrite {
        RecordWrite(key: key, expectation: .absent, change: .put(payload: [1], flags: 0, expiry: .renew(.never)))
    }

    /// A commit of one key to both stores, which may end the process.
    private static func commit(
        _ key: RecordKey, path: String, port: Int, dyingAt point: DyingParticipant.Point?
    ) async throws {
        let database = try await SQLiteStore.open(SQLiteAddress(path: path), clock: SystemClock())
        let cache = cache(port: port)
        let transaction = Transaction(clock: SystemClock())
        // The one-shot store joins first: the order of joining is not that of the commit.
        for (name, store) in [("cache", cache), ("database", database)] as [(String, any SessionStore)] {
            let participant = StoreParticipant(name: name, store: store, writes: [addition(key)])
            if let point {
                try transaction.join(DyingParticipant(base: participant, point: point))
            } else {
                try transaction.join(participant)
            }
        }
        do {
            let doubts = try await transaction.commit()
            #expect(doubts.isEmpty)
        } catch {
            await database.close()
            await cache.close()
            throw error
        }
        await database.close()
        await cache.close()
    }

    /// Which of the stores hold the key.
    private func holders(of key: RecordKey, _ file: TemporaryDatabase, _ server: MemcachedServer) async throws
        -> [String]
    {
        let database = try await file.open()
        let cache = Self.cache(port: server.port)
        var holders: [String] = []
        if try await database.load([key])[key] != nil { holders.append("database") }
        if try await cache.load([key])[key] != nil { holders.append("cache") }
        await database.close()
        await cache.close()
        return holders
    }

    private func file() async throws -> TemporaryDatabase {
        let file = try TemporaryDatabase()
        await (try await file.open(.create)).close()
        return file
    }

    @Test func `both hold it after a commit, whoever joined first`() async throws {
        let (file, server) = (try await file(), try Self.server.get())
        try await Self.commit("both:1", path: file.path, port: server.port, dyingAt: nil)
        #expect(try await holders(of: "both:1", file, server) == ["database", "cache"])
    }

    @Test(arguments: ["database", "cache"])
    func `a conflict in either leaves both as they were`(place: String) async throws {
        let (file, server) = (try await file(), try Self.server.get())
        let key = RecordKey("conflict:\(place)")
        let database = try await file.open()
        let cache = Self.cache(port: server.port)
        let store: any SessionStore = place == "cache" ? cache : database
        _ = try await store.commit([Self.addition(key)])
        await database.close()
        await cache.close()
        await #expect(throws: TransactionError.self) {
            try await Self.commit(key, path: file.path, port: server.port, dyingAt: nil)
        }
        #expect(try await holders(of: key, file, server) == [place])
    }

    private static let points = ["database", "cache"].flatMap { store in
        DyingParticipant.Point.Phase.allCases.flatMap { phase in
            [false, true].map { DyingParticipant.Point(store: store, phase: phase, isAfter: $0) }
        }
    }

    /// memcached is ahead of the database only between its vote and the database's finish.
    private static func expected(_ point: DyingParticipant.Point) -> [String] {
        switch (point.store, point.phase, point.isAfter) {
        case (_, .begin, _), (_, .commit, _), ("database", .vote, _), ("cache", .vote, false): []
        case ("cache", .vote, true), ("database", .finish, false): ["cache"]
        default: ["database", "cache"]
        }
    }

    @Test(arguments: TwoStoreTests.points)
    func `what each store holds when the process dies at any point of the commit`(
        point: DyingParticipant.Point
    ) async throws {
        let (file, server) = (try await file(), try Self.server.get())
        let (path, port) = (file.path, server.port)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, port = port as Int, point] in
            try await Self.commit("crash:\(point)".key, path: path, port: port, dyingAt: point)
        }
        #expect(try await holders(of: "crash:\(point)".key, file, server) == Self.expected(point))
        // Whoever comes next finds a file that is whole and not locked.
        let database = try await file.open(timeout: 0)
        #expect(try await database.commit([Self.addition("next")]).isComplete)
        await database.close()
    }
}

extension String {
    /// A key of memcached, which takes no blanks.
    fileprivate var key: RecordKey { RecordKey(replacing(" ", with: "-")) }
}
