import SessionCommands
import SessionCore
import Testing

@Suite struct ConflictTests {
    private func bench(_ payload: String = "{\"a\":1,\"b\":1,\"list\":[1,2]}") async -> Bench {
        var bench = Bench()
        await bench.put("shop:1", payload, flags: 3, lifetime: .seconds(600))
        await bench.run("attach memory:", "use shop plain", "open 1")
        return bench
    }

    @Test func `a record changed meanwhile is not overwritten, the edits are kept and marked, exit 4`() async throws {
        var bench = await bench()
        await bench.run("set /a 2")
        #expect(
            await bench.run("writer set /b 7") == ["writer: M /b 1 -> 7", "writer: committed 1 record, 1 round trip"])
        let failure = try await bench.failure("commit")
        #expect(failure.status == .conflict)
        #expect(
            failure.message.contains("shop:1 was changed by someone else")
                && failure.message.contains("Nothing was written"))
        #expect(try await bench.text("shop:1") == "{\"a\":1,\"b\":7,\"list\":[1,2]}")
        #expect(await bench.run("status").contains("! shop:1 M1"))
        #expect(await bench.run("get /a") == ["2"])
        #expect(await bench.run("diff store") == ["shop:1: the store holds -> here", "  M /a 1 -> 2", "  M /b 7 -> 1"])
        #expect(try await bench.failure("commit").status == .conflict, "asking again does not help")
    }

    @Test func `refresh takes in what was changed elsewhere, and the commit then holds both`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "writer set /b 7", "commit")
        #expect(await bench.run("refresh").first?.contains("at /b; taken in below your edits") == true)
        #expect(await bench.run("diff") == ["shop:1", "  M /a 1 -> 2"])
        #expect(await bench.run("commit") == ["committed 1 record, 1 round trip"])
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":7,\"list\":[1,2]}")
        #expect(try await bench.stored("shop:1")?.flags == 3)
        #expect(try await bench.stored("shop:1")?.expiry == .at(bench.clock.now().adding(milliseconds: 600_000)))
    }

    @Test(arguments: [
        ("set /a 2", "set /a 3"), ("set /list/0 9", "set /list/1 9"), ("delete /a", "set /a 3"),
        ("set /a {\"x\":1}", "delete /a"),
    ])
    func `where both changed the same place the edits keep their base`(mine: String, theirs: String) async throws {
        var bench = await bench()
        await bench.run(mine, "writer \(theirs)")
        #expect(await bench.run("refresh").first?.contains("where you have edits") == true)
        #expect(await bench.run("status").contains { $0.hasPrefix("! shop:1") })
        #expect(try await bench.failure("commit").status == .conflict)
        let place = mine.contains("list") ? "/list/0" : "/a"
        await bench.run("rollback base \(place)", "refresh")
        #expect(bench.workspace.work.isClean)
        #expect(await bench.run("diff store") == ["no differences"])
    }

    @Test func `a clean session is read again, and without changes there is nothing to tell`() async throws {
        var bench = await bench()
        await bench.run("writer set /b 7")
        #expect(
            await bench.run("refresh", "get /b", "refresh") == ["read again 1", "7", "nothing changed in the store"])
    }

    @Test func `a record that is gone conflicts, and refresh stages it as one to be made`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "writer destroy")
        let failure = try await bench.failure("commit")
        #expect(failure.status == .conflict && failure.message.contains("no longer in the store"))
        #expect(await bench.run("refresh").first?.contains("staged as a new record") == true)
        #expect(await bench.run("commit") == ["committed 1 record, 1 round trip"])
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":1,\"list\":[1,2]}")
    }

    @Test func `a record that appears meanwhile is not overwritten`() async throws {
        var bench = await bench()
        await bench.run("open 2", "set /mine 1", "writer set /theirs 1")
        let failure = try await bench.failure("commit")
        #expect(failure.status == .conflict && failure.message.contains("made by someone else"))
        await bench.run("refresh", "commit")
        #expect(try await bench.text("shop:2") == "{\"theirs\":1,\"mine\":1}")
    }

    @Test func `one conflict of several records keeps all from being written`() async throws {
        var bench = await bench()
        await bench.run("open 2", "set /x 1", "open 1", "set /a 2", "writer set /b 7")
        #expect(try await bench.failure("commit").status == .conflict)
        #expect(try await bench.stored("shop:2") == nil)
        #expect(await bench.run("refresh", "commit").last == "committed 2 records, 1 round trip")
        #expect(try await bench.text("shop:2") == "{\"x\":1}")
    }

    @Test func `a rollback to before a refresh does not lose what the refresh took in`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "savepoint", "set /a 3", "writer set /b 7", "refresh", "rollback")
        #expect(await bench.run("get /a") == ["2"])
        if await bench.run("commit") != ["committed 1 record, 1 round trip"] { await bench.run("refresh", "commit") }
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":7,\"list\":[1,2]}")
    }

    @Test func `undo takes back a refresh, and abort a conflict`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "writer set /b 7", "refresh")
        #expect(await bench.run("undo", "get /b") == ["took back: refresh", "1"])
        #expect(try await bench.failure("commit").status == .conflict)
        #expect(await bench.run("abort") == ["aborted: 1 change dropped"])
        #expect(
            await bench.run("get \"\"", "commit") == [
                "{\"a\": 1, \"b\": 7, \"list\": [1, 2]}", "committed: nothing staged, 0 writes",
            ])
    }

    @Test func `edits in two stores are refused by name, and stay`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "attach memory:2", "use shop plain", "open 9", "set /x 1")
        let failure = try await bench.failure("commit")
        #expect(failure.status == .refused && failure.message.contains("memory:, memory:2"))
        #expect(bench.workspace.work.changeCount == 2)
        #expect(try await bench.text("shop:1")?.contains("\"a\":1") == true)
    }
}
