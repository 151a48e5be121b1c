import Foundation

/// An interpreter of the language that a format comes from, doing the same work in its own process.
///
/// Its program prints one payload in hexadecimal, and then for each line with a number does the work so many times and
/// answers with the number. Asking costs some ten microseconds, so that a line must stand for much more than that.
final class InterpreterPeer {
    struct Failure: Error, CustomStringConvertible { var description: String }

    /// The payload that both sides read.
    private(set) var payload: [UInt8] = []
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var pending = Data()

    /// Starts an interpreter by name; nil where it is not installed.
    init?(_ command: String, _ arguments: [String]) throws {
        let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(command)" }
        guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()

        let line = try Self.line(from: output, &pending)
        var bytes: [UInt8] = []
        var rest = Substring(line)
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        guard !bytes.isEmpty else { throw Failure(description: "\(command) printed no payload") }
        payload = bytes
    }

    /// Does the work so many times; the answer is how often it was done.
    func run(_ times: Int) throws -> Int {
        input.fileHandleForWriting.write(Data("\(times)\n".utf8))
        return Int(try Self.line(from: output, &pending)) ?? 0
    }

    func stop() {
        input.fileHandleForWriting.closeFile()
        process.waitUntilExit()
    }

    private static func line(from pipe: Pipe, _ pending: inout Data) throws -> String {
        while true {
            if let end = pending.firstIndex(of: 0x0A) {
                defer { pending.removeSubrange(...end) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            let more = pipe.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure(description: "the interpreter ended before it answered") }
            pending += more
        }
    }
}
