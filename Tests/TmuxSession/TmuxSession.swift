import Glibc

/// A program running in a terminal that a test types into and looks at: one tmux server of its own.
///
/// The server has a private socket and no configuration, and ends with the session value. Calls block for about two
/// milliseconds each.
public final class TmuxSession: Sendable {
    /// What went wrong with tmux, or what a test waited for in vain.
    public struct Failure: Error, CustomStringConvertible {
        /// What, and the screen at that time.
        public let description: String
    }

    private let socket: String

    /// Whether tmux can be run here.
    public static var isAvailable: Bool { ChildProcess.run(["tmux", "-V"])?.status == 0 }

    /// Starts a shell command in a terminal of `columns` x `rows` cells.
    ///
    /// `environment` is added to that of this process; a `nil` value takes a variable out. The terminal stays when the
    /// command ends, so that its last screen and its status can be read.
    public static func start(
        _ command: String, columns: Int = 80, rows: Int = 24, environment: [String: String?] = [:]
    ) throws -> TmuxSession {
        let session = TmuxSession(socket: "tidemark-test-\(getpid())-\(UInt32.random(in: 0 ... .max))")
        var setting = "env"
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where value == nil { setting += " -u \(name)" }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            if let value { setting += " " + quoted("\(name)=\(value)") }
        }
        try session.tmux([
            "start-server", ";", "set", "-g", "remain-on-exit", "on", ";", "set", "-g", "default-terminal",
            "tmux-256color", ";", "set", "-g", "escape-time", "0", ";", "set", "-g", "status", "off", ";",
            "set", "-g", "set-clipboard", "on", ";",
            "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "\(setting) /bin/sh -c \(quoted(command))",
        ])
        return session
    }

    private init(socket: String) { self.socket = socket }

    deinit { kill() }

    /// The path of an executable of this package, which is built beside the tests; `nil` where it is not there.
    public static func product(_ name: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        guard count > 0 else { return nil }
        let tests = String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for folder in [tests, CommandLine.arguments[0]] {
            guard let slash = folder.lastIndex(of: "/") else { continue }
            let path = folder[...slash] + name
            if access(String(path), X_OK) == 0 { return String(path) }
        }
        return nil
    }

    /// A word as a shell takes it literally.
    public static func quoted(_ word: String) -> String { "'" + word.replacing("'", with: "'\\''") + "'" }

    /// Presses keys by tmux's names: `Enter`, `Escape`, `C-z`, `Up`, `BTab`, `PPage`, or a character.
    public func send(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

    /// Types a text letter by letter.
    public func type(_ text: String) throws {
        // tmux takes a semicolon at the end of a word as the end of its command.
        let literal = text.hasSuffix(";") ? text.dropLast() + "\\;" : text
        try tmux(["send-keys", "-l", "--", literal])
    }

    /// Sends bytes as the terminal would, each as two hexadecimal digits: escape sequences, the marks of a paste.
    public func sendBytes(_ bytes: [UInt8]) throws {
        try tmux(["send-keys", "-H"] + bytes.map { String($0, radix: 16) })
    }

    /// Pastes a text, with the marks of a bracketed paste where the program asked for them.
    public func paste(_ text: String) throws {
        try tmux(["set-buffer", "-b", "typed", text, ";", "paste-buffer", "-p", "-b", "typed"])
    }

    /// Gives the terminal another size.
    public func resize(columns: Int, rows: Int) throws {
        try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// The rows of the screen, without blanks at their ends.
    public func screen() throws -> [String] {
        try tmux(["capture-pane", "-p"]).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map(String.init)
    }

    /// A tmux format of the pane, such as `#{cursor_flag}` or `#{alternate_on}`.
    public func format(_ format: String) throws -> String {
        try tmux(["display-message", "-p", format]).replacing("\n", with: "")
    }

    /// The text a program put on the clipboard (OSC 52) or a test pasted last; `nil` where there is none.
    public func clipboard() -> String? { try? tmux(["show-buffer"]) }

    /// The process of the command.
    public func processID() throws -> Int32? { Int32(try format("#{pane_pid}")) }

    /// Whether the command has ended.
    public func isDead() throws -> Bool { try format("#{pane_dead}") == "1" }

    /// The exit status of the command; `nil` while it runs or where a signal ended it.
    public func exitStatus() throws -> Int? { Int(try format("#{pane_dead_status}")) }

    /// Waits until the screen holds a text and returns the screen.
    @discardableResult
    public func wait(for text: String, seconds: Double = 10) async throws -> [String] {
        var last: [String] = []
        try await wait(until: "the screen shows \"\(text)\"", seconds: seconds) { session in
            last = try session.screen()
            return last.contains { $0.contains(text) }
        }
        return last
    }

    /// Waits until the command has ended and returns its exit status.
    @discardableResult
    public func waitForEnd(seconds: Double = 10) async throws -> Int? {
        try await wait(until: "the command has ended", seconds: seconds) { try $0.isDead() }
        return try exitStatus()
    }

    /// Waits until a condition holds, asking every 10 ms; throws with the screen when the time is up.
    public func wait(
        until what: String, seconds: Double = 10, _ holds: (TmuxSession) throws -> Bool
    ) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(seconds)
        while try !holds(self) {
            guard clock.now < deadline else {
                let screen = (try? screen().joined(separator: "\n")) ?? "(there is no terminal any more)"
                throw Failure(description: "after \(seconds) s it is not so that \(what); the screen:\n\(screen)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Ends the server and with it the command.
    public func kill() { _ = ChildProcess.run(["tmux", "-L", socket, "kill-server"]) }

    @discardableResult
    private func tmux(_ arguments: [String]) throws -> String {
        let command = ["tmux", "-u", "-L", socket, "-f", "/dev/null"] + arguments
        guard let child = ChildProcess.run(command) else { throw Failure(description: "tmux cannot be started") }
        guard child.status == 0 else {
            throw Failure(description: "tmux \(arguments.joined(separator: " ")): \(child.output)")
        }
        return child.output
    }
}
