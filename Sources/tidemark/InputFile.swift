internal import Glibc
internal import SessionCommands
internal import SessionCore

/// Reading files that the user names.
enum InputFile {
    /// The text of a file, `-` for standard input; at most 16 MiB of UTF-8.
    static func text(_ path: String) throws(CommandFailure) -> String {
        guard let text = String(validating: try bytes(path), as: UTF8.self) else {
            throw CommandFailure(.undecodable, "\(PrintableText.escaping(path)) is not UTF-8 text")
        }
        return text
    }

    /// The bytes of a file, `-` for standard input; at most 16 MiB.
    static func bytes(_ path: String) throws(CommandFailure) -> [UInt8] {
        let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw CommandFailure(
                .notFound, "cannot read \(PrintableText.escaping(path)): \(String(cString: strerror(errno)))")
        }
        defer { if file != STDIN_FILENO { close(file) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFailure(
                    .failed, "cannot read \(PrintableText.escaping(path)): \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= 16 << 20 else {
                throw CommandFailure(.undecodable, "\(PrintableText.escaping(path)) is larger than 16 MiB")
            }
        }
        return bytes
    }
}
