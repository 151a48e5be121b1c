import Glibc
import Synchronization

/// Why a server for tests could not be started.
public struct MemcachedServerError: Error, CustomStringConvertible {
    /// What happened.
    public let description: String
}

/// A memcached process of a test's own on a free loopback port, ended with the value or with the test process.
public final class MemcachedServer: Sendable {
    /// The loopback port it listens on.
    public let port: Int
    /// Arguments beyond address and port.
    public let arguments: [String]

    private let process: Mutex<pid_t?>

    /// Starts a server and waits until it answers.
    public init(_ arguments: [String] = []) throws {
        self.arguments = arguments
        // Between choosing a port and memcached listening on it another process may take it.
        for attempt in 1... {
            let candidate = try SilentPort().number
            do {
                process = Mutex(try Self.launch(port: candidate, arguments))
                port = candidate
                return
            } catch  where attempt < 5 {
                continue
            }
        }
        throw MemcachedServerError(description: "no free port")
    }

    deinit {
        kill()
    }

    /// The address as a user writes it.
    public var address: String { "127.0.0.1:\(port)" }

    /// Ends it with SIGTERM and waits for that.
    public func stop() { end(with: SIGTERM) }

    /// Ends it at once, as a crash would.
    public func kill() { end(with: SIGKILL) }

    /// Starts it anew on the same port after `stop` or `kill`.
    public func restart() throws {
        stop()
        let started = try Self.launch(port: port, arguments)
        process.withLock { $0 = started }
    }

    /// Stops or continues its execution; what is sent meanwhile is not answered.
    public func pause(_ isPaused: Bool) {
        if let pid = process.withLock({ $0 }) { Glibc.kill(pid, isPaused ? SIGSTOP : SIGCONT) }
    }

    private func end(with signal: CInt) {
        let pid = process.withLock { process in
            defer { process = nil }
            return process
        }
        guard let pid else { return }
        ChildProcess.end(pid, with: signal)
    }

    private static func launch(port: Int, _ arguments: [String]) throws -> pid_t {
        var command = ["memcached", "-l", "127.0.0.1", "-p", "\(port)", "-U", "0", "-t", "2"]
        if getuid() == 0 { command += ["-u", "root"] }
        let pid = try ChildProcess.start(command + arguments)
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            // Another test's server may have taken the port meanwhile, and answers there.
            if let client = try? RawClient(port: port), let answer = try? client.ask("stats\r\n", until: ["END\r\n"]),
                answer.contains("STAT pid \(pid)\r\n")
            {
                return pid
            }
            guard !ChildProcess.hasEnded(pid) else {
                throw MemcachedServerError(description: "memcached ended at once; arguments: \(arguments)")
            }
            poll(nil, 0, 5)
        }
        ChildProcess.end(pid, with: SIGKILL)
        throw MemcachedServerError(description: "memcached did not answer on port \(port) within 10 s")
    }
}
