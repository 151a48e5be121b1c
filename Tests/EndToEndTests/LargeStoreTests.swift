import MemcachedServer
import Testing
import TmuxSession

extension EndToEnd {
    @Suite(.enabled(if: TmuxSession.isAvailable, "tmux is not installed"))
    struct LargeStoreTests {
        @Test func `among a hundred thousand sessions one is found by typing, and opened`() async throws {
            let server = try MemcachedServer(["-m", "256"])
            let client = try RawClient(port: server.port)
            for block in 0..<100 {
                let records = (0..<1000).map { number in
                    let text = #"{"views":1}"#
                    let id = String(block * 1000 + number)
                    let padded = String(repeating: "0", count: 32 - id.utf8.count) + id
                    return "set sess:\(padded) 2 3600 \(text.utf8.count) noreply\r\n\(text)\r\n"
                }
                try client.ask(records.joined() + "mn\r\n", until: ["MN\r\n"])
            }
            try Express.write(client, views: 7)
            let console = try ConsoleStory.open(server.address)
            // Keys are answered while the listing comes in.
            try await console.sees("1 Sessions")
            try console.presses("?")
            try await console.sees("Help: Sessions")
            try console.presses("Escape")
            try console.presses("/")
            try console.types("aT6D")
            try await console.sees("VyCh")
            try console.presses("Enter", "Enter")
            try await console.sees("originalMaxAge")
        }
    }
}
