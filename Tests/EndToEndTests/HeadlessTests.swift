import MemcachedServer
import Testing

extension EndToEnd {
    @Suite struct HeadlessTests {
        private func screen(_ keys: [String], _ arguments: String...) async throws -> ProgramResult {
            let run = try ProgramRun(["--headless", "--keys", "-"] + arguments)
            for key in keys { try run.type(key) }
            return try await run.end()
        }

        @Test func `the tour of the demo goes to its end by the space bar`() async throws {
            let start = try await screen([])
            #expect(start.status == 0)
            #expect(start.lines.count == 30)
            #expect(start.output.contains("Welcome"))
            // Eleven stops with a command; the last shows what the commit said.
            let end = try await screen(Array(repeating: "Space", count: 11))
            #expect(end.status == 0)
            #expect(end.output.contains("committed 1 record"), "\(end.output)")
            #expect(end.output.contains("0 dirty"))
        }

        @Test func `keys edit and commit on a server, and the last screen is printed`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let result = try await screen(
                [
                    "/", "type aT6D", "Enter", "Enter", "j", "e", "Ctrl-U", "type 8", "Enter", "c", "y", "# a comment",
                    "resize 80x24",
                ], "--size", "120x40", server.address)
            #expect(result.status == 0 && result.errors == "")
            #expect(result.lines.count == 24)
            #expect(result.output.contains("committed 1 record"), "\(result.output)")
            #expect(try client.item(Express.key)?.value == Express.payload(views: 8))
        }

        @Test func `a screen that is too small says what it needs`() async throws {
            let result = try await screen(["resize 50x12"], "demo:")
            #expect(result.lines.first?.hasPrefix("needs 60x16, now 50x12") == true)
            #expect(result.lines.count == 12)
        }
    }
}
