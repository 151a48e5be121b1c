import Glibc
import Testing
import TmuxSession

@Suite(.enabled(if: TmuxSession.isAvailable, "tmux is not installed"), .serialized)
struct LifeCycleTests {
    @Test(arguments: [("q", 0), ("X", 3), ("T", 132), ("A", 134), ("O", 139)])
    func `however the program ends, the terminal is given back`(key: String, status: Int) async throws {
        // The runtime prints a stack below the message of a trap.
        let session = try Probe.start(rows: 60)
        try await session.wait(for: "nothing yet")
        try session.send("M")
        try await session.wait(for: "count 1")
        try session.send(key)
        let screen = try await Probe.expectRestored(session, status: status, of: key)
        if key == "T" { #expect(screen.contains { $0.contains("a trap on purpose") }) }
        if key == "A" { #expect(screen.contains { $0.contains("an abort on purpose") }) }
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
    func `a request to end is an event, and the terminal is given back`(signal: Int32) async throws {
        let session = try Probe.start()
        let process = try await Probe.processID(session)
        #expect(kill(process, signal) == 0)
        _ = try await Probe.expectRestored(session, status: 128 + Int(signal), of: "signal \(signal)")
    }

    @Test(arguments: [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP])
    func `a fatal signal that was sent ends the program with that signal`(signal: Int32) async throws {
        let session = try Probe.start()
        let process = try await Probe.processID(session)
        #expect(kill(process, signal) == 0)
        _ = try await Probe.expectRestored(session, status: 128 + Int(signal), of: "signal \(signal)")
    }

    @Test func `a backtrace lands on the normal screen`() async throws {
        let session = try Probe.start(rows: 150, environment: ["SWIFT_BACKTRACE": "enable=yes,color=no,interactive=no"])
        try await session.wait(for: "nothing yet")
        try session.send("T")
        let screen = try await Probe.expectRestored(session, status: 132, of: "a trap")
        #expect(screen.contains { $0.contains("a trap on purpose") })
        #expect(screen.contains { $0.contains("Backtrace took") })
    }

    @Test func `what was written to standard error appears afterwards`() async throws {
        let session = try Probe.start()
        try await session.wait(for: "nothing yet")
        try session.send("W")
        let during = try await session.wait(for: "count 1")
        #expect(!during.contains { $0.contains("a warning on purpose") })
        try session.send("q")
        let screen = try await Probe.expectRestored(session, status: 0, of: "q")
        #expect(screen.filter { $0.contains("a warning on purpose") }.count == 1)
    }

    @Test func `Ctrl-Z gives the terminal to the shell and fg takes it again`() async throws {
        let session = try TmuxSession.start(
            "exec bash --norc --noprofile -i", environment: ["PS1": "shell> ", "LC_ALL": "C.UTF-8", "HISTFILE": nil]
        )
        try await session.wait(for: "shell>")
        try session.type(Probe.path)
        try session.send("Enter")
        try await session.wait(for: "nothing yet")
        for round in 1...3 {
            try session.send("C-z")
            try await session.wait(for: "Stopped")
            #expect(try session.format("#{alternate_on}#{cursor_flag}") == "01")
            try session.type("clear; stty -a | grep -c -w -e -icanon; echo round$((\(round)+10))")
            try session.send("Enter")
            let shell = try await session.wait(for: "round\(round + 10)")
            #expect(shell.contains("0"), "the shell has its line discipline")
            if round == 2 { try session.resize(columns: 60, rows: 20) }
            try session.type("clear; fg")
            try session.send("Enter")
            try await session.wait(for: round == 1 ? "last resize 80x24 ." : "last resize 60x20 .")
            try session.send("j")
            try await session.wait(for: "last key j .")
            #expect(try session.format("#{alternate_on}") == "1")
        }
        try session.send("q")
        try await session.wait(until: "the probe is gone") { try $0.format("#{alternate_on}") == "0" }
    }

    @Test func `stopped and continued by others, it draws again`() async throws {
        let session = try Probe.start()
        let process = try await Probe.processID(session)
        #expect(kill(process, SIGSTOP) == 0)
        #expect(kill(process, SIGCONT) == 0)
        try await session.wait(for: "last resize 80x24 .")
        try session.send("j")
        try await session.wait(for: "last key j .")
    }

    @Test func `a terminal that goes away ends the program`() async throws {
        let session = try Probe.start()
        let process = try await Probe.processID(session)
        session.kill()
        try await session.wait(until: "the program has ended") { _ in !Probe.isRunning(process) }
        #expect(!Probe.isRunning(process))
    }

    @Test(arguments: [
        ("dumb", "", "TERM=dumb cannot address the cursor; use a terminal such as xterm, or `tidemark run`"),
        ("", "", "TERM is not set"),
        ("xterm", "< /dev/null", "standard input is not a terminal"),
        ("xterm", "> /dev/null", "standard output is not a terminal"),
    ])
    func `no usable terminal gives a sentence and status 2`(
        type: String, redirection: String, sentence: String
    ) async throws {
        let session = try Probe.start(columns: 120, environment: ["TERM": type], redirection: redirection)
        let screen = try await Probe.expectRestored(session, status: 2, of: type + redirection)
        #expect(screen.contains { $0.contains("probe: " + sentence) }, "\(screen)")
    }
}
