import SessionCommands
import SessionCore
import Testing

/// A store that is production wants its name with each commit.
@Suite struct StoreMarkTests {
    @Test(
        arguments: [
            (nil, .prod, false), ("prod", .prod, true), ("staging", .prod, false), ("dev", .always, true),
            ("prod", .never, false),
            (nil, .always, true),
        ] as [(String?, StoreMark.Confirmation, Bool)])
    func `the config file says when`(environment: String?, confirmation: StoreMark.Confirmation, wants: Bool) {
        #expect(StoreMark(name: "a", environment: environment, confirmation: confirmation).wantsName == wants)
    }

    private static func bench() async -> Bench {
        var bench = Bench()
        await bench.put("k", #"{"n": 1}"#)
        await bench.run("attach memory:prod", "key k")
        return bench
    }

    @Test(arguments: ["commit", "commit --merge", "commit --confirm shop-us", "store", "sweep"])
    func `without the name nothing is written, and the text says how it is given`(line: String) async throws {
        var bench = await Self.bench()
        await bench.run("set /n 2")
        if line == "sweep" { await bench.run("use shop tidemark") }
        let failure = try await bench.failure(line)
        #expect(failure.status == .refused)
        #expect(failure.message.contains("shop-eu is a production store; nothing was written"))
        #expect(failure.message.contains("commit --confirm shop-eu"))
        #expect(try await bench.stored("k")?.payload == Array(#"{"n": 1}"#.utf8))
        #expect(!bench.workspace.work.isClean, "the edits are kept")
    }

    @Test(arguments: ["commit --confirm shop-eu", "store --confirm shop-eu"])
    func `with the name it is`(line: String) async throws {
        var bench = await Self.bench()
        let said = await bench.run("set /n 2", line)
        #expect(try await bench.stored("k")?.payload == Array(#"{"n": 2}"#.utf8), "\(said)")
        await bench.run("set /n 3")
        #expect(try await bench.failure("commit").status == .refused, "a name is good for one commit")
    }

    @Test func `a name that is given for all commits is good for each`() async throws {
        var bench = await Self.bench()
        bench.workspace.confirmedNames = ["shop-eu"]
        await bench.run("set /n 2", "commit", "set /n 3", "commit")
        #expect(try await bench.stored("k")?.payload == Array(#"{"n": 3}"#.utf8))
    }

    /// Whoever makes the effect: the runner is below every command.
    @Test func `the runner refuses too`() async throws {
        var bench = await Self.bench()
        await bench.run("set /n 2")
        let plan = try bench.workspace.checkedPlan()
        bench.workspace.confirmedNames = ["shop-eu"]
        let reply = bench.workspace.run(.commit(), now: bench.clock.now())
        let request = try #require(reply.effects.first?.request)
        let bare = StoreEffect(request: request, action: .commit(plan, CommitTerms()))
        for await result in bench.executor.runner.results(of: bare) {
            guard case .failed(let failure) = result.outcome else { Issue.record("\(result)"); return }
            #expect(failure.status == .refused)
        }
        #expect(try await bench.stored("k")?.payload == Array(#"{"n": 1}"#.utf8))
    }
}
