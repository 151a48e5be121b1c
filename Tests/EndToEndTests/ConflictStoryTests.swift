import MemcachedServer
import Testing
import TmuxSession

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
        #expect(try await console.sees("7 -> 8").isEmpty == false, "the edit is kept")
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
        let review = try await console.sees("Review")
        #expect(review.contains { $0.contains("add \(Express.key)") }, "\(review.joined(separator: "\n"))")
        try console.presses("y")
        try await console.sees("committed 1 record")
        let item = try #require(try RawClient(port: server.port).item(Express.key))
        #expect(item.flags == 2)
        #expect(item.value == Express.payload(views: 8))
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
