import OrderedCollections
import SessionCommands
import SessionCore
import Testing

/// The workspace as a pure value: what it decides, without any store.
@Suite struct WorkspaceTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    /// A workspace with a store attached by hand.
    private func attached(keyLimit: Int? = 250) throws -> Workspace {
        var workspace = Workspace(catalog: .standard)
        let reply = workspace.run(.attach(address: "memory:", name: nil), now: now)
        let effect = try #require(reply.effects.first)
        #expect(effect.action == .attach(address: "memory:", name: "memory:"))
        let store = AttachedStore(
            name: "memory:", address: "memory:", capabilities: [.scan, .atomicBatch], allowsWriter: true,
            isReadOnly: false,
            facts: StoreFacts(product: "memory", recordCount: 0, recordLimit: nil, keyLimit: keyLimit))
        let answer = workspace.receive(StoreResult(request: effect.request, outcome: .attached(store), traffic: [:]))
        #expect(answer.failure == nil && answer.effects.isEmpty && answer.lines.count == 1)
        return workspace
    }

    private func opened(_ text: String?) throws -> Workspace {
        var workspace = try attached()
        _ = workspace.run(.use(container: "shop", options: ContainerOptions(profile: "plain")), now: now)
        let reply = workspace.run(.open(id: "1", packages: []), now: now)
        let effect = try #require(reply.effects.first)
        let id = RecordID(store: "memory:", key: "shop:1")
        #expect(reply.effects.count == 1 && effect.action == .load([id]))
        let stored = text.map {
            StoredRecord(key: "shop:1", payload: Array($0.utf8), flags: 3, expiry: .never, revision: Revision(1))
        }
        let answer = StoreResult(
            request: effect.request, outcome: .loaded(stored.map { [id: $0] } ?? [:]), traffic: [:])
        #expect(workspace.receive(answer).failure == nil)
        #expect(!workspace.isWaiting)
        return workspace
    }

    @Test func `edits, savepoints, rollback, undo and every view ask no store`() throws {
        var workspace = try opened("{\"a\":1}")
        for line in [
            "set /a 2", "set /b [1]", "savepoint", "delete /a", "diff", "diff sp1", "plan", "status", "ls", "get /b/0",
            "rollback", "undo",
            "redo", "savepoints", "ttl 1h", "destroy", "rollback base", "help", "trips",
        ] {
            let reply = workspace.run(try Command(parsing: line), now: now)
            #expect(reply.effects.isEmpty && reply.failure == nil, "\(line): \(String(describing: reply.failure))")
            #expect(!workspace.isWaiting)
        }
    }

    @Test func `a commit is one effect that holds the plan shown before, and nothing is edited meanwhile`() throws {
        var workspace = try opened("{\"a\":1}")
        _ = workspace.run(try Command(parsing: "set /a 2"), now: now)
        let plan = try workspace.checkedPlan()
        let reply = workspace.run(.commit(), now: now)
        #expect(
            reply.effects.map(\.action) == [
                .commit(
                    plan,
                    CommitTerms(origins: [
                        RecordID(store: "memory:", key: "shop:1"): JournalCommit.Origin(
                            profile: "plain", container: Array("shop".utf8), session: Array("1".utf8), package: nil)
                    ]))
            ])
        #expect(workspace.isCommitting)
        for line in [
            "set /a 3", "delete /a", "commit", "abort", "undo", "redo", "refresh", "rollback base", "savepoint",
            "destroy",
        ] {
            let refused = workspace.run(try Command(parsing: line), now: now)
            #expect(refused.failure?.status == .refused, "\(line)")
            #expect(refused.effects.isEmpty)
        }
    }

    @Test func `the same commands give the same workspace`() throws {
        var first = try opened("{\"a\":1}")
        var second = first
        for line in ["set /a 2", "savepoint x", "set /c {}", "rollback x /c"] {
            #expect(first.run(try Command(parsing: line), now: now) == second.run(try Command(parsing: line), now: now))
        }
        #expect(first == second)
        _ = second.run(try Command(parsing: "undo"), now: now)
        #expect(first != second)
    }

    @Test func `an answer that nobody waits for, or that was given up, changes nothing`() throws {
        var workspace = try opened("{\"a\":1}")
        let reply = workspace.run(.containers, now: now)
        let scan = try #require(reply.effects.first)
        workspace.cancel(scan.request)
        let before = workspace
        #expect(workspace.receive(StoreResult(request: scan.request, outcome: .scanEnded, traffic: [:])) == Reply())
        #expect(workspace == before)
        #expect(workspace.store?.scan == .failed("cancelled"))
    }

    @Test func `a commit is never given up`() throws {
        var workspace = try opened("{\"a\":1}")
        _ = workspace.run(try Command(parsing: "set /a 2"), now: now)
        let request = try #require(workspace.run(.commit(), now: now).effects.first?.request)
        workspace.cancel(request)
        #expect(workspace.isCommitting)
    }

    @Test func `a commit that may have written leaves only abort, which is not taken back`() throws {
        var workspace = try opened("{\"a\":1}")
        _ = workspace.run(try Command(parsing: "set /a 2"), now: now)
        let request = try #require(workspace.run(.commit(), now: now).effects.first?.request)
        let report = CommitReport(outcomes: ["shop:1": .unknown("no answer")])
        let error = TransactionError.participant(ParticipantError(participant: "memory:", kind: .incomplete(report)))
        let id = RecordID(store: "memory:", key: "shop:1")
        let reply = workspace.receive(
            StoreResult(
                request: request, outcome: .commitFailed(error, [id: .unknown("no answer")]), traffic: [:]))
        #expect(reply.failure?.status == .failed)
        #expect(reply.failure?.message.contains("shop:1 may or may not be written (no answer)") == true)
        #expect(
            workspace.run(.get(JSONPointer(tokens: ["a"])), now: now).lines == ["2"], "the edits are kept to compare")
        for line in ["set /a 3", "commit", "savepoint", "rollback base"] {
            let refused = workspace.run(try Command(parsing: line), now: now)
            #expect(
                refused.failure?.status == .refused && refused.failure?.message == workspace.failedCommit, "\(line)")
        }
        #expect(workspace.run(.abort, now: now).failure == nil)
        #expect(workspace.failedCommit == nil && workspace.work.isClean)
        #expect(workspace.run(.undo, now: now).failure?.status == .notFound)
    }

    @Test func `without store, session or container the command says which to open`() {
        var workspace = Workspace(catalog: .standard)
        for command in [
            Command.containers, .sessions(glob: nil), .use(container: "a", options: ContainerOptions()), .trips,
            .open(id: "1", packages: []),
        ] {
            #expect(workspace.run(command, now: now).failure?.message == "no store is attached; attach STORE opens one")
        }
        for command in [
            Command.list(.root), .get(.root), .set(.root, 1), .delete(.root), .destroy, .close, .timeToLive(.never),
            .refresh,
        ] {
            #expect(workspace.run(command, now: now).failure?.message == "no session is open; open ID opens one")
        }
        #expect(workspace.run(.commit(), now: now) == Reply(lines: ["committed: nothing staged, 0 writes"]))
        #expect(workspace.run(.undo, now: now).failure?.status == .notFound)
        #expect(workspace.run(.help("nothing"), now: now).failure?.status == .usage)
    }

    @Test func `a listing shows every key with its letter, deleted ones too`() throws {
        var workspace = try opened("{\"a\":1,\"b\":[1,2],\"c\":null,\"password\":\"hunter2\"}")
        for line in ["set /a 2", "delete /c", "set /new {\"token\": \"t\"}", "set /b/- 3"] {
            _ = workspace.run(try Command(parsing: line), now: now)
        }
        #expect(
            workspace.run(.list(.root), now: now).lines == [
                "M  a         int   1 -> 2", "M  b         list  [1, 2] -> [1, 2, 3]", "D  c         -     null",
                "   password  str   ........", "A  new       map   {\"token\": \"........\"}",
            ])
        #expect(
            workspace.run(.list(JSONPointer(tokens: ["b"])), now: now).lines == [
                "   0  int  1", "   1  int  2", "A  2  int  3",
            ])
        #expect(workspace.run(.get(JSONPointer(tokens: ["password"])), now: now).lines == ["\"hunter2\""])
    }
}
