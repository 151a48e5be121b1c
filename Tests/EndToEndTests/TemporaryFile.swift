import Glibc

/// A file with a text, removed with this value.
final class TemporaryFile {
    /// Where it lies.
    let path: String

    init(_ text: String) throws {
        var template = Array("/tmp/tidemark-test-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw ProgramFailure(description: "no temporary file: errno \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let bytes = Array(text.utf8)
        let count = Glibc.write(file, bytes, bytes.count)
        close(file)
        guard count == bytes.count else { throw ProgramFailure(description: "cannot write \(path): errno \(errno)") }
    }

    deinit { unlink(path) }

    /// Puts other content into it.
    func write(_ bytes: [UInt8]) throws {
        let file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard file >= 0 else { throw ProgramFailure(description: "cannot open \(path): errno \(errno)") }
        defer { close(file) }
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw ProgramFailure(description: "cannot write \(path): errno \(errno)")
        }
    }

    /// What it holds now.
    func bytes() -> [UInt8] { Self.bytes(of: path) }

    /// The bytes of a file; empty where it cannot be read.
    static func bytes(of path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(file, &buffer, buffer.count), count > 0 { content += buffer[..<count] }
        return content
    }
}
