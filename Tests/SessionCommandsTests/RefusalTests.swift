import SessionCommands
import SessionCore
import Testing

/// What goes wrong, end to end over stores in memory: exit code, and a sentence that says what and what to do.
@Suite struct RefusalTests {
    private func bench(_ lines: String...) async -> Bench {
        var bench = Bench()
        await bench.put("shop:1", "{\"a\":1,\"list\":[1]}", flags: 3, lifetime: .seconds(600))
        await bench.put("motd", "Good morning")
        await bench.run("attach memory:")
        for line in lines { await bench.run(line) }
        return bench
    }

    @Test(arguments: [
        ("use nowhere", SessionCommands.ExitStatus.notFound, "no container nowhere"),
        ("use shop ghost", .notFound, "no profile ghost; there are tidemark, express, flask,"),
        ("use a:b tidemark", .refused, "name without a colon"),
        ("open nobody", .notFound, "no session or stored key nobody in"),
        ("attach ghost:", .usage, "no command or store of that name"), ("seek /a", .usage, "no command seek"),
        ("find /a = 1", .refused, "memory: has no columns to find sessions by; sessions lists them"),
        ("find a = 1", .usage, "a column is written as /user_id"), ("find /a is 1", .usage, "one of = != < <= > >="),
        ("find /a =", .usage, "the value behind = is missing"), ("find by", .usage, "a column is written as"),
        ("find limit=0", .usage, "from 1 to 1000000"), ("find /a = [1]", .usage, "a column holds no list"),
    ])
    func `without a session`(line: String, status: SessionCommands.ExitStatus, message: String) async throws {
        var bench = await bench("containers")
        let failure = try await bench.failure(line)
        #expect(failure.status == status && failure.message.contains(message), "\(failure)")
        #expect(bench.workspace.work.isClean)
    }

    @Test(arguments: [
        ("get /nope", SessionCommands.ExitStatus.notFound, "no key /nope"),
        ("get /list/7", .notFound, "no element /list/7"),
        ("ls /a/b", .notFound, "/a is int, nothing is inside it"), ("delete /nope", .notFound, "no key /nope"),
        ("set /nope/deep/er 1", .notFound, "no key /nope"), ("set /a/b 1", .notFound, "/a is int"),
        ("set /list/2 1", .notFound, "no element /list/2"), ("set /a [1,", .usage, "column 4: "),
        ("set /a b\"x\"", .refused, "JSON cannot hold a value of kind bytes"),
        ("set /a double(\"nan\")", .refused, "JSON cannot hold"),
        ("set /key(1) 2", .refused, "its keys are text"), ("set \"\" 3", .refused, "a session is a map"),
        ("delete \"\"", .refused, "destroy deletes the session"), ("rollback", .notFound, "rollback base goes back"),
        ("rollback nope", .notFound, "no savepoint nope; there is none but base"),
        ("rollback base /nope", .notFound, "no key /nope"),
        ("diff nope", .notFound, "no savepoint nope"), ("savepoint base", .usage, "means another place"),
        ("savepoint 3", .usage, "means another place"), ("undo", .notFound, "nothing to undo"),
        ("redo", .notFound, "nothing to redo"),
        ("open 1 package", .refused, "have no packages"), ("ttl soon", .usage, "no duration"),
        ("attach memory:2 AS memory:", .refused, "has open sessions"), ("writer commit", .usage, "commits by itself"),
    ])
    func `in a session`(line: String, status: SessionCommands.ExitStatus, message: String) async throws {
        var bench = await bench("use shop plain", "open 1")
        let before = bench.workspace.work
        let failure = try await bench.failure(line)
        #expect(failure.status == status && failure.message.contains(message), "\(failure)")
        #expect(bench.workspace.work == before)
    }

