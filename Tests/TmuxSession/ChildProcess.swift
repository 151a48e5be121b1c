import Glibc
import ProcessSpawning

/// A program that was run to its end.
struct ChildProcess {
    let status: Int32
    let output: String

    /// Runs a program found in PATH and waits for it; `nil` where it cannot be started.
    static func run(_ arguments: [String]) -> ChildProcess? {
        var ends: [Int32] = [-1, -1]
        // A socket pair can be made close-on-exec at once. Between a pipe and its fcntl another thread may start a child,
        // which then holds the writing end, and reading waits for that child too.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            return nil
        }
        defer { close(ends[0]) }
        let child = try? spawn(arguments, ends: [-1, ends[1], ends[1]])
        close(ends[1])
        guard let child else { return nil }

        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(ends[0], &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += block[..<count]
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return ChildProcess(status: status, output: String(decoding: bytes, as: UTF8.self))
    }
}
