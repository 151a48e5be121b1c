import MemcachedBackend
import MemcachedServer
import SessionCore
import StoreLaws
import Testing

@Suite struct FailureTests {
    private static let hasty = MemcachedTimeouts(connect: 1000, read: 200, idle: 60_000)

    private func base(_ key: RecordKey) -> StoredRecord {
        StoredRecord(key: key, payload: [1, 2], flags: 0, expiry: .never, revision: Revision(9, epoch: 1))
    }

    @Test func `a killed server fails requests typed, and after its restart the next ones succeed`() async throws {
        let server = try MemcachedServer()
        let store = open(server)
        _ = try await store.commit([addition("k", "v")])
        server.kill()
        let failure = await code { _ = try await store.load(["k"]) }
        #expect(failure == .unreachable || failure == .disconnected)
        #expect(await code { _ = try await store.load(["k"]) } == .unreachable)
        #expect(await store.traffic().trouble?.isEmpty == false)
        try server.restart()
        #expect(try await store.load(["k"]).isEmpty)
        let traffic = await store.traffic()
        #expect(traffic.connects == 2)
        #expect(traffic.trouble == nil)
        await store.close()
    }

    @Test func `a connection that ends with requests on their way fails them all`() async throws {
        let server = try MemcachedServer()
        let relay = try await CountingRelay(to: server.port)
        let store = open(port: relay.port)
        _ = try await store.load(["warm"])
        server.pause(true)
        let before = relay.count.bytesToServer
        async let first = code { _ = try await store.load(["a"]) }
        async let second = code { _ = try await store.commit([addition("b", "x")]) == CommitReport(outcomes: [:]) }
        try await wait { relay.count.bytesToServer >= before + 45 }
        server.kill()
        #expect(await first == .disconnected)
        // The write may have happened, so it is reported and not thrown.
        #expect(await second == nil)
        await store.close()
        try await relay.stop()
    }

    @Test func `a server that stops answering times out`() async throws {
        let server = try MemcachedServer()
        let store = open(server, timeouts: Self.hasty)
        _ = try await store.load(["warm"])
        server.pause(true)
        #expect(await code { _ = try await store.load(["a"]) } == .timedOut)
        server.pause(false)
        #expect(await code { _ = try await store.load(["a"]) } == nil)
        #expect(await store.traffic().failures == 1)
        await store.close()
    }

