import Foundation

/// A memcached on a port that it chose itself.
final class Memcached: Sendable {
    let port: Int
    private let process = Process()
    private let lifeline = Pipe()

    /// Starts one that writes its port into a folder.
    init(in folder: URL) async throws {
        let file = folder.appending(path: "port")
        process.executableURL = URL(filePath: "/bin/sh")
        // The shell ends the server when the pipe closes, however this process ends. A signal would not do: the threads
        // that run tasks block SIGTERM, and a child inherits that.
        let command = "memcached -l 127.0.0.1 -p -1 -U 0 \(getuid() == 0 ? "-u root" : "")"
        process.arguments = ["-c", "\(command) & read line; kill -9 $!"]
        process.environment = ProcessInfo.processInfo.environment
            .merging(["MEMCACHED_PORT_FILENAME": file.path]) { $1 }
        process.standardInput = lifeline
        try process.run()
        try lifeline.fileHandleForReading.close()
        // The file gets this name when it is complete. It holds a line for each socket, such as `TCP INET: 41234`.
        while !FileManager.default.fileExists(atPath: file.path) {
            guard process.isRunning else { throw CocoaError(.executableNotLoadable) }
            try await Task.sleep(for: .milliseconds(5))
        }
        let text = try String(contentsOf: file, encoding: .utf8)
        port = text.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) } ?? 0
    }

    deinit {
        try? lifeline.fileHandleForWriting.close()
    }

    /// Ends it, and waits for that.
    func stop() async throws {
        try lifeline.fileHandleForWriting.close()
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
    }
}
