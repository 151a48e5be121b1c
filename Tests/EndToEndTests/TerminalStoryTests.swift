import Glibc
import MemcachedServer
import Testing
import TmuxSession

extension EndToEnd {
    @Suite(.enabled(if: TmuxSession.isAvailable, "tmux is not installed"))
    struct TerminalStoryTests {
        @Test func `the screen follows the size of its terminal, down to a sentence and back`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            _ = client
            let console = try await ConsoleStory.openSession(server)
            try await console.sees("@ Log")
            try console.terminal.resize(columns: 80, rows: 24)
            try await console.seesNoMore("@ Log")
            try await console.sees("5 Backend")
            try await console.sees("2 Keys")
            try console.terminal.resize(columns: 70, rows: 20)
            // One pane at a time below 80 columns.
            try await console.seesNoMore("5 Backend")
            try await console.seesNoMore("[ ] container")
            try console.presses("1")
            try await console.sees("[ ] container")
            try console.terminal.resize(columns: 50, rows: 12)
            try await console.sees("needs 60x16, now 50x12")
            try console.presses("2", "e")
            try console.terminal.resize(columns: 100, rows: 30)
            try await console.sees("@ Log")
            try await console.sees("originalMaxAge")
            try await console.editsViews(to: 8)
        }

        @Test func `Ctrl-Z gives the terminal to the shell, and fg brings the screen back`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            _ = client
            let program = TmuxSession.quoted(try #require(TmuxSession.product("tidemark")))
            let terminal = try TmuxSession.start(
                "exec bash --norc --noprofile -i", columns: 100, rows: 30,
                environment: ["PS1": "shell> ", "LC_ALL": "C.UTF-8", "HISTFILE": nil])
            let console = ConsoleStory(terminal: terminal)
            try await console.sees("shell>")
            try console.types("\(program) \(server.address)")
            try console.presses("Enter")
            try await console.sees("GEhl")
            try console.presses("C-z")
            try await console.sees("Stopped")
            #expect(try terminal.format("#{alternate_on}#{cursor_flag}") == "01")
            try console.types("clear; stty -a | grep -c -w -e -icanon; echo round$((10+1))")
            try console.presses("Enter")
            let shell = try await console.sees("round11")
            #expect(shell.contains("0"), "the shell has its line discipline")
            try console.types("clear; fg")
            try console.presses("Enter")
            try await console.sees("1 Sessions")
            try console.presses("?")
            try await console.sees("Help: Sessions")
        }

        @Test func `SIGTERM gives the terminal back and ends with 143`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let modes = "stty -a | tr ' ;' '\\n\\n' | grep -xE -e '-?(icanon|echo|isig)' | sort | tr '\\n' ' '"
            let console = try ConsoleStory.open(
                server.address, after: "; status=$?; echo; echo \"status $status\"; \(modes); echo all over; exec cat")
            try await console.sees("GEhl")
            #expect(try console.terminal.format("#{alternate_on}") == "1")
            #expect(kill(try console.programID(), SIGTERM) == 0)
            let screen = try await console.sees("all over")
            #expect(screen.contains("status 143"), "\(screen.joined(separator: "\n"))")
            #expect(screen.contains { $0.hasPrefix("echo icanon isig") })
            #expect(try console.terminal.format("#{alternate_on}#{cursor_flag}#{mouse_any_flag}") == "010")
            #expect(try client.item(Express.key)?.value == Express.payload(views: 7))
        }

        @Test func `q asks before edits are lost, and Ctrl-C does too`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let before = try client.item(Express.key)
            // tmux knows that a pane is dead before it knows the status, so the shell says it.
            let console = try await ConsoleStory.openSession(server, after: "; echo \"status $?\"; exec cat")
            try await console.editsViews(to: 8)
            try console.presses("q", "q")
            try await console.sees("1 change staged and not committed would be lost")
            try console.presses("n")
            try await console.seesNoMore("would be lost")
            try console.presses("C-c")
            try await console.sees("would be lost")
            try console.presses("y")
            try await console.sees("status 0")
            #expect(try client.item(Express.key)?.revision == before?.revision)
        }

        @Test func `a terminal that goes away ends the program, and nothing is committed`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let before = try client.item(Express.key)
            let console = try await ConsoleStory.openSession(server, after: "; exit")
            try await console.editsViews(to: 8)
            try console.presses("c")
            try await console.sees("Review")
            let program = try console.programID()
            console.terminal.kill()
            try await console.terminal.wait(until: "the program has ended") { _ in !Self.isRunning(program) }
            #expect(!Self.isRunning(program))
            #expect(try client.item(Express.key)?.revision == before?.revision)
        }

        /// Whether a process is there and has not ended; one that nobody has waited for yet has.
        private static func isRunning(_ process: Int32) -> Bool {
            let state = String(decoding: TemporaryFile.bytes(of: "/proc/\(process)/stat"), as: UTF8.self)
            return !state.isEmpty && !state.contains(") Z ")
        }

        @Test func `without UTF-8 the borders are ASCII, and text that is none is escaped`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            try client.set("menu", "Grüße")
            let console = try ConsoleStory.open(server.address, environment: ["LC_ALL": "C"])
            let screen = try await console.sees("GEhl")
            #expect(screen.contains { $0.contains("+") && $0.contains("1 Sessions") })
            #expect(screen.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }, "\(screen.joined(separator: "\n"))")
        }

        @Test(arguments: [("dumb", "TERM=dumb cannot address the cursor"), ("", "TERM is not set")])
        func `a terminal that cannot be drawn on is a sentence and exit 2`(type: String, says: String) async throws {
            let console = try ConsoleStory.open(
                "demo:", columns: 140, after: "; echo \"status $?\"; exec cat", environment: ["TERM": type])
            let screen = try await console.sees("status 2")
            #expect(screen.contains { $0.hasPrefix("tidemark: ") && $0.contains(says) }, "\(screen)")
        }
    }
}
