import MemcachedServer
import Testing
import TmuxSession

extension EndToEnd {
    @Suite(.enabled(if: TmuxSession.isAvailable, "tmux is not installed"))
    struct StallStoryTests {
        @Test func `a server that does not answer holds up no key, and Ctrl-C gives the request up`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            _ = client
            // Whatever is seen within its deadline below came long before the server's time was up.
            let console = try await ConsoleStory.openSession(server, options: "--timeout 60")
            try await console.editsViews(to: 8)
            server.pause(true)
            defer { server.pause(false) }
            try console.presses("R")
            try await console.sees("Ctrl-C cancels")
            try console.presses("?")
            try await console.sees("Help: Keys")
            try console.presses("Escape")
            try await console.seesNoMore("Help: Keys")
            try await console.editsViews(to: 9)
            try await console.sees("7 -> 9")
            try console.presses("R", "C-c")
            try await console.sees("cancelled")
            server.pause(false)
            try console.presses("R")
            try await console.seesNoMore("cancelled")
            try await console.commits()
            try await console.sees("committed 1 record")
            #expect(try RawClient(port: server.port).item(Express.key)?.value == Express.payload(views: 9))
        }
    }
}
