import SessionCommands
import SessionCore
import Testing

/// What becomes of edits, savepoints and lives when the store's record changes under them.
@Suite struct ChangedBaseTests {
    private func bench(_ record: String, lifetime: Lifetime = .never) async -> Bench {
        var bench = Bench()
        await bench.put("shop:1", record, flags: 2, lifetime: lifetime)
        await bench.run("attach memory:", "use shop plain", "open 1")
        return bench
    }

    @Test func `a take-in keeps every change of the other writer`() async throws {
        var bench = await bench(#"{"customer":{"name":"Greta","note":"old"}}"#)
        await bench.run(#"set /customer {"name":"Greta","note":"mine"}"#, #"writer set /customer/name "STORE""#)
        await bench.run("refresh", "commit")
        #expect(try await bench.text("shop:1") == #"{"customer":{"name":"STORE","note":"mine"}}"#)
    }

    @Test func `a value that was replaced as a whole overlaps every change inside it`() async throws {
        var bench = await bench(#"{"list":[1,2],"x":1}"#)
        await bench.run("set /list [9]", "writer set /list/0 7")
        #expect(await bench.run("refresh").first?.contains("where you have edits") == true)
        #expect(try await bench.failure("commit").status == .conflict)
        #expect(try await bench.text("shop:1") == #"{"list":[7,2],"x":1}"#)
    }

    @Test func `a savepoint comes back with the base it was made over`() async throws {
        var bench = await bench(#"{"items":[1,2,3,4,5]}"#)
        await bench.run("delete /items/0", "savepoint s", "rollback base /items", "writer set /items [1]", "refresh")
        #expect(await bench.run("rollback s", "get /items").last == "[2, 3, 4, 5]")
        #expect(try await bench.failure("commit").status == .conflict)
        #expect(try await bench.text("shop:1") == #"{"items":[1]}"#)
    }

    @Test func `a savepoint outlives the record`() async throws {
        var bench = await bench(#"{"items":[1,2],"y":1}"#)
        await bench.run("delete /items/0", "savepoint s", "set /x 2", "writer destroy", "refresh", "rollback s")
        #expect(await bench.run(#"get """#).last == #"{"items": [2], "y": 1}"#)
        #expect(try await bench.failure("commit").status == .conflict)
        await bench.run("refresh", "commit")
        #expect(try await bench.text("shop:1") == #"{"items":[2],"y":1}"#)
        #expect(try await bench.stored("shop:1")?.flags == 2)
    }

    @Test func `one element of a list that lost others is not rolled back alone`() async throws {
        var bench = await bench(#"{"l":["a","b","c"]}"#)
        await bench.run("delete /l/0", #"set /l/0 "X""#)
        let failure = try await bench.failure("rollback base /l/1")
        #expect(failure.status == .refused && failure.message.contains("rollback base /l does all"))
        #expect(await bench.run("get /l").last == #"["X", "c"]"#)
        #expect(await bench.run("rollback base /l", "get /l").last == #"["a", "b", "c"]"#)
    }

    @Test func `a place below something deleted, destroyed or replaced is not rolled back alone`() async throws {
        var bench = await bench(#"{"a":{"b":1},"c":2}"#)
        await bench.run("delete /a")
        #expect(try await bench.failure("rollback base /a/b").message.contains("rollback base /a brings it back"))
        await bench.run("undo", "destroy")
        #expect(try await bench.failure("rollback base /c").status == .refused)
        await bench.run("undo", #"set "" b"xyz""#)
        #expect(try await bench.failure("rollback base /c").status == .refused)
        #expect(await bench.run(#"get """#) == [#"b"xyz""#])
    }

    @Test func `a session made anew keeps its flags and what was left of its life`() async throws {
        var bench = await bench(#"{"a":1}"#, lifetime: .seconds(600))
        await bench.run("set /a 2", "writer destroy")
        bench.clock.advance(milliseconds: 100_000)
        #expect(await bench.run("refresh").first?.contains("staged as a new record") == true)
        await bench.run("commit")
        let record = try #require(try await bench.stored("shop:1"))
        #expect(record.flags == 2 && record.expiry.secondsLeft(at: bench.clock.now()) == 500)
    }

    @Test func `a session whose life was over is not made immortal by accident`() async throws {
        var bench = await bench(#"{"a":1}"#, lifetime: .seconds(60))
        await bench.run("set /a 2")
        bench.clock.advance(milliseconds: 61_000)
        await bench.run("refresh")
        #expect(try await bench.failure("commit").message.contains("give it one with ttl"))
        #expect(await bench.run("ttl 5m", "commit").last == "committed 1 record, 1 round trip")
    }

    @Test func `an own session keeps its life where no timeout is known`() async throws {
        var bench = Bench()
        await bench.put("tidemark:c:a", #"{"p": {"k": 1}}"#, lifetime: .seconds(1800))
        await bench.run("attach memory:", "open tidemark:c:a", "set /p/k 2", "commit")
        #expect(try await bench.stored("tidemark:c:a")?.expiry.secondsLeft(at: bench.clock.now()) == 1800)
        await bench.run("close", "use c tidemark timeout=1h", "open a", "set /p/k 3", "commit")
        #expect(try await bench.stored("tidemark:c:a")?.expiry.secondsLeft(at: bench.clock.now()) == 3600)
    }

    @Test func `opening by stored key leaves the container in use alone`() async throws {
        var fresh = Bench()
        await fresh.put("shop:1", #"{"a":1}"#)
        await fresh.put("shop:2", #"{"a":2}"#)
        #expect(await fresh.run("attach memory:", "open shop:1", "open shop:2", "get /a").last == "2")
    }

    @Test func `a package opened later joins the session and orphans no edit`() async throws {
        var bench = Bench()
        await bench.run("attach memory:", "use c tidemark", "open a p1", "set /p1/k 2", "open a p2")
        #expect(try await bench.failure("close").status == .refused)
        #expect(await bench.run("get /p1/k").last == "2")
        #expect(await bench.run("set /p2/k 3").last == "A /p2/k 3")
        await bench.run("commit")
        #expect(try await bench.text("tidemark:c:a:p1") == #"{"k": 2}"#)
        #expect(try await bench.text("tidemark:c:a:p2") == #"{"k": 3}"#)
    }
}
