import SessionCore

/// A payload that a real library wrote, and the value that its writer says it holds.
struct WrittenPayload: CustomStringConvertible {
    /// Who wrote it.
    var writer: String
    var payload: [UInt8]
    var expected: SessionValue

    var description: String { "\(writer): \(Notation.text(of: expected).prefix(60))" }

    /// The payloads of a file: in each line the writer, the payload in hexadecimal and the value, with tabs between.
    static func all(in file: String) throws -> [WrittenPayload] {
        try all(parsing: String(decoding: try Fixture(name: file).bytes(), as: UTF8.self))
    }

    /// The payloads of such lines.
    static func all(parsing text: String) throws -> [WrittenPayload] {
        try text.split(separator: "\n").map { line in
            let columns = line.split(separator: "\t")
            return WrittenPayload(
                writer: String(columns[0]), payload: bytes(parsing: columns[1]),
                expected: try Notation.value(parsing: Array(columns[2].utf8)))
        }
    }

    /// The bytes that hexadecimal digits spell.
    static func bytes(parsing hexadecimal: Substring) -> [UInt8] {
        func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte - 0x30 : byte - 0x57 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hexadecimal.utf8.count / 2)
        var high: UInt8?
        for byte in hexadecimal.utf8 {
            if let first = high {
                bytes.append(first << 4 | digit(byte))
                high = nil
            } else {
                high = digit(byte)
            }
        }
        return bytes
    }
}
