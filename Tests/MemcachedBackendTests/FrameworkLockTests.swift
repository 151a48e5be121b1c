import MemcachedBackend
import MemcachedServer
import SessionClock
import SessionCommands
import SessionCore
import SessionFormats
import Synchronization
import Testing

/// A memcached that a framework uses too: something happens there right before one of our writes.
private final class InterferedStore: SessionStore {
    private let base: MemcachedStore
    private let writes = Mutex(0)
    private let position: Int
    private let interfere: @Sendable () throws -> Void

    /// Does something before the write of a position, from 1: the first takes a lock.
    init(_ base: MemcachedStore, before position: Int, _ interfere: @escaping @Sendable () throws -> Void) {
        self.base = base
        self.position = position
        self.interfere = interfere
    }

    var name: String { base.name }
    var capabilities: StoreCapabilities { base.capabilities }

    func commit(_ batch: [RecordWrite]) async throws(StoreError) -> CommitReport {
        let number = writes.withLock { count in
            count += 1
            return count
        }
        if number == position {
            do { try interfere() } catch { Issue.record("\(error)") }
        }
        return try await base.commit(batch)
    }

    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] { try await base.load(keys) }
    func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> {
        try await base.touch(lifetimes)
    }
    func scan() -> ScanStream { base.scan() }
    func facts() async throws(StoreError) -> StoreFacts { try await base.facts() }
    func traffic() async -> StoreTraffic { await base.traffic() }
    func close() async { await base.close() }
}

/// Commits under the locks of PHP's handlers on a real memcached, with requests that hold them.
@Suite struct FrameworkLockTests {
    private static let id = "02p9k4sts1d19sfejh3f81igkc"
    private static let key = "memc.sess.key." + id
    private static let lock = "memc.sess.key.lock." + id
    private static let text = "user|s:4:\"jdoe\";n|i:3;"
    private static let catalog = ProfileCatalog(FrameworkProfiles.all, last: PlainProfile(), fallback: HexFormat())

    /// A program with the session open and an edit staged.
    private struct Program {
        let server: MemcachedServer
        let executor: Executor
        var workspace = Workspace(catalog: catalog)

        init(
            _ server: MemcachedServer, key: String = key, before position: Int = 0,
            _ interfere: @escaping @Sendable () throws -> Void = {},
            pause: @escaping Pause = { _ in Issue.record("nothing was to be waited for") }
        ) async throws {
            self.server = server
            let store = InterferedStore(open(server), before: position, interfere)
            let opener: StoreOpener = { _ throws(CommandFailure) in
                OpenedStore(store: store, allowsWriter: false, isReadOnly: false)
            }
            let clock = SystemClock()
            executor = Executor(
                runner: Runner(catalog: catalog, clock: clock, pause: pause, opener: opener), clock: clock)
            try RawClient(port: server.port).set(key, text, expiry: 1440)
            for line in ["attach here", "open \(key)", "set /n 4"] {
                let reply = await executor.run(line: line, in: &workspace)
                if let failure = reply.failure { throw failure }
            }
        }

        mutating func run(_ line: String) async -> Reply { await executor.run(line: line, in: &workspace) }

        /// What a key holds, with its flags; nil for nothing.
        func stored(_ key: String) throws -> String? {
            let lines = try RawClient(port: server.port).ask("get \(key)\r\n", until: ["END\r\n"]).split(
                separator: "\r\n")
            guard lines.count == 3 else { return nil }
            return "\(lines[0].split(separator: " ")[2]) \(lines[1])"
        }
    }

