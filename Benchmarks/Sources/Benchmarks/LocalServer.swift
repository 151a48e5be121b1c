import Foundation

/// A memcached of the benchmarks' own on a free loopback port, which ends with `stop` or with this process.
final class LocalServer {
    let port: Int
    private let process: Process
    private let lifeline = Pipe()

    /// Starts a server and waits until it answers.
    init() throws {
        port = try BlockingSocket.freePort()
        process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        // The shell ends the server when the pipe closes, which happens however this process ends. Signals would not do:
        // a child inherits the mask of the thread that starts it, and those that run tasks block SIGTERM. SIGCHLD too,
        // so a `wait` of the shell would never return.
        let command = "memcached -l 127.0.0.1 -p \(port) -U 0 -t 2 -m 256 \(getuid() == 0 ? "-u root" : "")"
        process.arguments = ["-c", "\(command) & read line; kill -9 $!"]
        process.standardInput = lifeline
        try process.run()
        try lifeline.fileHandleForReading.close()
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if let socket = try? BlockingSocket(port: port),
                let answer = try? socket.ask("version\r\n"), answer.hasPrefix("VERSION ")
            {
                return
            }
            usleep(10_000)
        }
        stop()
        throw ComparisonError(description: "memcached did not answer on port \(port) within 10 s")
    }

    /// Ends it and waits for that.
    func stop() {
        try? lifeline.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Whether there is a program of that name.
    static var isInstalled: Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/memcached")
        }
    }
}
