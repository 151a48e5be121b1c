import Glibc
import MemcachedServer
import Testing

extension EndToEnd {
    /// Sessions that installed libraries store in a real memcached, edited by the program and read back by the library.
    @Suite struct LiveWriterTests {
        @Test(
            .enabled(if: !LiveWriter.installed.isEmpty, "none of the libraries is installed; make live gets them"),
            arguments: LiveWriter.installed)
        func `its writer reads a session back equal except for the edit`(writer: LiveWriter) async throws {
            let server = try MemcachedServer()
            let written = try writer.run("write \(writer.name) \(server.port)").split(separator: " ")
            try #require(written.count == 2, "\(writer) stored nothing")
            #expect(try writer.run("read \(writer.name) \(server.port) \(written[1])") == writer.before)
            let script = "open \(written[0])\nset \(writer.pointer) \(writer.value)\ncommit\n"
            let result = try await ProgramRun.run("run", server.address, "-", input: script)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(try writer.run("read \(writer.name) \(server.port) \(written[1])") == writer.after)
        }
    }
}

/// A library that is installed, as Tests/Writers/live.py tells it.
struct LiveWriter: Sendable, CustomStringConvertible {
    struct Failure: Error { let command: String }

    let name: String
    let pointer: String
    let value: String
    let before: String
    let after: String

    var description: String { name }

    /// A Python with the libraries: the one that `make live` made, else the machine's.
    private static let python = getenv("WRITERS_PYTHON").map { String(cString: $0) } ?? "python3"
    private static let folder =
        "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Writers/"

    static let installed: [LiveWriter] = {
        guard let lines = try? output("list") else { return [] }
        return lines.split(separator: "\n").compactMap { line in
            func text(_ key: String) -> String? { Self.text(of: key, in: line) }
            guard let name = text("writer"), let pointer = text("pointer"), let value = text("value"),
                let before = text("before"), let after = text("after")
            else { return nil }
            return LiveWriter(name: name, pointer: pointer, value: value, before: before, after: after)
        }
    }()

    /// Runs the script to its end; gives what it printed.
    func run(_ arguments: String) throws -> String { try Self.output(arguments) }

    private static func output(_ arguments: String) throws -> String {
        let command = "'\(python)' -B '\(folder)live.py' \(arguments) 2>/dev/null"
        guard let pipe = popen(command, "r") else { throw Failure(command: command) }
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&piece, 1, piece.count, pipe), count > 0 { output += piece[..<count] }
        guard pclose(pipe) == 0 else { throw Failure(command: command) }
        if output.last == UInt8(ascii: "\n") { output.removeLast() }
        return String(decoding: output, as: UTF8.self)
    }

    /// The text under a key of a flat JSON object of texts.
    private static func text(of key: String, in line: Substring) -> String? {
        guard let start = line.firstRange(of: "\"\(key)\": \"")?.upperBound else { return nil }
        var text = ""
        var isEscaped = false
        for character in line[start...] {
            switch (isEscaped, character) {
            case (false, "\\"): isEscaped = true
            case (false, "\""): return text
            case (true, "\""), (true, "\\"):
                text.append(character)
                isEscaped = false
            case (true, _):
                text += "\\\(character)"
                isEscaped = false
            case (false, _): text.append(character)
            }
        }
        return nil
    }
}