    @Test func `a request of PHP that holds the lock keeps the commit out, and afterwards does not`() async throws {
        let server = try MemcachedServer()
        var program = try await Program(server)
        let request = try RawClient(port: server.port)
        #expect(try request.ask("add \(Self.lock) 0 30 1\r\n1\r\n") == "STORED\r\n")
        let refused = await program.run("commit --lock")
        #expect(refused.failure?.status == .refused)
        #expect(
            refused.failure?.message.contains("locked by a running request: \(Self.lock), held, age unknown") == true)
        #expect(try program.stored(Self.lock) == "0 1")
        #expect(try program.stored(Self.key) == "0 \(Self.text)")
        try request.ask("delete \(Self.lock)\r\n")
        let reply = await program.run("commit --lock")
        #expect(reply.lines.first?.hasSuffix(", under its lock") == true, "\(reply)")
        #expect(try program.stored(Self.lock) == nil)
        #expect(try program.stored(Self.key)?.hasSuffix("n|i:4;") == true)
    }

    @Test func `while the commit writes, the lock is what PHP would have written, and PHP waits for it`() async throws {
        let server = try MemcachedServer()
        let seen = Mutex("")
        var program = try await Program(server, before: 2) {
            let request = try RawClient(port: server.port)
            let added = try request.ask("add \(Self.lock) 0 30 1\r\n1\r\n")
            let found = try request.ask("mg \(Self.lock) v f t\r\n", until: ["1\r\n"])
            seen.withLock { $0 = added + found }
        }
        _ = await program.run("commit --lock")
        let words = seen.withLock { $0 }
        #expect(words.hasPrefix("NOT_STORED\r\nVA 1 f0 t"), "\(words)")
        let life = words.split(separator: "\r\n").dropFirst().first?.split(separator: "t").last.flatMap { Int($0) } ?? 0
        #expect(20...30 ~= life)
        #expect(try program.stored(Self.lock) == nil)
    }

    @Test func `a commit that waits has the lock when the request lets it go`() async throws {
        let server = try MemcachedServer()
        let pauses = Mutex<[Int64]>([])
        var program = try await Program(
            server,
            pause: { milliseconds in
                let count = pauses.withLock { pauses in
                    pauses.append(milliseconds)
                    return pauses.count
                }
                guard count == 3 else { return }
                do { _ = try RawClient(port: server.port).ask("delete \(Self.lock)\r\n") } catch {
                    Issue.record("\(error)")
                }
            })
        try RawClient(port: server.port).set(Self.lock, "1")
        let reply = await program.run("commit --lock=10")
        #expect(reply.lines.first?.hasSuffix(", under its lock") == true, "\(reply)")
        #expect(pauses.withLock { $0 } == [150, 150, 150])
        #expect(try program.stored(Self.lock) == nil)
        try RawClient(port: server.port).set(Self.lock, "1")
        _ = await program.run("set /n 5")
        let refused = await program.run("commit --lock=4")
        #expect(refused.failure?.message.contains("in each of 4 tries") == true, "\(refused)")
        #expect(try program.stored(Self.lock) == "0 1")
    }

    @Test func `a conflict, and an error of the store, release the lock`() async throws {
        let server = try MemcachedServer()
        var program = try await Program(server, before: 2) { try RawClient(port: server.port).set(Self.key, "n|i:9;") }
        #expect(await program.run("commit --lock").failure?.status == .conflict)
        #expect(try program.stored(Self.lock) == nil)
        #expect(try program.stored(Self.key) == "0 n|i:9;")
        // A life that the server cannot name is refused when the lock is held already.
        let limited = try MemcachedServer()
        var other = try await Program(limited)
        _ = await other.run("ttl 36000d")
        #expect(await other.run("commit --lock").failure?.message.contains("2038") == true)
        #expect(try other.stored(Self.lock) == nil)
    }

    @Test func `a commit that is given up while it holds the lock is seen through, and the lock released`() async throws
    {
        let server = try MemcachedServer()
        let waiting = Mutex<Task<Void, Never>?>(nil)
        var program = try await Program(server, before: 2) { waiting.withLock { $0?.cancel() } }
        let effect = try #require(
            program.workspace.run(try Command(parsing: "commit --lock"), now: SystemClock().now()).effects.first)
        let runner = program.executor.runner
        let task = waiting.withLock { waiting in
            let task = Task { for await _ in runner.results(of: effect) {} }
            waiting = task
            return task
        }
        await task.value
        // Closing waits for it; so does the end of the program.
        await runner.close()
        #expect(try program.stored(Self.lock) == nil)
        #expect(try program.stored(Self.key)?.hasSuffix("n|i:4;") == true)
    }

    @Test func `a lock that expired is told, and that of whoever came next is left alone`() async throws {
        let server = try MemcachedServer()
        var program = try await Program(server, before: 3) {
            _ = try RawClient(port: server.port).ask("delete \(Self.lock)\r\n")
        }
        let expired = await program.run("commit --lock")
        #expect(expired.failure == nil && expired.lines.last?.contains("had expired before the commit ended") == true)
        let overtaken = try MemcachedServer()
        var late = try await Program(overtaken, before: 3) {
            try RawClient(port: overtaken.port).set(Self.lock, "1", expiry: 30)
        }
        let reply = await late.run("commit --lock")
        #expect(reply.failure == nil && reply.lines.last?.contains("another request took it") == true, "\(reply)")
        #expect(try late.stored(Self.lock) == "0 1")
        #expect(try late.stored(Self.key)?.hasSuffix("n|i:4;") == true)
    }

    @Test func `requests that wait for a counted lock do not keep it from being released`() async throws {
        let server = try MemcachedServer()
        let lock = Self.id + ".lock"
        let counted = Mutex("")
        var program = try await Program(server, key: Self.id, before: 3) {
            let request = try RawClient(port: server.port)
            let words = try request.ask("incr \(lock) 1\r\n") + request.ask("incr \(lock) 1\r\n")
            counted.withLock { $0 = words }
        }
        let reply = await program.run("commit --lock")
        #expect(reply.lines.count == 1 && reply.lines.first?.hasSuffix(", under its lock") == true, "\(reply)")
        #expect(counted.withLock { $0 } == "2\r\n3\r\n")
        #expect(try program.stored(lock) == "768 0")
        // The next request takes it as it takes one that PHP released.
        let request = try RawClient(port: server.port)
        #expect(try request.ask("incr \(lock) 1\r\n") == "1\r\n")
        _ = await program.run("set /n 5")
        #expect(await program.run("commit --lock").failure?.status == .refused)
        #expect(try program.stored(lock) == "768 1")
        try request.set(lock, "0", flags: 768, expiry: 15)
        #expect(await program.run("commit --lock").failure == nil)
        #expect(try program.stored(lock) == "768 0")
    }

    @Test func `looking at a lock leaves no trace`() async throws {
        let server = try MemcachedServer()
        var program = try await Program(server)
        let client = try RawClient(port: server.port)
        try client.set(Self.lock, "1", expiry: 30)
        for line in ["locks", "info", "locks all", "commit --lock"] { _ = await program.run(line) }
        #expect(try client.ask("mg \(Self.lock) h c\r\n").hasPrefix("HD h0"))
    }
}
