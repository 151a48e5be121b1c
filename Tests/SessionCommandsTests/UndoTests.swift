import SessionCommands
import SessionCore
import Testing

@Suite struct UndoTests {
    private func bench() async -> Bench {
        var bench = Bench()
        await bench.put("shop:1", "{\"a\":1}")
        await bench.run("attach memory:", "use shop plain", "open 1")
        return bench
    }

    @Test func `every step is taken back and done again, savepoint, rollback and abort included`() async throws {
        var bench = await bench()
        let steps = ["set /a 2", "savepoint one", "set /b 1", "rollback one", "ttl 1h", "destroy", "abort"]
        var states = [bench.workspace.work.snapshot]
        for step in steps {
            await bench.run(step)
            states.append(bench.workspace.work.snapshot)
        }
        for state in states.dropLast().reversed() {
            await bench.run("undo")
            #expect(bench.workspace.work.snapshot == state)
        }
        #expect(try await bench.failure("undo").status == .notFound)
        for state in states.dropFirst() {
            await bench.run("redo")
            #expect(bench.workspace.work.snapshot == state)
        }
        #expect(try await bench.failure("redo").status == .notFound)
    }

    @Test func `a step that changes nothing is no step, and one after undo forgets what was taken back`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "set /a 2", "rollback base", "rollback base", "undo")
        #expect(await bench.run("get /a") == ["2"])
        #expect(await bench.run("undo", "get /a") == ["took back: set /a", "1"])
        await bench.run("set /b 1")
        #expect(try await bench.failure("redo").status == .notFound)
    }

    @Test func `a commit ends undo`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "savepoint", "commit")
        #expect(try await bench.failure("undo").status == .notFound)
        #expect(try await bench.failure("rollback").status == .notFound)
        #expect(await bench.run("status").first == "transaction 2, open, clean")
    }

    @Test func `after an abort that was taken back the edits can be committed`() async throws {
        var bench = await bench()
        await bench.run("set /a 2", "abort")
        #expect(await bench.run("get /a") == ["1"])
        await bench.run("undo", "commit")
        #expect(try await bench.text("shop:1") == "{\"a\":2}")
    }
}
