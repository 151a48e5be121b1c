import MemcachedServer
import Testing
import TmuxSession

extension EndToEnd {
    /// Keys and values that would take over a terminal if they reached it as they are.
    @Suite(.enabled(if: TmuxSession.isAvailable, "tmux is not installed"))
    struct HostileStoryTests {
        /// A window title, a move of the cursor, a bell, a right-to-left override, a C1 control, a zero-width space.
        private static let evil = "a\u{1B}]0;owned\u{7}b\u{1B}[8;99Hc\u{202E}d\u{9B}31me\u{200B}f"
        /// What must not be among the bytes that reach a terminal.
        private static let forbidden: [String] = [
            "\u{1B}]0;", "\u{7}", "\u{1B}[8;99H", "\u{202E}", "\u{9B}", "\u{200B}",
        ]

        private func server() throws -> MemcachedServer {
            let server = try MemcachedServer()
            let client = try RawClient(port: server.port)
            try client.set("evil:" + Self.evil, "{\"\(Self.evil)\":\"\(Self.evil)\"}")
            try client.set("evil:" + String(repeating: "k", count: 245), Self.evil)
            try client.send(
                Array("set evil:".utf8) + [0xFF, 0xC3, 0x28, 0x80] + Array(" 0 0 3\r\n".utf8) + [0xFF, 0xFE, 0x1B])
            try client.ask("\r\n")
            // The key "evil:new<LF>line<CR>end", which only the base64 form of the meta commands can carry.
            try client.ask("ms ZXZpbDpuZXcKbGluZQ1lbmQ= 2 b\r\nhi\r\n")
            try client.set("plain", "\"\\u001b]0;owned\\u0007\"")
            return server
        }

        @Test func `the bytes that the console writes hold nothing of what it shows`() async throws {
            let server = try server()
            let program = try #require(TmuxSession.product("tidemark"))
            let file = try TemporaryFile("")
            // script keeps every byte that the program writes to its terminal.
            let terminal = try TmuxSession.start(
                "exec script -q -f -c \(TmuxSession.quoted("\(program) \(server.address)")) \(file.path)", columns: 100,
                rows: 30,
                environment: ["LC_ALL": "C.UTF-8"])
            let console = ConsoleStory(terminal: terminal)
            try await console.sees("Sessions all 5")
            try console.presses("]", "]")
            try await console.sees("Sessions evil 4")
            for _ in 1...4 {
                try console.presses("Enter")
                try await console.sees("flags 0")
                try console.presses("2", "p", "i")
                try await console.sees("Esc close")
                try console.presses("Escape", "1", "j")
                try await console.seesNoMore("Esc close")
            }
            try console.presses("@")
            try await console.sees("log")
            try console.presses("Escape", "q")
            try await terminal.waitForEnd()
            let bytes = file.bytes()
            let text = try #require(String(validating: bytes, as: UTF8.self), "all of it is UTF-8")
            #expect(text.contains("owned"), "the values were on the screen")
            for sequence in Self.forbidden { #expect(!text.contains(sequence), "\(sequence.debugDescription)") }
        }

        @Test func `commands print keys and values escaped`() async throws {
            let server = try server()
            let script = try await ProgramRun.run(
                "run", server.address, input: "containers\nuse evil\nsessions\nopen plain\nget \"\"\nplan\ntrips\n")
            #expect(script.status == 0, "\(script.errors)")
            let listing = try await ProgramRun.run("ls", "--json", server.address, "evil")
            let wrong = try await ProgramRun.run("ls", server.address, Self.evil)
            let store = try await ProgramRun.run("ls", Self.evil)
            #expect(wrong.status == 3)
            #expect(store.status == 2)
            #expect(listing.lines.count == 4)
            for text in [script.output, listing.output, wrong.errors, store.errors] {
                #expect(text.contains("owned"))
                let isPlain = text.unicodeScalars.allSatisfy {
                    $0 == "\n" || $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
                }
                #expect(isPlain, "\(text.debugDescription)")
            }
        }
    }
}
