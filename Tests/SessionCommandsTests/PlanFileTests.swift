import SessionCommands
import SessionCore
import SessionFormats
import Synchronization
import Testing

/// A plan goes to a file, is read by somebody, and is committed later, if nothing of it changed.
@Suite struct PlanFileTests {
    private final class Files: Sendable {
        let made = Mutex<[String: String]>([:])
    }

    private let clock = ManualClock(Timestamp(seconds: 1_800_000_000))

    private func user(_ store: MemoryStore, _ files: Files) async -> (Executor, Workspace) {
        let runner = Runner(
            catalog: .standard, clock: clock,
            files: { path, content throws(CommandFailure) in
                try files.made.withLock { made throws(CommandFailure) in
                    guard made[path] == nil else { throw CommandFailure(.failed, "\(path) is there already") }
                    made[path] = String(decoding: content, as: UTF8.self)
                }
            }
        ) { _ throws(CommandFailure) in OpenedStore(store: store, allowsWriter: true, isReadOnly: false) }
        let executor = Executor(runner: runner, clock: clock)
        var workspace = Workspace(catalog: .standard)
        _ = await executor.run(line: "attach memory:", in: &workspace)
        return (executor, workspace)
    }

    /// Three writes of all kinds in a file, nothing of them in the store.
    private func planned() async throws -> (MemoryStore, String) {
        let store = MemoryStore(name: "memory:", clock: clock, recordLimit: nil, keyLimit: nil)
        for (key, text, life) in [
            ("a", #"{"n": 1, "password": "hush"}"#, .seconds(60)), ("b", "{}", .never), ("c", #"{"n": 1}"#, .never),
        ] as [(RecordKey, String, Lifetime)] {
            await store.loadInitialData(key: key, payload: Array(text.utf8), flags: 3, lifetime: life)
        }
        let files = Files()
        var (executor, workspace) = await user(store, files)
        for line in [
            "key a", "set /n 2", "key b", "ttl 1h", "key c", "destroy", "use shop tidemark", "open s", "set /x 1",
        ] {
            let reply = await executor.run(line: line, in: &workspace)
            #expect(reply.failure == nil, "\(line): \(String(describing: reply.failure))")
        }
        let before = try await store.load(["a", "b", "c"])
        let said = await executor.run(line: "commit --plan cart.plan", in: &workspace)
        #expect(said.lines == ["the plan of 4 writes is in cart.plan; everything is still staged"], "\(said)")
        #expect(try await store.load(["a", "b", "c", "tidemark:shop:s"]) == before)
        #expect(workspace.work.changeCount == 4)
        let again = await executor.run(line: "commit --plan cart.plan", in: &workspace)
        #expect(again.failure?.message == "cart.plan is there already")
        return (store, try #require(files.made.withLock { $0["cart.plan"] }))
    }

    @Test func `a person reads what it does, and no secret`() async throws {
        let (_, text) = try await planned()
        let remarks = text.split(separator: "\n").filter { $0.hasPrefix("#") }
        #expect(
            remarks.first
                == "# A plan of tidemark, made 2027-01-15 08:00:00 UTC. `tidemark apply FILE` writes it, if nothing of it changed."
        )
        #expect(remarks.contains("#   M /n 1 -> 2") && remarks.contains("# round trips: memory: 1"), "\(remarks)")
        #expect(!remarks.contains { $0.contains("hush") })
    }

    @Test func `another program commits it, with all that was meant`() async throws {
        let (store, text) = try await planned()
        var (executor, workspace) = await user(store, Files())
        let steps = try PlanFile.steps(text)
        let dry = workspace.apply(steps, isDryRun: true, now: clock.now())
        #expect(await executor.finish(dry, in: &workspace).lines.contains("  M /n 1 -> 2"))
        #expect(try await store.load(["a"])["a"]?.payload == Array(#"{"n": 1, "password": "hush"}"#.utf8))
        let begun = workspace.apply(steps, now: clock.now())
        let reply = await executor.finish(begun, in: &workspace)
        #expect(reply.lines.last == "committed 4 records, 1 round trip", "\(reply)")
        let records = try await store.load(["a", "b", "c", "tidemark:shop:s"])
        #expect(records["a"]?.payload == Array(#"{"n": 2, "password": "hush"}"#.utf8))
        #expect(records["a"]?.expiry.secondsLeft(at: clock.now()) == 60 && records["a"]?.flags == 3)
        #expect(records["b"]?.expiry.secondsLeft(at: clock.now()) == 3600)
        #expect(records["c"] == nil && records["tidemark:shop:s"]?.payload == Array(#"{"x": 1}"#.utf8))
    }

    @Test(arguments: ["a", "b", "c", "tidemark:shop:s"] as [RecordKey])
    func `one record that is another by now, and nothing is written`(key: RecordKey) async throws {
        let (store, text) = try await planned()
        await store.loadInitialData(key: key, payload: Array(#"{"n": 9}"#.utf8), flags: 3, lifetime: .never)
        let before = try await store.load(["a", "b", "c", "tidemark:shop:s"])
        var (executor, workspace) = await user(store, Files())
        let begun = workspace.apply(try PlanFile.steps(text), now: clock.now())
        let failure = await executor.finish(begun, in: &workspace).failure
        #expect(failure?.status == .conflict && failure?.message.contains("Nothing was written") == true)
        #expect(failure?.message.contains(key.description) == true)
        #expect(try await store.load(["a", "b", "c", "tidemark:shop:s"]) == before)
    }

    @Test func `a writer who is faster than the second look is not written over, and the advice fits`() async throws {
        let (store, text) = try await planned()
        var (executor, workspace) = await user(store, Files())
        var reply = workspace.apply(try PlanFile.steps(text), now: clock.now())
        let look = try #require(reply.effects.last)
        for await result in executor.runner.results(of: look) { reply = workspace.receive(result) }
        await store.loadInitialData(key: "c", payload: Array(#"{"n": 9}"#.utf8), flags: 3, lifetime: .never)
        let failed = await executor.finish(reply, in: &workspace)
        let failure = try #require(failed.failure)
        #expect(failure.status == .conflict && failure.message.hasSuffix("Nothing was written; make the plan again"))
        #expect(try await store.load(["c"])["c"]?.payload == Array(#"{"n": 9}"#.utf8))
        #expect(try await store.load(["a"])["a"]?.payload == Array(#"{"n": 1, "password": "hush"}"#.utf8))
    }

    @Test(arguments: [
        "", "# only remarks", "{}", "[1]", #"{"tidemark-plan": 2, "moment": {"milliseconds": 0}}"#, "nonsense",
        "{\"tidemark-plan\": 1, \"moment\": {\"milliseconds\": 0}}\n{\"store\": 1}",
    ])
    func `what is no plan says in which line`(text: String) {
        let failure = #expect(throws: CommandFailure.self) { try PlanFile.steps(text) }
        #expect(failure?.status == .undecodable)
    }

    @Test func `a plan of a store that is not attached is refused`() async throws {
        let (_, text) = try await planned()
        var workspace = Workspace(catalog: .standard)
        #expect(workspace.apply(try PlanFile.steps(text), now: clock.now()).failure?.status == .notFound)
    }
}