    @Test func `a key over the store's limit is refused before anything is sent`() async throws {
        var bench = await bench("use shop plain")
        let trips = await bench.store.traffic().total
        let failure = try await bench.failure("open " + String(repeating: "x", count: 246))
        #expect(
            failure.status == .refused && failure.message.contains("251 bytes")
                && failure.message.contains("at most 250"))
        #expect(await bench.store.traffic().total == trips)
        #expect(
            await bench.run("open " + String(repeating: "x", count: 245)).first?.contains(": empty, no record shop:")
                == true)
    }

    @Test func `a record over the store's limit is refused with both sizes, and the edits stay`() async throws {
        var bench = Bench(recordLimit: 1000)
        await bench.put("shop:1", "{\"a\":1}")
        await bench.run(
            "attach memory:", "use shop plain", "open 1", "set /a \"\(String(repeating: "x", count: 1000))\"")
        for line in ["commit", "plan"] {
            let failure = try await bench.failure(line)
            #expect(
                failure.status == .undecodable && failure.message.contains("1,008 bytes")
                    && failure.message.contains("at most 994"), "\(failure)")
        }
        #expect(bench.workspace.work.changeCount == 1)
        #expect(try await bench.text("shop:1") == "{\"a\":1}")
    }

    @Test func `a read-only store refuses the commit, and keeps the edits`() async throws {
        var bench = await bench()
        await bench.run("attach memory:ro AS live", "use shop plain", "open 1", "set /a 2")
        let failure = try await bench.failure("commit")
        #expect(failure.status == .refused && failure.message.contains("read-only; nothing was written"))
        #expect(bench.workspace.work.changeCount == 1)
        #expect(try await bench.failure("writer set /a 3").status == .refused)
        #expect(try await bench.text("shop:1") == "{\"a\":1,\"list\":[1]}")
    }

    @Test func `a text without an inside can be replaced as a whole, and gets back its bytes by undo`() async throws {
        var bench = await bench("open motd")
        for line in ["set /a 1", "delete /a"] {
            let failure = try await bench.failure(line)
            #expect(failure.status == .notFound && failure.message.contains("nothing is inside it"), "\(failure)")
        }
        #expect(await bench.run("set \"\" \"Good day\"") == ["M \"\" \"Good morning\" -> \"Good day\""])
        #expect(try await bench.failure("set \"\" 5").status == .refused)
        await bench.run("undo")
        #expect(await bench.run("set \"\" bytes(\"Good \\xff\")") == ["M \"\" 12 bytes -> 6 bytes"])
        #expect(try await bench.failure("set /a 1").status == .refused)
        await bench.run("undo", "redo", "commit")
        #expect(try await bench.stored("motd")?.payload == Array("Good ".utf8) + [0xFF])
    }

    @Test func `a session with edits is not closed`() async throws {
        var bench = await bench("use shop plain", "open 1", "set /a 2")
        #expect(try await bench.failure("close").status == .refused)
        await bench.run("set /a 1")
        #expect(await bench.run("close") == ["closed 1"])
        #expect(try await bench.failure("get /a").message == "no session is open; open ID opens one")
    }

    @Test func `a value that could be written and not be read again is refused`() async throws {
        var bench = Bench()
        await bench.put("tidemark:t:1", "{\"s\": set(1, 2, [3]), \"d\": {}}")
        await bench.run("attach memory:", "use t tidemark", "open 1")
        #expect(try await bench.failure("set /s/0 2").message.contains("holds each value once"))
        #expect(try await bench.failure("set /s/- 1").status == .refused)
        await bench.run("set /s/- [3, 4]")
        #expect(try await bench.failure("delete /s/3/1").status == .refused)
        let deep =
            String(repeating: "[", count: Notation.maximumDepth - 1)
            + String(repeating: "]", count: Notation.maximumDepth - 1)
        #expect(try await bench.failure("set /d/x \(deep)").message.contains("nest deeper"))
        #expect(await bench.run("set /d \(deep)", "commit").last == "committed 1 record, 1 round trip")
        #expect(await bench.run("close", "open 1").last?.contains("notation") == true)
    }
}
