import SessionCore

/// A pickle that a real pickler wrote, and the value that its writer says it holds.
struct WrittenPickle: CustomStringConvertible {
    var description: String
    var payload: [UInt8]
    var expected: SessionValue

    /// The pickles of a file that `Fixtures/pickle/write.py` wrote.
    static func all(in file: String) throws -> [WrittenPickle] {
        try all(parsing: String(decoding: try Fixture(name: "pickle/" + file).bytes(), as: UTF8.self))
    }

    /// The pickles of lines as `Fixtures/pickle/write.py` prints them.
    static func all(parsing text: String) throws -> [WrittenPickle] {
        try text.split(separator: "\n").map { line in
            let columns = line.split(separator: "\t")
            return WrittenPickle(
                description: "\(columns[0]): \(columns[2].prefix(60))", payload: bytes(parsing: columns[1]),
                expected: try Notation.value(parsing: Array(columns[2].utf8)))
        }
    }

    private static func bytes(parsing hexadecimal: Substring) -> [UInt8] {
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
