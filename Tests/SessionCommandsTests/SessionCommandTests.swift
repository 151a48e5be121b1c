import SessionCommands
import SessionCore
import Testing

/// Commands about whole sessions, end to end over a store in memory.
@Suite struct SessionCommandTests {
    private func bench() async -> Bench {
        var bench = Bench()
        await bench.run("attach memory:", "use shop tidemark")
        return bench
    }

    @Test func `a new session is told its id when it holds something, and not before`() async throws {
        var bench = await bench()
        await bench.run("new")
        #expect(await bench.run("status")[1] == "session (new) in shop")
        #expect(await bench.run("commit") == ["committed: nothing staged, 0 writes"])
        await bench.run("set /a 1")
        let title = try #require(bench.workspace.session.map { bench.workspace.title(of: $0) })
        #expect(title.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(await bench.run("revert", "status")[2] == "session (new) in shop")
        await bench.run("set /a 2", "commit")
        #expect(try await bench.text(RecordKey("tidemark:shop:\(title)")) == "{\"a\": 2}")
    }

    @Test func `an id that is not stored is not adopted, one that is stored is opened`() async throws {
        var bench = await bench()
        await bench.put("tidemark:shop:ada", "{\"a\": 1}")
        #expect(await bench.run("load ada", "get /a").last == "1")
        #expect(await bench.run("load chosen").first?.hasPrefix("no session chosen is stored") == true)
        await bench.run("set /b 1", "commit")
        #expect(try await bench.stored("tidemark:shop:chosen") == nil)
        #expect(await bench.run("load a:b").first?.hasPrefix("no session a:b is stored") == true)
    }

    @Test func `revert drops the edits of one session, and undo brings them back`() async throws {
        var bench = await bench()
        await bench.run("open 1", "set /a 1", "open 2", "set /b 2", "set /c 3")
        #expect(await bench.run("revert") == ["reverted 2: 2 changes dropped"])
        #expect(bench.workspace.work.changeCount == 1)
        #expect(await bench.run("undo", "get \"\"").last == "{\"b\": 2, \"c\": 3}")
    }

    @Test func `store writes one session, leaves the others staged, and no rollback takes it back`() async throws {
        var bench = await bench()
        await bench.run("open 1", "set /a 1", "open 2", "set /b 2", "savepoint", "set /b 3")
        #expect(await bench.run("store") == ["stored 1 record, 1 round trip; 1 change staged elsewhere"])
        #expect(try await bench.text("tidemark:shop:2") == "{\"b\": 3}")
        #expect(try await bench.stored("tidemark:shop:1") == nil)
        #expect(await bench.run("rollback", "get /b").last == "3")
        #expect(await bench.run("store") == ["nothing staged in 2, 0 writes"])
        #expect(await bench.run("commit") == ["committed 1 record, 1 round trip"])
        #expect(try await bench.text("tidemark:shop:1") == "{\"a\": 1}")
    }

    @Test func `store refuses what another writer changed, and keeps the edits`() async throws {
        var bench = await bench()
        await bench.put("tidemark:shop:1", "{\"a\": 1}")
        await bench.run("open 1", "set /a 2", "writer set /a 9")
        #expect(try await bench.failure("store").status == .conflict)
        #expect(await bench.run("get /a") == ["2"])
        #expect(try await bench.text("tidemark:shop:1") == "{\"a\": 9}")
    }

    @Test func `rename moves a value to another key in one step`() async throws {
        var bench = await bench()
        await bench.run("open 1", "set /cart/old [1,2]", "set /cart/other 1")
        #expect(await bench.run("rename /cart/old new") == ["renamed /cart/old to /cart/new"])
        #expect(await bench.run("get /cart") == ["{\"other\": 1, \"new\": [1, 2]}"])
        #expect(await bench.run("undo", "get /cart/old").last == "[1, 2]")
        for (line, status) in [
            ("rename /cart/none x", ExitStatus.notFound), ("rename /cart/old other", .refused),
            ("rename /cart/old/0 x", .refused), ("rename \"\" x", .refused),
        ] {
            #expect(try await bench.failure(line).status == status, "\(line)")
        }
    }

    @Test func `move takes everything to another id and ends the first, in one commit`() async throws {
        var bench = await bench()
        await bench.put("tidemark:shop:anon", "{\"cart\": {\"n\": 1}}")
        await bench.put("tidemark:shop:ada", "{\"cart\": {\"n\": 9}, \"prefs\": {\"dark\": true}}")
        await bench.run("open anon", "move ada")
        #expect(await bench.run("get \"\"") == ["{\"cart\": {\"n\": 1}, \"prefs\": {\"dark\": true}}"])
        #expect(await bench.run("commit") == ["committed 2 records, 1 round trip"])
        #expect(try await bench.stored("tidemark:shop:anon") == nil)
        #expect(try await bench.text("tidemark:shop:ada") == "{\"cart\": {\"n\": 1}, \"prefs\": {\"dark\": true}}")
    }

    @Test func `undo takes a move back as one step`() async throws {
        var bench = await bench()
        await bench.put("tidemark:shop:anon", "{\"cart\": {\"n\": 1}}")
        await bench.run("open anon", "move ada", "undo")
        #expect(bench.workspace.work.isClean)
        #expect(try await bench.failure("move ada:x").status == .refused)
        #expect(try await bench.failure("move ada").status == .refused, "that is where it is now")
    }

    @Test func `a doomed transaction goes on and is never committed`() async throws {
        var bench = await bench()
        await bench.run("open 1", "set /a 1", "doom", "set /b 2", "savepoint")
        for line in ["commit", "store"] {
            let failure = try await bench.failure(line)
            #expect(failure.status == .refused && failure.message.contains("doomed"), "\(line)")
        }
        #expect(await bench.run("status").first == "transaction 1, doomed, abort it")
        #expect(await bench.run("abort").first == "aborted: 2 changes dropped")
        #expect(await bench.run("set /a 1", "commit").last == "committed 1 record, 1 round trip")
    }

    @Test func `undo takes a doom back`() async throws {
        var bench = await bench()
        await bench.run("open 1", "set /a 1", "doom", "undo")
        #expect(await bench.run("commit") == ["committed 1 record, 1 round trip"])
    }

    @Test func `several open sessions are listed with their marks`() async throws {
        var bench = await bench()
        await bench.run("open 1", "set /a 1", "open 2")
        #expect(await bench.run("status").contains("open: *shop:1, shop:2"))
    }
}
