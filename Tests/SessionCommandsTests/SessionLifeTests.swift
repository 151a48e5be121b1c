import SessionCommands
import SessionCore
import Testing

/// Sessions from their first look-up to their end, end to end over a store in memory.
@Suite struct SessionLifeTests {
    private func bench() async -> Bench {
        var bench = Bench()
        await bench.run("attach memory:", "use shop tidemark")
        return bench
    }

    @Test func `an unknown session is empty, is not written, and holds an empty package of any name`() async throws {
        var bench = await bench()
        #expect(
            await bench.run("open 1", "get \"\"", "get /cart", "ls", "commit").dropFirst() == [
                "{}", "{}", "(empty)", "committed: nothing staged, 0 writes",
            ])
        #expect(try await bench.failure("get /cart/items").message == "no key /cart/items")
        #expect(try await bench.stored("tidemark:shop:1") == nil)
    }

    @Test func `what is set is stored in the notation with flags 0, and read back`() async throws {
        var bench = await bench()
        await bench.run(
            "open 1", "set /cart/items [tuple(\"TEA\", 2)]", "set /cart/note b\"caf\\xe9\"", "commit", "close")
        #expect(
            try await bench.text("tidemark:shop:1")
                == "{\"cart\": {\"items\": [tuple(\"TEA\", 2)], \"note\": b\"caf\\xe9\"}}")
        #expect(try await bench.stored("tidemark:shop:1")?.flags == 0)
        #expect(await bench.run("open 1", "get /cart/items/0/1").last == "2")
    }

    @Test func `an emptied session of our own is deleted, one of others stays`() async throws {
        var bench = await bench()
        await bench.put("other:1", "{ \"a\": 1 }", flags: 7)
        await bench.run("open 1", "set /a 1", "commit", "delete /a", "commit")
        #expect(try await bench.stored("tidemark:shop:1") == nil)
        await bench.run("use other plain", "open 1", "delete /a", "commit")
        #expect(try await bench.text("other:1") == "{}")
        #expect(try await bench.stored("other:1")?.flags == 7)
    }

    @Test func `a timeout gives each commit a fresh life, and a foreign record keeps its own`() async throws {
        var bench = await bench()
        await bench.put("other:1", "{}", lifetime: .seconds(100))
        await bench.run("use shop timeout=1h", "open 1", "set /a 1", "commit")
        bench.clock.advance(milliseconds: 40_000)
        await bench.run("set /a 2", "use other plain", "open 1", "set /a 1", "commit")
        let start = Timestamp(seconds: 1_800_000_000)
        #expect(try await bench.stored("tidemark:shop:1")?.expiry == .at(start.adding(milliseconds: 3_640_000)))
        #expect(try await bench.stored("other:1")?.expiry == .at(start.adding(milliseconds: 100_000)))
        await bench.run("ttl never", "commit")
        #expect(try await bench.stored("other:1")?.expiry == .never)
    }

    @Test func `packages with records of their own are one session`() async throws {
        var bench = await bench()
        await bench.put("tidemark:shop:1", "{\"user\": {\"name\": \"ada\"}}")
        await bench.put("tidemark:shop:1:cart", "{\"n\": 1}")
        #expect(
            await bench.run("open 1 cart", "get \"\"").last == "{\"user\": {\"name\": \"ada\"}, \"cart\": {\"n\": 1}}")
        #expect(
            await bench.run("set /cart/n 2", "set /user/name \"eve\"", "commit").last
                == "committed 2 records, 1 round trip")
        #expect(try await bench.text("tidemark:shop:1:cart") == "{\"n\": 2}")
        #expect(try await bench.text("tidemark:shop:1") == "{\"user\": {\"name\": \"eve\"}}")
        // Opened by its stored key a record is shown as stored.
        var other = Bench()
        await other.put("tidemark:shop:1:cart", "{\"n\": 1}")
        #expect(await other.run("attach memory:", "open tidemark:shop:1:cart", "get /n").last == "1")
    }

    @Test func `a session is found by its id or stored key with no container in use, and an ambiguous id is refused`()
        async throws
    {
        for (text, value) in [("a:b:7", "1"), ("7", "1"), ("8", "!")] {
            var bench = Bench()
            for key in ["a:b:7", "c:8", "d:8"] as [RecordKey] { await bench.put(key, "{\"x\":1}") }
            await bench.run("attach memory:")
            if value != "!" {
                #expect(await bench.run("open \(text)", "get /x").last == value)
            } else {
                let failure = try await bench.failure("open \(text)")
                #expect(failure.status == .notFound && failure.message.contains("8 is in 2 containers"), "\(failure)")
            }
        }
    }

    @Test func `keys of any bytes are opened as they are printed`() async throws {
        var bench = Bench()
        let key = RecordKey(Array("k:".utf8) + [0xFF, 0x0A, 0x5C, 0x78, 0x34, 0x31, 0xF3, 0xA0, 0x81, 0x81])
        await bench.store.loadInitialData(key: key, payload: Array("{\"x\":1}".utf8))
        await bench.run("attach memory:", "containers")
        let title = try #require(
            bench.workspace.store?.index.row(0, of: ContainerID(store: "memory:", profile: "plain", name: [0x6B]))
                .session.title)
        #expect(title == "\\xff\\u000a\\x5cx41\\udb40\\udc41")
        #expect(await bench.run("use k", "open \(title)", "get /x").last == "1")
    }

    @Test func `opening costs one round trip, edits none, a commit one, an unchanged one none`() async throws {
        var bench = Bench()
        await bench.put("shop:1", "{\"a\":1}")
        await bench.run("attach memory:", "use shop plain")
        func trips() async -> Int { await bench.store.traffic().total }
        #expect(await trips() == 0)
        await bench.run("open 1")
        #expect(await trips() == 1)
        await bench.run("set /a 2", "savepoint", "set /b 1", "rollback", "undo", "diff", "plan", "ls", "commit")
        #expect(await trips() == 2)
        await bench.run("commit", "set /a 3", "set /a 2", "commit")
        #expect(await trips() == 2)
        #expect(await bench.run("trips").first?.hasPrefix("2 round trips, 2 commands") == true)
    }

    @Test func `a transcript that differs says where, what was expected and what came`() async throws {
        var bench = await bench()
        let transcript = try Transcript(parsing: "# why\r\n> open 1\r\n...\r\n> get /a\r\n1\r\n")
        let difference = try #require(await bench.executor.check(transcript, in: &bench.workspace))
        #expect(difference.lines == ["line 4: > get /a", "expected: 1", "     got: {}"])
        #expect(throws: CommandFailure.self) { try Transcript(parsing: "output before a command") }
    }

    @Test(arguments: [
        (["a", "b"], ["..."], true), ([], ["..."], true), (["a", "b", "c"], ["a", "...", "c"], true),
        (["a"], ["a", "..."], true),
        (["a", "b"], ["a"], false), (["x 12 y"], ["x ... y"], true), (["x 12 z"], ["x ... y"], false),
        (["abcabc"], ["a...c"], true),
        (["a"], [], false), (["1 a 2 b 3"], ["1 ... 2 ... 3"], true), (["ab"], ["ab...b"], false),
    ])
    func `dots stand for any text, alone for any lines`(actual: [String], expected: [String], matches: Bool) {
        #expect(Transcript.matches(actual, expected) == matches)
    }
}
