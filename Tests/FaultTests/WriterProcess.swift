import Glibc
import ProcessSpawning

/// What a writer in a process of its own came to.
struct WriterResult: Hashable, Sendable {
    /// Additions that were told to be stored.
    var acknowledged: Int
    /// How often the work was done for them.
    var runs: Int
}

/// Why a process did not end as it should.
struct WriterProcessFailure: Error, CustomStringConvertible {
    let description: String
}

/// A writer in a process of its own, which is killed with this value.
final class WriterProcess {
    private let pid: pid_t
    private let output: CInt
    private var printed: [UInt8] = []
    private var hasEnded = false

    /// Starts a program; what it prints is read here, and its errors go where those of the tests go.
    init(_ command: [String]) throws {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw WriterProcessFailure(description: "no pipe: errno \(errno)") }
        defer { close(ends[1]) }
        output = ends[0]
        _ = fcntl(output, F_SETFL, O_NONBLOCK)
        pid = try spawn(command, ends: [-1, ends[1], STDERR_FILENO])
    }

    deinit {
        close(output)
        guard !hasEnded else { return }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    /// The path of an executable of this package, which is built beside the tests.
    static func product(_ name: String) throws -> String {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        let tests = String(decoding: bytes[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for folder in [tests, CommandLine.arguments[0]] {
            guard let slash = folder.lastIndex(of: "/") else { continue }
            let path = String(folder[...slash] + name)
            if access(path, X_OK) == 0 { return path }
        }
        throw WriterProcessFailure(description: "\(name) is not built beside the tests")
    }

    /// Waits for the end, and reads what it printed.
    func result() async throws -> WriterResult {
        var status: CInt = 0
        while !hasEnded {
            read()
            hasEnded = waitpid(pid, &status, WNOHANG) == pid
            // A loop without a pause takes the processor that the writers need.
            if !hasEnded { try await Task.sleep(for: .milliseconds(5)) }
        }
        read()
        let text = String(decoding: printed, as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace)
        guard status == 0, words.count == 4, let acknowledged = Int(words[1]), let runs = Int(words[3]) else {
            throw WriterProcessFailure(description: "a writer ended with status \(status) and printed \(text)")
        }
        return WriterResult(acknowledged: acknowledged, runs: runs)
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = Glibc.read(output, &buffer, buffer.count), count > 0 { printed += buffer[..<count] }
    }
}
