import SessionCommands
import SessionCore
import Testing

/// Places that both sides changed, decided one by one.
@Suite struct MergeTests {
    private func bench(_ payload: String = "{\"a\":1,\"b\":1,\"c\":1,\"list\":[1,2]}") async -> Bench {
        var bench = Bench()
        await bench.put("shop:1", payload, flags: 3, lifetime: .seconds(600))
        await bench.run("attach memory:", "use shop plain", "open 1")
        return bench
    }

    /// Both sides change `/a` and `/b`, the other one `/c` too.
    private func disputed() async -> Bench {
        var bench = await bench()
        await bench.run("set /a 2", "set /b 2", "writer set /a 3", "writer set /b 3", "writer set /c 3", "commit")
        return bench
    }

    @Test func `merge shows base, mine and store of what both changed`() async {
        var bench = await disputed()
        let lines = await bench.run("merge")
        #expect(lines.first?.contains("changed in the store at /a, /b, where you have edits") == true)
        #expect(lines.dropFirst() == ["! 1 /a: base 1 | mine 2 | store 3", "! 1 /b: base 1 | mine 2 | store 3"])
        #expect(await bench.run("status").contains { $0.hasPrefix("! shop:1") }, "nothing is decided by looking")
    }

    @Test func `each place is decided by itself, and the commit holds what others changed too`() async throws {
        var bench = await disputed()
        await bench.run("merge")
        #expect(await bench.run("merge /a mine") == ["decided; left in 1: /b"])
        #expect(await bench.run("merge").contains("! 1 /a: base 1 | mine 2 | store 3, decided: mine"))
        #expect(
            await bench.run("merge /b {\"both\":5}") == [
                "merged 1; staged over what the store holds:", "  M /a 3 -> 2", "  M /b 3 -> {\"both\": 5}",
            ])
        #expect(await bench.run("commit") == ["committed 1 record, 1 round trip"])
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":{\"both\":5},\"c\":3,\"list\":[1,2]}")
        #expect(try await bench.stored("shop:1")?.flags == 3)
    }

    @Test func `mine or theirs alone decides all that is left`() async throws {
        var bench = await disputed()
        await bench.run("merge", "merge /b theirs")
        #expect(
            await bench.run("merge mine") == ["merged 1; staged over what the store holds:", "  M /a 3 -> 2"])
        await bench.run("commit")
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":3,\"c\":3,\"list\":[1,2]}")

        bench = await disputed()
        #expect(await bench.run("merge theirs").last == "merged 1: nothing of yours is left")
        #expect(bench.workspace.work.isClean && bench.workspace.conflicts.isEmpty)
    }

    @Test func `a decision before any look at the store looks first`() async throws {
        var bench = await disputed()
        #expect(await bench.run("merge mine").contains("  M /a 3 -> 2"))
        await bench.run("commit")
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":2,\"c\":3,\"list\":[1,2]}")
    }

    @Test func `a store that moves on after the decision is a conflict again`() async throws {
        var bench = await disputed()
        await bench.run("merge mine", "writer set /a 9")
        #expect(try await bench.failure("commit").status == .conflict)
        #expect(try await bench.text("shop:1")?.contains("\"a\":9") == true)
        #expect(await bench.run("merge").last == "! 1 /a: base 3 | mine 2 | store 9")
    }

    @Test func `a merge is one step of undo`() async throws {
        var bench = await disputed()
        await bench.run("merge", "merge mine")
        #expect(await bench.run("undo", "status").contains { $0.hasPrefix("! shop:1") })
        #expect(await bench.run("merge theirs").last == "merged 1: nothing of yours is left")
        await bench.run("undo")
        #expect(await bench.run("diff") == ["shop:1", "  M /a 1 -> 2", "  M /b 1 -> 2"])
    }

    @Test func `what both sides made the same is no conflict`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "set /c 2", "writer set /a 2")
        #expect(await bench.run("commit --merge").last == "committed 1 record, 1 round trip")
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":1,\"c\":2,\"list\":[1,2]}")
    }

    @Test func `a commit that merges takes in what does not overlap, and tells it`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "writer set /b 7")
        #expect(
            await bench.run("commit --merge") == [
                "1 changed in the store at /b; taken in below your edits", "committed 1 record, 1 round trip",
            ])
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":7,\"c\":1,\"list\":[1,2]}")
    }

    @Test func `a commit that merges stops where both changed one place, with nothing written`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "set /b 2", "writer set /a 3")
        let failure = try await bench.failure("commit --merge")
        #expect(failure.status == .conflict)
        #expect(failure.message.contains("at /a") && failure.message.contains("Nothing was written"))
        #expect(try await bench.text("shop:1") == "{\"a\":3,\"b\":1,\"c\":1,\"list\":[1,2]}")
        #expect(bench.workspace.work.changeCount == 2)
    }

    @Test func `a record that is gone is made anew or given up, as decided`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "writer destroy")
        #expect(try await bench.failure("commit --merge").status == .conflict)
        #expect(await bench.run("merge").last?.hasSuffix("| store nothing") == true)
        #expect(try await bench.failure("merge \"\" 5").status == .refused)
        #expect(await bench.run("merge mine").first?.contains("staged as a new record, with what was left") == true)
        await bench.run("commit")
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":1,\"c\":1,\"list\":[1,2]}")

        await bench.run("set /a 5", "writer destroy", "merge theirs")
        #expect(bench.workspace.work.isClean)
        #expect(await bench.run("commit") == ["committed: nothing staged, 0 writes"])
        #expect(try await bench.stored("shop:1") == nil)
    }

    @Test func `a record that expired and one that was made again are cases of their own`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "clock +11m")
        let failure = try await bench.failure("commit")
        #expect(failure.message.contains("no longer in the store"))
        #expect(await bench.run("merge mine").first?.contains("its life was over, so a commit needs a ttl") == true)
        #expect(try await bench.failure("commit").status == .refused)
        await bench.run("ttl 5m", "commit")
        #expect(try await bench.text("shop:1")?.contains("\"a\":2") == true)

        await bench.run("set /a 7", "writer destroy", "writer set /a 8", "writer set /new 1")
        #expect(try await bench.failure("commit").status == .conflict)
        #expect(await bench.run("merge").contains("! 1 /a: base 2 | mine 7 | store 8"))
    }

    @Test func `a destroyed session that was changed meanwhile is destroyed only when that is decided`() async throws {
        var bench = await bench()
        await bench.run("destroy", "writer set /a 3")
        #expect(try await bench.failure("commit --merge").status == .conflict)
        #expect(await bench.run("merge").last?.contains("\"\": base {") == true)
        await bench.run("merge mine")
        #expect(await bench.run("commit") == ["committed 1 record, 1 round trip"])
        #expect(try await bench.stored("shop:1") == nil)
    }

    @Test func `what the store holds now and nobody can read is taken, or replaced by all that is here`() async throws {
        var bench = await bench()
        await bench.run("set /a 2")
        await bench.put("shop:1", "\u{1}\u{2}", flags: 3)
        #expect(try await bench.failure("commit --merge").status == .conflict)
        #expect(await bench.run("merge \"\" {}").first?.hasPrefix("!") == true)
        await bench.run("merge mine")
        await bench.run("commit")
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":1,\"c\":1,\"list\":[1,2]}")
    }

    @Test func `several records are merged together, and one open place keeps all from being written`() async throws {
        var bench = await bench()
        await bench.put("shop:2", "{\"a\":1}")
        await bench.run("open 2", "set /a 2", "writer set /a 3", "open 1", "set /a 2", "writer set /b 7")
        #expect(try await bench.failure("commit --merge").status == .conflict)
        #expect(try await bench.text("shop:1") == "{\"a\":1,\"b\":7,\"c\":1,\"list\":[1,2]}")
        #expect(await bench.run("open 2", "merge mine").last == "  M /a 3 -> 2")
        #expect(await bench.run("commit --merge").last == "committed 2 records, 1 round trip")
        #expect(try await bench.text("shop:2") == "{\"a\":2}")
        #expect(try await bench.text("shop:1") == "{\"a\":2,\"b\":7,\"c\":1,\"list\":[1,2]}")
    }

    @Test func `a place that is no conflict is refused with those that are`() async throws {
        var bench = await disputed()
        await bench.run("merge")
        let failure = try await bench.failure("merge /c mine")
        #expect(failure.status == .notFound && failure.message.contains("/a, /b"))
        await bench.run("abort")
        #expect(await bench.run("merge") == ["nothing changed in the store"])
    }
}
