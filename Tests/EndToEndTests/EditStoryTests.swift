import MemcachedServer
import Testing
import TmuxSession

extension EndToEnd {
    @Suite(.enabled(if: TmuxSession.isAvailable, "tmux is not installed"))
    struct EditStoryTests {
        @Test func `an operator finds a session, edits one value, and only that is written`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let start = ContinuousClock.now
            let before = try #require(try client.item(Express.key))
            let console = try ConsoleStory.open(server.address)
            try await console.sees("Sessions all 4")
            // The containers are tabs: those without one, the server's own, Express.
            try console.presses("]")
            try await console.sees("Sessions (other)")
            try console.presses("]")
            try await console.sees("Sessions own")
            try console.presses("]")
            try await console.sees("Sessions sess")
            try console.presses("/")
            try console.types("aT6D")
            try await console.sees("1/2")
            try console.presses("Enter", "Enter")
            try await console.sees("originalMaxAge")
            try await console.editsViews(to: 8)
            try console.presses("c")
            try await console.sees("M /views 7 -> 8")
            try await console.sees("flags 2 kept")
            #expect(try client.item(Express.key)?.revision == before.revision, "nothing is written before the y")
            try console.presses("y")
            try await console.sees("committed 1 record")
            let after = try #require(try client.item(Express.key))
            #expect(after.value == Express.payload(views: 8))
            #expect(after.flags == 2)
            let passed = Int((ContinuousClock.now - start).components.seconds)
            #expect(after.life <= before.life && after.life >= before.life - passed - 3)
            #expect(try client.item("sess:" + Express.otherID)?.value == Express.payload(views: 40))
        }

        @Test func `a savepoint, a rollback with its preview and an undo write nothing`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let before = try #require(try client.item(Express.key))
            let console = try await ConsoleStory.openSession(server)
            try await console.editsViews(to: 8)
            try console.presses("s")
            try await console.sees("savepoint, name or nothing")
            try console.types("eight")
            try console.presses("Enter")
            try await console.sees("1 eight")
            try await console.editsViews(to: 9)
            try await console.sees("7 -> 9")
            try console.presses("b")
            try await console.sees("M /views 8 -> 9")
            try console.presses("Enter")
            try await console.sees("7 -> 8")
            try console.presses("u")
            try await console.sees("7 -> 9")
            try console.presses("A")
            try await console.seesNoMore("7 -> 9")
            #expect(try client.item(Express.key)?.revision == before.revision)
        }

        @Test func `reading a session leaves no trace on the server`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let before = try client.metadump().split(separator: "\r\n").flatMap { $0.split(separator: "\n") }.sorted()
            #expect(before.contains { $0.contains("fetch=no") })
            let console = try await ConsoleStory.openSession(server)
            try console.presses("R")
            try await console.sees("load 2")
            let after = try client.metadump().split(separator: "\r\n").flatMap { $0.split(separator: "\n") }.sorted()
            #expect(after == before)
            _ = try client.ask("get \(Express.key)\r\n", until: ["END\r\n"])
            #expect(try client.metadump().contains("fetch=yes"), "an application's reading would show")
        }
    }
}
