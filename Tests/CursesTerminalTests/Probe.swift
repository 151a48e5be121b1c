import Glibc
import Testing
import TmuxSession

/// The probe program in a terminal of its own.
enum Probe {
    static var path: String {
        get throws {
            TmuxSession.quoted(try #require(TmuxSession.product("terminal-probe"), "terminal-probe is built"))
        }
    }

    /// Prints the modes that matter to the next program, sorted: `echo icanon icrnl isig ixon` in a sane terminal.
    private static let modes =
        "stty -a | tr ' ;' '\\n\\n' | grep -xE -e '-?(icanon|echo|isig|ixon|icrnl)' | sort | tr '\\n' ' '"

    /// Runs the probe, then prints its status, the modes it left, and that it is over, and keeps the terminal open:
    /// tmux scrolls the screen of a dead pane and hides its cursor.
    static func start(
        columns: Int = 80, rows: Int = 24, environment: [String: String?] = [:], redirection: String = ""
    ) throws -> TmuxSession {
        let defaults: [String: String?] = ["LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
        return try TmuxSession.start(
            "\(path) \(redirection); status=$?; echo; echo \"status $status\"; \(modes); echo all over; exec cat",
            columns: columns, rows: rows, environment: defaults.merging(environment) { $1 }
        )
    }

    /// The process that the probe says it is.
    static func processID(_ session: TmuxSession) async throws -> pid_t {
        let line = try #require(try await session.wait(for: "pid ").first { $0.contains("pid ") })
        let words = line.split(separator: " ")
        let place = try #require(words.firstIndex { $0.hasSuffix("pid") })
        return try #require(pid_t(words[place + 1]))
    }

    /// Whether a process is there and has not ended; one that nobody has waited for yet has.
    static func isRunning(_ process: pid_t) -> Bool {
        let file = open("/proc/\(process)/stat", O_RDONLY)
        guard file >= 0 else { return false }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = max(read(file, &bytes, bytes.count), 0)
        return !String(decoding: bytes[..<count], as: UTF8.self).contains(") Z ")
    }

    /// Checks that the terminal is as a shell needs it, and returns the screen.
    static func expectRestored(_ session: TmuxSession, status: Int, of end: String) async throws -> [String] {
        let screen = try await session.wait(for: "all over")
        #expect(screen.contains("status \(status)"), "\(end): \(screen.joined(separator: "\n"))")
        #expect(
            screen.contains { $0.hasPrefix("echo icanon icrnl isig ixon") }, "\(end): \(screen.joined(separator: "\n"))"
        )
        let flags = try session.format(
            "#{alternate_on}#{cursor_flag}#{mouse_any_flag}#{keypad_cursor_flag}#{keypad_flag}")
        #expect(flags == "01000", "\(end)")
        #expect(!screen.contains { $0.contains("┌─ probe") }, "\(end)")
        return screen
    }
}