    @Test func `nothing listening is unreachable, and asking again soon waits for the pause`() async throws {
        let port = try SilentPort()
        let store = open(port: port.number)
        let start = ContinuousClock.now
        for _ in 0..<3 { #expect(await code { _ = try await store.load(["a"]) } == .unreachable) }
        #expect(ContinuousClock.now - start >= .milliseconds(290))
        #expect(await code { _ = try await store.commit([addition("a", "x")]) } == .unreachable)
        #expect(await code { for try await _ in store.scan() {} } == .unreachable)
        #expect(await store.traffic().total == 0)
        await store.close()
        withExtendedLifetime(port) {}
    }

    @Test func `a peer that is no memcached is called so`() async throws {
        let peer = try await ScriptedPeer(greets: false) { _, _ in .send("HTTP/1.1 400 Bad Request\r\n\r\n") }
        let store = open(port: peer.port)
        #expect(await code { _ = try await store.load(["a"]) } == .nonsense)
        #expect(await code { for try await _ in store.scan() {} } == .nonsense)
        await store.close()
        try await peer.stop()
    }

    @Test func `a server that is full of connections is quoted`() async throws {
        let peer = try await ScriptedPeer(greets: false) { _, _ in .sendAndClose("ERROR Too many open connections\r\n")
        }
        let store = open(port: peer.port)
        let error = await #expect(throws: StoreError.self) { try await store.load(["a"]) }
        #expect(error?.code == .serverFailure)
        #expect(error?.detail.contains("ERROR Too many open connections") == true)
        await store.close()
        try await peer.stop()
    }

    @Test(arguments: ["", "VA 5 ka f0 t-1 c3 s5\r\nhal", "VA 5 k"])
    func `a reply that is cut off is no record`(reply: String) async throws {
        let peer = try await ScriptedPeer { _, connection in
            connection == 1 ? .sendAndClose(reply) : .send("VA 5 ka f0 t-1 c3 s5\r\nwhole\r\n")
        }
        let store = open(port: peer.port)
        #expect(await code { _ = try await store.load(["a"]) } == .disconnected)
        #expect(try await store.load(["a"])["a"]?.text == "whole")
        await store.close()
        try await peer.stop()
    }

    @Test func `the answer to another key is refused, not shown`() async throws {
        let peer = try await ScriptedPeer { _, _ in .send("VA 5 kother f0 t-1 c3 s5\r\nwhole\r\n") }
        let store = open(port: peer.port)
        #expect(await code { _ = try await store.load(["a"]) } == .nonsense)
        await store.close()
        try await peer.stop()
    }

    @Test(arguments: [
        ("", "unknown"), ("STORED\r\n", "unknown"), ("STORED\r\nVA 1 ka", "unknown"), ("EXISTS\r\n", "changed"),
        ("NOT_FOUND\r\n", "gone"),
    ])
    func `a write without a whole answer is reported as what is known`(reply: String, expected: String) async throws {
        let peer = try await ScriptedPeer { text, _ in
            text.hasPrefix("cas a") ? .sendAndClose(reply) : .send("EN kwarm\r\n")
        }
        let store = open(port: peer.port)
        _ = try await store.load(["warm"])
        let report = try await store.commit([replacement(base("a"), "x", expiry: .renew(.never))])
        switch report.outcomes["a"] {
        case .unknown(let reason)?: #expect(expected == "unknown" && !reason.isEmpty)
        case .conflict?: #expect(expected != "unknown")
        case let other: Issue.record("came to \(String(describing: other))")
        }
        #expect(!report.isComplete)
        await store.close()
        try await peer.stop()
    }

    @Test func `a check without a whole answer throws, for nothing was written`() async throws {
        let peer = try await ScriptedPeer { text, _ in
            text.hasPrefix("mg a") ? .sendAndClose("HD ka f0 t-1 c9 s2\r\n") : .send("EN kwarm\r\n")
        }
        let store = open(port: peer.port)
        _ = try await store.load(["warm"])
        let writes = [replacement(base("a"), "x"), replacement(base("b"), "x")]
        #expect(await code { _ = try await store.commit(writes) } == .disconnected)
        await store.close()
        try await peer.stop()
    }

    @Test func `a cancelled request ends at once, and the next one is answered on another connection`() async throws {
        let peer = try await ScriptedPeer { text, connection in
            connection == 1 ? .silence : .send("EN ka\r\n")
        }
        let store = open(port: peer.port)
        let request = Task { await code { _ = try await store.load(["a"]) } }
        try await wait { await store.traffic().trips[.facts] == 1 }
        request.cancel()
        #expect(await request.value == .cancelled)
        #expect(try await store.load(["a"]).isEmpty)
        #expect(await store.traffic().connects == 2)
        await store.close()
        try await peer.stop()
    }

    @Test func `an idle connection is closed and reopened on demand`() async throws {
        let server = try MemcachedServer()
        let store = open(server, timeouts: MemcachedTimeouts(idle: 50))
        _ = try await store.load(["a"])
        let watcher = try RawClient(port: server.port)
        try await wait {
            try watcher.ask("stats\r\n", until: ["END\r\n"]).contains("STAT curr_connections 1\r\n")
        }
        _ = try await store.load(["a"])
        #expect(await store.traffic().connects == 2)
        #expect(await store.traffic().failures == 0)
        await store.close()
    }

    @Test func `a closed store answers nothing`() async throws {
        let store = open(try MemcachedServer())
        await store.close()
        #expect(await code { _ = try await store.load(["a"]) } == .disconnected)
        #expect(await code { for try await _ in store.scan() {} } == .disconnected)
    }
}
