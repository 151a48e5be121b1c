internal import BigInt
internal import OrderedCollections
internal import SessionCore

/// Reads MessagePack, and knows where each value's bytes end.
///
/// Follows the specification at github.com/msgpack/msgpack. Nothing is made for a length that is merely claimed.
struct MessagePackReader {
    /// What an array's or map's first bytes say.
    struct Header {
        /// How many elements, or pairs.
        var count: Int
        /// The bytes of the header itself.
        var range: Range<Int>
    }

    let payload: [UInt8]
    private(set) var offset = 0

    init(_ payload: [UInt8], offset: Int = 0) {
        self.payload = payload
        self.offset = offset
    }

    func error(_ problem: String) -> FormatError {
        FormatError(format: "msgpack", offset: offset, problem: problem)
    }

    private mutating func take(_ count: Int) throws(FormatError) -> ArraySlice<UInt8> {
        guard count <= payload.count - offset else { throw error("the payload ends inside a value") }
        defer { offset += count }
        return payload[offset..<(offset + count)]
    }

    private mutating func number(_ width: Int) throws(FormatError) -> UInt64 {
        try take(width).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func length(_ width: Int) throws(FormatError) -> Int { Int(try number(width)) }

    /// The header of an array or map; nil where another value stands.
    mutating func header(ofMap: Bool) throws(FormatError) -> Header? {
        guard offset < payload.count else { return nil }
        let start = offset
        let byte = payload[offset]
        let count: Int
        switch (ofMap, byte) {
        case (true, 0x80...0x8F), (false, 0x90...0x9F):
            offset += 1
            count = Int(byte & 0x0F)
        case (true, 0xDE), (false, 0xDC):
            offset += 1
            count = try length(2)
        case (true, 0xDF), (false, 0xDD):
            offset += 1
            count = try length(4)
        default: return nil
        }
        // Each element takes a byte at least.
        guard count <= (payload.count - offset) / (ofMap ? 2 : 1) else {
            throw error("\(count) elements do not fit into what is left")
        }
        return Header(count: count, range: start..<offset)
    }

    mutating func read(depth: Int = 0) throws(FormatError) -> SessionValue {
        guard depth <= Notation.maximumDepth else {
            throw error("values nest deeper than \(Notation.maximumDepth)")
        }
        if let header = try header(ofMap: true) {
            var map = SessionMap(minimumCapacity: header.count)
            for _ in 0..<header.count {
                let key = try read(depth: depth + 1)
                map[key] = try read(depth: depth + 1)
            }
            return .map(map)
        }
        if let header = try header(ofMap: false) {
            var values: [SessionValue] = []
            values.reserveCapacity(header.count)
            for _ in 0..<header.count { values.append(try read(depth: depth + 1)) }
            return .list(values)
        }
        return try readLeaf()
    }

    private mutating func readLeaf() throws(FormatError) -> SessionValue {
        guard let byte = try take(1).first else { throw error("the payload ends") }
        switch byte {
        case 0x00...0x7F: return .integer(Int(byte))
        case 0xE0...0xFF: return .integer(Int(Int8(bitPattern: byte)))
        case 0xA0...0xBF: return Self.text(try take(Int(byte & 0x1F)))
        case 0xC0: return .null
        case 0xC2: return .bool(false)
        case 0xC3: return .bool(true)
        case 0xC4, 0xC5, 0xC6: return .bytes(Array(try take(length(1 << Int(byte - 0xC4)))))
        case 0xC7, 0xC8, 0xC9: return try readExtension(length(1 << Int(byte - 0xC7)))
        case 0xCA: return .double(Double(Float(bitPattern: UInt32(try number(4)))))
        case 0xCB: return .double(Double(bitPattern: try number(8)))
        case 0xCC, 0xCD, 0xCE: return .integer(Int(try number(1 << Int(byte - 0xCC))))
        case 0xCF:
            let number = try number(8)
            return Int(exactly: number).map { .integer($0) } ?? .bigInteger(BigInt(number))
        case 0xD0: return .integer(Int(Int8(truncatingIfNeeded: try number(1))))
        case 0xD1: return .integer(Int(Int16(truncatingIfNeeded: try number(2))))
        case 0xD2: return .integer(Int(Int32(truncatingIfNeeded: try number(4))))
        case 0xD3: return .integer(Int(Int64(bitPattern: try number(8))))
        case 0xD4...0xD8: return try readExtension(1 << Int(byte - 0xD4))
        case 0xD9, 0xDA, 0xDB: return Self.text(try take(length(1 << Int(byte - 0xD9))))
        default: throw error("no value begins with the byte \(byte)")
        }
    }

    /// What text that is no UTF-8 is shown as an instance of; its state is the bytes.
    static let brokenText = "text"

    private static func text(_ bytes: ArraySlice<UInt8>) -> SessionValue {
        String(utf8: bytes).map { .string($0) }
            ?? .object(className: brokenText, state: .bytes(Array(bytes)))
    }

    private mutating func readExtension(_ count: Int) throws(FormatError) -> SessionValue {
        guard let byte = try take(1).first else { throw error("the payload ends") }
        let kind = Int8(bitPattern: byte)
        let content = Array(try take(count))
        if kind == -1, let time = MessagePackTime(content) {
            return .object(className: MessagePackTime.className, state: .string(time.text))
        }
        return .object(className: "ext \(kind)", state: .bytes(content))
    }
}
