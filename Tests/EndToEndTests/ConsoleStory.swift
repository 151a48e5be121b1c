import Glibc
import MemcachedServer
import Testing
import TmuxSession

/// A user at the console: the program in a terminal of its own, on a memcached of its own.
struct ConsoleStory {
    let terminal: TmuxSession

    /// Opens the console on a store; what follows in the shell, such as a look at the terminal's modes, is `after`.
    static func open(
        _ store: String, options: String = "", columns: Int = 100, rows: Int = 30, after: String = "",
        environment: [String: String?] = [:]
    ) throws -> ConsoleStory {
        let program = TmuxSession.quoted(try #require(TmuxSession.product("tidemark"), "tidemark is built"))
        // Without a home there is no journal but for those who give a place for one.
        let defaults: [String: String?] = [
            "LC_ALL": "C.UTF-8", "NO_COLOR": nil, "SWIFT_BACKTRACE": "enable=no", "HOME": nil, "XDG_STATE_HOME": nil,
        ]
        let terminal = try TmuxSession.start(
            "\(program) \(options) \(store)\(after)", columns: columns, rows: rows,
            environment: defaults.merging(environment) { $1 })
        return ConsoleStory(terminal: terminal)
    }

    /// Opens the console and in it the Express session.
    static func openSession(
        _ server: MemcachedServer, options: String = "", after: String = ""
    ) async throws -> ConsoleStory {
        let story = try open(server.address, options: options, after: after)
        try await story.sees("GEhl")
        try story.presses("/")
        try story.types("aT6D")
        try await story.seesNoMore("GEhl")
        try story.presses("Enter", "Enter")
        try await story.sees("originalMaxAge")
        return story
    }

    /// Presses keys by tmux's names.
    func presses(_ keys: String...) throws { for key in keys { try terminal.send(key) } }

    /// Types a text.
    func types(_ text: String) throws { try terminal.type(text) }

    /// Waits until the screen shows a text.
    @discardableResult
    func sees(_ text: String, seconds: Double = 10) async throws -> [String] {
        try await terminal.wait(for: text, seconds: seconds)
    }

    /// Waits until the screen no longer shows a text.
    func seesNoMore(_ text: String) async throws {
        try await terminal.wait(until: "\"\(text)\" is gone") { try !$0.screen().contains { $0.contains(text) } }
    }

    /// Runs a command by the palette.
    func commands(_ line: String) throws {
        try presses(":")
        try types(line)
        try presses("Enter")
    }

    /// Edits the number of views in its line, from the list of keys.
    func editsViews(to views: Int) async throws {
        try presses("2", "g", "j", "e")
        try await sees("edit /views")
        try presses("C-u")
        try types("\(views)")
        try presses("Enter")
        try await sees("M views")
    }

    /// The program's own process, which the shell of the terminal started.
    func programID() throws -> Int32 {
        let shell = try #require(try terminal.processID())
        let children = String(
            decoding: TemporaryFile.bytes(of: "/proc/\(shell)/task/\(shell)/children"), as: UTF8.self)
        return try #require(children.split(separator: " ").first.flatMap { Int32($0) }, "the program runs")
    }

    /// Commits through the review.
    func commits() async throws {
        try presses("c")
        try await sees("Review")
        try presses("y")
    }
}

extension MemcachedServer {
    /// A server with two Express sessions, one of Tidemark's own and one record of no framework; and its client.
    static func withSessions() throws -> (server: MemcachedServer, client: RawClient) {
        let server = try MemcachedServer()
        let client = try RawClient(port: server.port)
        try Express.write(client, views: 7)
        try Express.write(client, views: 40, id: Express.otherID)
        try client.set("tidemark:own:x", #"{"a": {"n": 1}}"#, expiry: 3600)
        try client.set("greeting", "Guten Tag")
        return (server, client)
    }
}
