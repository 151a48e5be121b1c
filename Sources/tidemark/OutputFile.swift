internal import Glibc
internal import SessionCommands
internal import SessionCore

/// Files that the user asks for.
enum OutputFile {
    /// Makes a file for the user's eyes only; one that is there already is left as it is.
    static func make(_ path: String, _ content: [UInt8]) throws(CommandFailure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let reason = errno == EEXIST ? "it is there already" : String(cString: strerror(errno))
            throw CommandFailure(.failed, "cannot write \(PrintableText.escaping(path)): \(reason)")
        }
        defer { close(file) }
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = String(cString: strerror(errno))
                unlink(path)
                throw CommandFailure(.failed, "cannot write \(PrintableText.escaping(path)): \(reason)")
            }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 || errno == EINVAL || errno == EROFS else {
            throw CommandFailure(
                .failed, "cannot write \(PrintableText.escaping(path)): \(String(cString: strerror(errno)))")
        }
    }
}
