import MemcachedBackend
import MemcachedServer
import SessionCore
import Testing

@Suite struct ScanTests {
    @Test func `100,000 keys are listed, each once, on one connection that closes`() async throws {
        let server = try MemcachedServer(["-m", "128"])
        let filler = try RawClient(port: server.port)
        for start in stride(from: 0, to: 100_000, by: 5000) {
            var text = ""
            for number in start..<start + 5000 { text += "set scan:\(number) 0 0 3 noreply\r\nabc\r\n" }
            try filler.send(Array(text.utf8))
        }
        try filler.ask("mn\r\n", until: ["MN\r\n"])
        let store = open(server)
        var all = ScanBatch()
        for try await batch in store.scan() { all.append(batch) }
        #expect(all.count == 100_000)
        #expect(Set((0..<all.count).map { all[$0].key }).count == 100_000)
        #expect(all[5].expiry == .never)
        let traffic = await store.traffic()
        #expect(traffic.trips == [.scan: 1])
        #expect(traffic.bytesIn > 5_000_000)
        try await wait {
            try filler.ask("stats\r\n", until: ["END\r\n"]).contains("STAT curr_connections 1\r\n")
        }
        await store.close()
    }

    @Test func `an empty server has no keys`() async throws {
        let server = try MemcachedServer()
        let store = open(server)
        for try await batch in store.scan() { Issue.record("\(batch.count) keys") }
        await store.close()
    }

    @Test(arguments: [["-X"], ["-o", "no_lru_crawler"]])
    func `a server that may not list its keys is told apart`(arguments: [String]) async throws {
        let server = try MemcachedServer(arguments)
        let store = open(server)
        let error = await #expect(throws: StoreError.self) { for try await _ in store.scan() {} }
        #expect(error?.code == .unsupported)
        #expect(error?.detail.contains("open records by their keys") == true)
        #expect(try await store.load(["a"]).isEmpty)
        await store.close()
    }

    @Test func `a second scan is refused while one runs, and a dropped one frees the place`() async throws {
        let peer = try await ScriptedPeer(greets: false) { _, connection in
            connection == 1 ? .send("key=a exp=-1 la=0 cas=1 fetch=no cls=1 size=60\n") : .send("END\r\n")
        }
        let store = open(port: peer.port)
        let first = Task { await code { for try await _ in store.scan() {} } }
        try await wait { await store.traffic().connects == 1 }
        #expect(await code { for try await _ in store.scan() {} } == .busy)
        first.cancel()
        _ = await first.value
        try await wait { await code { for try await _ in store.scan() {} } != .busy }
        // The end of a short list may be told before its connection is counted.
        try await wait { await store.traffic().connects >= 2 }
        let connects = await store.traffic().connects
        #expect(connects == 2)
        await store.close()
        try await peer.stop()
    }

    @Test func `a busy crawler is asked again`() async throws {
        let answers = AnswerList(["BUSY currently processing crawler request\r\n", "BUSY x\r\n", "OK\r\nEND\r\n"])
        let peer = try await ScriptedPeer(greets: false) { _, _ in .send(answers.next()) }
        let store = open(port: peer.port)
        #expect(await code { for try await _ in store.scan() {} } == nil)
        await store.close()
        try await peer.stop()
    }

    @Test(arguments: [
        ("key=a exp=-1 size=60\n", StoreError.Code.timedOut), ("key=a exp=-1 si", .timedOut),
        ("key=%ZZ exp=-1 size=60\n", .nonsense),
    ])
    func `a list that stops or breaks is an error, never a short list`(
        reply: String, expected: StoreError.Code
    ) async throws {
        let peer = try await ScriptedPeer(greets: false) { _, _ in .send(reply) }
        let store = open(port: peer.port, timeouts: MemcachedTimeouts(connect: 1000, read: 200))
        #expect(await code { for try await _ in store.scan() {} } == expected)
        await store.close()
        try await peer.stop()
        let closing = try await ScriptedPeer(greets: false) { _, _ in .sendAndClose("key=a exp=-1 size=60\n") }
        let other = open(port: closing.port)
        #expect(await code { for try await _ in other.scan() {} } == .disconnected)
        await other.close()
        try await closing.stop()
    }
}
