import MemcachedBackend
import MemcachedServer
import SessionClock
import SessionCore
import StoreLaws
import Testing

@Suite struct MemcachedStoreTests {
    /// A server that all laws share.
    private static let server = Result { try MemcachedServer() }

    @Test(arguments: StoreLaw.kept(by: .scan))
    func `memcached keeps the store laws`(law: StoreLaw) async throws {
        let store = open(try Self.server.get())
        try await law.check(store)
        await store.close()
    }

    @Test func `the wire sees as many round trips as the budget allows and the traffic tells`() async throws {
        let server = try MemcachedServer()
        let relay = try await CountingRelay(to: server.port)
        let store = open(port: relay.port)
        func cost(_ expected: Int, _ what: Comment, _ work: () async throws -> Void) async throws {
            let before = relay.count.turns
            let told = await store.traffic().total
            try await work()
            #expect(relay.count.turns - before == expected, what)
            #expect(await store.traffic().total - told == expected, what)
        }
        let keys = (0..<100).map { RecordKey("wire:\($0)") }
        // The greeting travels with the first request: one wait on the wire, told as two round trips.
        _ = try await store.load([keys[0]])
        #expect(relay.count.turns == 1)
        #expect(await store.traffic().trips == [.facts: 1, .load: 1])
        try await cost(1, "one record added") { _ = try await store.commit([addition(keys[0], "a")]) }
        try await cost(2, "several records added") {
            _ = try await store.commit(keys.dropFirst().map { addition($0, "a", life: .seconds(60)) })
        }
        var records: [RecordKey: StoredRecord] = [:]
        try await cost(1, "100 records loaded") { records = try await store.load(keys) }
        #expect(records.count == 100)
        let all = keys.compactMap { records[$0] }
        try await cost(1, "one record with a new life") {
            _ = try await store.commit([replacement(all[0], "b", expiry: .renew(.never))])
        }
        try await cost(2, "one record that keeps its life") {
            _ = try await store.commit([replacement(all[1], "b")])
        }
        try await cost(2, "98 records that keep their lives") {
            let report = try await store.commit(all.dropFirst(2).map { replacement($0, "b") })
            #expect(report.isComplete)
        }
        try await cost(1, "a conflict found beforehand") {
            let report = try await store.commit([replacement(all[1], "c"), deletion(all[2])])
            #expect(report.wroteNothing)
        }
        try await cost(1, "100 records touched") {
            _ = try await store.touch(Dictionary(uniqueKeysWithValues: keys.map { ($0, Lifetime.seconds(9)) }))
        }
        try await cost(1, "facts") { _ = try await store.facts() }
        let traffic = await store.traffic()
        #expect(traffic.bytesOut == relay.count.bytesToServer)
        #expect(traffic.bytesIn == relay.count.bytesToClient)
        #expect(relay.count.connections == 1)
        #expect(traffic.failures == 0)
        await store.close()
        try await relay.stop()
    }

