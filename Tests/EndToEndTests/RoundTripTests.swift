import MemcachedServer
import Testing

extension EndToEnd {
    /// What `trips` says the round trips were for, after each step of a script.
    @Suite struct RoundTripTests {
        private func trips(_ groups: [[String]], _ server: MemcachedServer) async throws -> [[String: Int]] {
            let script = groups.map { $0.joined(separator: "\n") + "\ntrips\n" }.joined()
            let result = try await ProgramRun.run("run", server.address, input: script)
            try #require(result.status == 0, "\(result.errors)")
            let counts = result.lines.indices.filter { result.lines[$0].contains(" round trips, ") }.map { index in
                let words = result.lines[index + 1].split(separator: ", ").map { $0.split(separator: " ") }
                return Dictionary(uniqueKeysWithValues: words.map { (String($0[0]), Int($0[1]) ?? -1) })
            }
            try #require(counts.count == groups.count, "\(result.output)")
            // What the connection itself asks at its start is no part of a budget.
            return counts.map { $0.filter { $0.key != "facts" } }
        }

        @Test func `a foreign session costs one trip to open and two to commit, and edits cost none`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let steps = try await trips(
                [
                    ["open \(Express.key)"],
                    [
                        "set /views 8", "savepoint a", "set /views 9", "delete /returnTo", "rollback a", "undo", "redo",
                        "plan", "diff",
                    ],
                    ["commit"],
                ], server)
            #expect(steps[0] == ["load": 1])
            #expect(steps[1] == steps[0])
            #expect(steps[2] == ["load": 1, "check": 1, "write": 1])
            #expect(try client.item(Express.key)?.value == Express.payload(views: 8))
        }

        @Test func `an own session costs one trip to commit`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let steps = try await trips(
                [["use own tidemark timeout=1h", "open x"], ["set /a/n 2", "commit"]], server)
            #expect(steps == [["load": 1], ["load": 1, "write": 1]])
            #expect(try client.item("tidemark:own:x")?.value == #"{"a": {"n": 2}}"#)
        }

        @Test func `a commit of nothing, or of a value set back, writes nothing`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let before = try client.item(Express.key)
            let steps = try await trips(
                [["open \(Express.key)"], ["commit"], ["set /views 8", "set /views 7", "commit"]], server)
            #expect(steps == Array(repeating: ["load": 1], count: 3))
            #expect(try client.item(Express.key)?.revision == before?.revision)
        }
    }
}
