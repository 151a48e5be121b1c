import Glibc
import ProcessSpawning
import TmuxSession

/// What a test of the program waited for in vain.
struct ProgramFailure: Error, CustomStringConvertible {
    let description: String
}

/// How a run of the program ended.
struct ProgramResult: Equatable {
    /// The exit code; 128 and the signal where one ended it.
    var status: Int
    /// What it wrote to standard output.
    var output: String
    /// What it wrote to standard error.
    var errors: String

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
}

/// The program as a script runs it, with pipes and without a terminal.
///
/// It is killed with this value.
final class ProgramRun {
    private let pid: pid_t
    private var input: CInt
    private var output: CInt
    private let errors: CInt
    private var written: (output: [UInt8], errors: [UInt8]) = ([], [])
    private var hasEnded = false

    /// Starts the program; `environment` is added to a plain one, a `nil` value takes a variable out.
    init(_ arguments: [String], environment: [String: String?] = [:]) throws {
        guard let program = TmuxSession.product("tidemark") else {
            throw ProgramFailure(description: "tidemark is not built beside the tests")
        }
        // A socket in place of a pipe: writing to a program that has ended is an error then, and no SIGPIPE.
        var inputs: [CInt] = [-1, -1]
        var outputs: [CInt] = [-1, -1]
        var errors: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &inputs) == 0, pipe(&outputs) == 0, pipe(&errors) == 0 else {
            throw ProgramFailure(description: "no pipes: errno \(errno)")
        }
        for end in outputs + errors { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let theirs = [inputs[1], outputs[1], errors[1]]
        defer { for end in theirs { close(end) } }
        var variables = ["LC_ALL": "C.UTF-8", "TERM": "xterm", "PATH": "/usr/bin:/bin"]
        for (name, value) in environment { variables[name] = value }
        pid = try spawn([program] + arguments, ends: theirs, environment: variables)
        input = inputs[0]
        output = outputs[0]
        self.errors = errors[0]
        for end in [output, self.errors] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        if !hasEnded {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        for end in [input, output, errors] where end >= 0 { close(end) }
    }

    /// Runs the program to its end with a text on standard input.
    static func run(
        _ arguments: String..., input: String = "", environment: [String: String?] = [:]
    ) async throws -> ProgramResult {
        let run = try ProgramRun(arguments, environment: environment)
        // What a program does not read is no concern of its user.
        try? run.send(input)
        return try await run.end()
    }

    /// Types a line into standard input.
    func type(_ line: String) throws { try send(line + "\n") }

    /// Waits until standard output holds a text.
    func wait(for text: String, seconds: Double = 10) async throws {
        try await wait(until: "it prints \"\(text)\"", seconds: seconds) {
            String(decoding: $0, as: UTF8.self).contains(text)
        }
    }

    /// Reads no more, as `head` does when it has its lines.
    func stopReading() {
        close(output)
        output = -1
    }

    /// Ends standard input and waits for the end.
    func end(seconds: Double = 20) async throws -> ProgramResult {
        close(input)
        input = -1
        var status: CInt = 0
        try await wait(until: "the program has ended", seconds: seconds) { _ in
            if !hasEnded { hasEnded = waitpid(pid, &status, WNOHANG) == pid }
            return hasEnded
        }
        read()
        return ProgramResult(
            status: Int(status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F),
            output: String(decoding: written.output, as: UTF8.self),
            errors: String(decoding: written.errors, as: UTF8.self))
    }

    private func send(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(input, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard count > 0 else { throw ProgramFailure(description: "the program reads no more: errno \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    private func wait(until what: String, seconds: Double, _ holds: ([UInt8]) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            read()
            if holds(written.output) { return }
            guard ContinuousClock.now < deadline else {
                let printed = String(decoding: written.output.prefix(4000) + written.errors.prefix(4000), as: UTF8.self)
                throw ProgramFailure(
                    description: "after \(seconds) s it is not so that \(what); it printed:\n\(printed)")
            }
            try await Task.sleep(for: .milliseconds(3))
        }
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while output >= 0, case let count = Glibc.read(output, &buffer, buffer.count), count > 0 {
            written.output += buffer[..<count]
        }
        while case let count = Glibc.read(errors, &buffer, buffer.count), count > 0 {
            written.errors += buffer[..<count]
        }
    }
}