    @Test func `reading leaves last access and the fetched mark of a record alone`() async throws {
        let server = try MemcachedServer()
        let application = try RawClient(port: server.port)
        try application.set("seen", "value", flags: 3, expiry: 100)
        /// The server's own crawls make it busy for moments, then the answer is one line that says so.
        func dump() async throws -> String {
            var answer = ""
            try await wait {
                answer = try RawClient(port: server.port).ask("lru_crawler metadump all\r\n")
                return answer.hasSuffix("END\r\n")
            }
            return answer
        }
        let before = try await dump()
        #expect(before.contains("key=seen") && before.contains("fetch=no"))
        let store = open(server)
        for _ in 0..<3 { #expect(try await store.load(["seen"])["seen"]?.text == "value") }
        let after = try await dump()
        #expect(after.contains("fetch=no"))
        // The server derives the moments from two clocks, so they may be printed a second apart.
        let moments = [before, after].map { text in
            text.split(separator: " ").compactMap { Int($0.drop { $0 != "=" }.dropFirst()) }
        }
        #expect(moments[0].count == moments[1].count)
        for (first, second) in zip(moments[0], moments[1]) { #expect(abs(first - second) <= 1) }
        try application.ask("mg seen v\r\n", until: ["value\r\n"])
        #expect(try await dump().contains("fetch=yes"))
        await store.close()
    }

    @Test(arguments: [1 << 19, 1 << 20, 3 << 20])
    func `the largest record is exactly what the server takes, with and without flags`(itemSize: Int) async throws {
        let server = try MemcachedServer(["-I", "\(itemSize)", "-m", "128"])
        let store = open(server)
        let limit = try #require(try await store.facts().recordLimit)
        #expect(limit == itemSize - 59)
        let application = try RawClient(port: server.port)
        for (key, flags) in [("k", 0), (String(repeating: "x", count: 54), 0), ("k", 7), ("key", Int(UInt32.max))] {
            var fits = 1
            var fails = itemSize
            while fails - fits > 1 {
                let size = (fits + fails) / 2
                let value = String(repeating: "v", count: size)
                let answer = try application.ask("set \(key) \(flags) 0 \(size)\r\n\(value)\r\n")
                if answer == "STORED\r\n" { fits = size } else { fails = size }
            }
            let ours = limit - key.utf8.count - (flags == 0 ? 0 : 4)
            #expect(fits == ours, "key of \(key.utf8.count) bytes, flags \(flags)")
        }
        await store.close()
    }

    @Test func `keys with blanks and control bytes are read, listed, touched and deleted`() async throws {
        let server = try MemcachedServer()
        let application = try RawClient(port: server.port)
        try application.ask("ms YSBi 5 b T100\r\nblank\r\n")  // "a b"
        try application.set("esc\u{1b}", "control")
        let store = open(server)
        let records = try await store.load(["a b", "esc\u{1b}", "c d"])
        #expect(records.mapValues(\.text) == ["a b": "blank", "esc\u{1b}": "control"])
        #expect(try await store.touch(["a b": .never]) == ["a b"])
        let blank = try #require(records["a b"])
        #expect(await code { _ = try await store.commit([replacement(blank, "x")]) } == .badKey)
        let deleted = try await store.commit(records.values.map(deletion))
        #expect(deleted.isComplete)
        #expect(try await store.load(["a b", "esc\u{1b}"]).isEmpty)
        await store.close()
    }

    @Test func `a server without revisions is read and not written`() async throws {
        let server = try MemcachedServer(["-C"])
        try RawClient(port: server.port).set("k", "v")
        let store = open(server)
        let record = try #require(try await store.load(["k"])["k"])
        #expect(await code { _ = try await store.commit([replacement(record, "w")]) } == .unsupported)
        #expect(try await store.load(["k"])["k"]?.text == "v")
        await store.close()
    }

    @Test func `a full server that may not evict refuses in its own words and keeps what it has`() async throws {
        let server = try MemcachedServer(["-M", "-m", "1", "-I", "512k"])
        let store = open(server)
        let kept = try await store.commit([addition("kept", "small")])
        #expect(kept.isComplete)
        var refusal: StoreError.Code?
        for number in 0..<200 where refusal == nil {
            refusal = await code {
                let key = RecordKey("fill:\(number)")
                _ = try await store.commit([addition(key, String(repeating: "x", count: 400_000))])
            }
        }
        #expect(refusal == .serverFailure)
        let record = try #require(try await store.load(["kept"])["kept"])
        #expect(
            await code { _ = try await store.commit([replacement(record, String(repeating: "y", count: 400_000))]) }
                == .serverFailure)
        #expect(try await store.load(["kept"])["kept"]?.text == "small")
        await store.close()
    }

    @Test func `a host name and a unix socket are connected to`() async throws {
        let server = try MemcachedServer()
        let named = MemcachedStore(
            address: try MemcachedAddress(parsing: "localhost:\(server.port)"), clock: SystemClock())
        #expect(try await named.facts().product.hasPrefix("memcached 1."))
        await named.close()
        let path = "/tmp/tidemark-test-\(server.port).sock"
        let peer = try await ScriptedPeer(socketPath: path) { _, _ in .send("EN ka\r\n") }
        let local = MemcachedStore(address: try MemcachedAddress(parsing: "unix://\(path)"), clock: SystemClock())
        #expect(try await local.load(["a"]).isEmpty)
        await local.close()
        try await peer.stop()
    }
}
