import MemcachedServer
import Testing
import TmuxSession

extension EndToEnd {
    @Suite(.enabled(if: TmuxSession.isAvailable, "tmux is not installed"))
    struct ConflictStoryTests {
        @Test func `what the application wrote meanwhile is neither lost nor overwritten`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let console = try await ConsoleStory.openSession(server)
            try await console.editsViews(to: 8)
            try Express.write(client, views: 7, page: "/basket")
            try await console.commits()
            try await console.sees("changed")
            #expect(try client.item(Express.key)?.value == Express.payload(views: 7, page: "/basket"))
            try await console.sees("7 -> 8")
            try console.presses("R")
            try await console.sees("/basket")
            try await console.sees("7 -> 8")
            try await console.commits()
            try await console.sees("committed 1 record")
            #expect(try client.item(Express.key)?.value == Express.payload(views: 8, page: "/basket"))
        }

        @Test func `after a crash of the server the edit goes over what the application wrote again`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            _ = client
            let console = try await ConsoleStory.openSession(server)
            try await console.editsViews(to: 8)
            try await console.crashes(server)
            try server.restart()
            let application = try RawClient(port: server.port)
            try Express.write(application, views: 1, id: Express.otherID)
            try Express.write(application, views: 7, page: "/again")
            try console.presses("R")
            try await console.sees("/again")
            try await console.sees("7 -> 8")
            try await console.commits()
            try await console.sees("committed 1 record")
            #expect(try application.item(Express.key)?.value == Express.payload(views: 8, page: "/again"))
        }

        @Test func `after a crash of the server a session that nobody wrote again is added whole`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            _ = client
            let console = try await ConsoleStory.openSession(server)
            try await console.editsViews(to: 8)
            try await console.crashes(server)
            try server.restart()
            try console.presses("R")
            try await console.seesNoMore("connection refused")
            try console.presses("c")
            try await console.sees("add \(Express.key)")
            try console.presses("y")
            try await console.sees("committed 1 record")
            let item = try #require(try RawClient(port: server.port).item(Express.key))
            #expect(item.flags == 2)
            #expect(item.value == Express.payload(views: 8))
        }

        @Test func `a restarted server that counts revisions from 1 again does not hide the application's write`()
            async throws
        {
            let server = try MemcachedServer()
            let session = #"{"views":7,"returnTo":"/a"}"#
            try RawClient(port: server.port).set(Express.key, session, flags: 2)
            let run = try ProgramRun(["run", server.address])
            try run.type("open \(Express.key)")
            try await run.wait(for: "session \(Express.id)")
            try run.type("set /views 8")
            try await run.wait(for: "M /views 7 -> 8")
            server.kill()
            try server.restart()
            // The same revision, length, flags and expiry as what was loaded: only the bytes differ.
            let application = try RawClient(port: server.port)
            try application.set(Express.key, session.replacing("/a", with: "/b"), flags: 2)
            try run.type("refresh")
            try run.type("commit")
            _ = try await run.end()
            let item = try #require(try application.item(Express.key))
            #expect(item.value.contains("/b"), "\(item.value)")
        }
    }
}

extension ConsoleStory {
    /// The server dies while edits are staged: a commit says so, and keys still answer.
    fileprivate func crashes(_ server: MemcachedServer) async throws {
        server.kill()
        try await commits()
        try await sees("no connection")
        try presses("?")
        try await sees("Help: Keys")
        try presses("Escape")
        try await seesNoMore("Help: Keys")
        try await sees("7 -> 8")
    }
}
