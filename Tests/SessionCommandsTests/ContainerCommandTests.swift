import SessionCommands
import SessionCore
import Testing

/// How containers are used: timeouts, roles, limits and live reading.
@Suite struct ContainerCommandTests {
    private func bench(_ use: String) async -> Bench {
        var bench = Bench()
        await bench.run("attach memory:", use)
        return bench
    }

    private let start = Timestamp(seconds: 1_800_000_000)

    private func expiry(_ bench: Bench, _ key: RecordKey) async throws -> Int64? {
        guard case .at(let moment) = try await bench.stored(key)?.expiry else { return nil }
        return moment.seconds - start.seconds
    }

    @Test func `a commit gives timeout and resolution, and a changed timeout holds for sessions that are open`()
        async throws
    {
        var bench = await bench("use shop tidemark timeout=10m resolution=1m")
        await bench.run("open 1", "set /a 1", "commit")
        #expect(try await expiry(bench, "tidemark:shop:1") == 660)
        #expect(
            await bench.run("set /a 2", "savepoint", "use shop timeout=1h", "rollback", "commit")[2]
                == "container shop, profile tidemark, timeout 1h, resolution 1m")
        #expect(try await expiry(bench, "tidemark:shop:1") == 3660)
        await bench.run("use shop timeout=0", "set /a 3", "commit")
        #expect(try await expiry(bench, "tidemark:shop:1") == nil)
    }

    @Test func `the console refreshes nothing and drops nothing staged, however long it takes`() async throws {
        var bench = await bench("use shop tidemark timeout=10m")
        await bench.put("tidemark:shop:1", "{\"a\": 1}", lifetime: .seconds(100))
        await bench.run("open 1", "set /a 2", "clock +1h", "open 1")
        #expect(bench.workspace.work.changeCount == 1)
        await bench.run("abort", "open 2", "commit")
        #expect(await bench.store.traffic().trips[.touch] == nil)
    }

    @Test func `an application finds an idle session empty, and undo brings back what was staged`() async throws {
        var bench = await bench("use shop tidemark timeout=1m role=application")
        await bench.run("open 1", "set /a 1", "clock +60s")
        #expect(await bench.run("open 1") == ["session 1 is open"], "not before the timeout is over")
        await bench.run("clock +61s", "open 1")
        #expect(await bench.run("get \"\"") == ["{}"])
        await bench.run("undo")
        #expect(bench.workspace.work.changeCount == 1)
    }

    @Test func `reading and editing keep a session alive`() async throws {
        var bench = await bench("use shop tidemark timeout=1m role=application")
        await bench.run("open 1", "set /a 1", "clock +40s", "get /a", "clock +40s", "open 1")
        #expect(await bench.run("get /a") == ["1"])
    }

    @Test func `an application refreshes what it used, with one touch and no write, once the last refresh is old`()
        async throws
    {
        var bench = await bench("use shop tidemark timeout=1m resolution=10s role=application")
        await bench.run("open 1", "set /a 1", "commit", "clock +9s", "get /a")
        let revision = try await bench.stored("tidemark:shop:1")?.revision
        #expect(await bench.run("commit") == ["committed: nothing staged, 0 writes"])
        await bench.run("clock +2s", "get /a")
        #expect(await bench.run("plan") == ["touch tidemark:shop:1 70", "round trips: memory: 1"])
        #expect(await bench.run("commit") == ["committed: nothing staged, 0 writes, 1 life refreshed"])
        #expect(try await expiry(bench, "tidemark:shop:1") == 81)
        #expect(try await bench.stored("tidemark:shop:1")?.revision == revision)
        #expect(await bench.run("commit") == ["committed: nothing staged, 0 writes"], "it was not used since")
    }

    @Test func `a live container asks the store before each reading, below what is staged`() async throws {
        var bench = await bench("use shop tidemark live=on")
        await bench.put("tidemark:shop:1", "{\"a\": 1, \"b\": 1}")
        await bench.run("open 1", "writer set /a 2")
        #expect(await bench.run("get /a") == ["2"])
        await bench.run("set /b 5", "writer set /a 3")
        #expect(await bench.run("get /a", "get /b") == ["3", "5"])
        #expect(await bench.run("commit") == ["committed 1 record, 1 round trip"])
        #expect(try await bench.text("tidemark:shop:1") == "{\"a\": 3, \"b\": 5}")
    }

    @Test func `in a live container a place that both sides changed keeps its base and is marked`() async throws {
        var bench = await bench("use shop tidemark live=on")
        await bench.put("tidemark:shop:1", "{\"a\": 1}")
        await bench.run("open 1", "set /a 2", "writer set /a 3")
        #expect(await bench.run("get /a") == ["2"])
        #expect(bench.workspace.conflicts.count == 1)
        #expect(try await bench.failure("commit").status == .conflict)
        await bench.run("abort", "writer destroy")
        #expect(await bench.run("get \"\"") == ["{}"])
    }

    @Test func `what a store or a profile cannot do is refused by name`() async throws {
        var bench = Bench()
        await bench.put("shop:1", "{}")
        await bench.run("attach memory:ro", "attach memory:2 AS live")
        for (line, words) in [
            ("use shop plain role=application", "role=application works on demo:"),
            ("clock +1s", "clock works on demo:"),
        ] {
            let failure = try await bench.failure(line)
            #expect(failure.status == .refused && failure.message.contains(words), "\(failure)")
        }
        await bench.run("attach memory:ro")
        for line in ["use shop plain limit=2", "sweep"] {
            await bench.run("use shop plain")
            #expect(try await bench.failure(line).message.contains("needs a store that can count"), "\(line)")
        }
    }

    @Test func `a maximum counts the living, and lets changes of those that are there pass`() async throws {
        var bench = await bench("use shop tidemark limit=1 timeout=1m")
        await bench.run("open 1", "set /a 1", "commit", "open 2", "set /a 1")
        #expect(try await bench.failure("commit").status == .refused)
        await bench.run("open 1", "set /a 2", "store")
        #expect(try await bench.text("tidemark:shop:1") == "{\"a\": 2}")
        #expect(await bench.run("use shop limit=0", "commit").last == "committed 1 record, 1 round trip")
        #expect(await bench.run("clock +2m", "sweep").dropFirst() == ["expired 1", "expired 2"])
    }
}
