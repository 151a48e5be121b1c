internal import BigInt
internal import OrderedCollections

/// Reads values from UTF-8 text, in the notation or in strict JSON, which is a part of it.
///
/// Works on bytes. Nesting is bounded by `Notation.maximumDepth`, and memory by the text's own length.
public struct NotationReader {
    /// What the text may hold.
    public enum Dialect: Hashable, Sendable {
        /// RFC 8259 and nothing more.
        case json
        /// JSON and the tagged forms.
        case notation
    }

    /// The text.
    public let bytes: [UInt8]
    /// What the text may hold.
    public let dialect: Dialect
    /// The next byte to read.
    public private(set) var offset: Int
    private var depth = 0

    /// A reader at the first byte of some text.
    public init(_ bytes: [UInt8], dialect: Dialect, offset: Int = 0) {
        self.bytes = bytes
        self.dialect = dialect
        self.offset = offset
    }

    /// The next byte; nil at the end.
    public var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// Reads one value that is all of the text, blanks around it excepted.
    public mutating func readWhole() throws(NotationError) -> SessionValue {
        let value = try readValue()
        skipBlanks()
        guard offset == bytes.count else { throw error("the value ends before this") }
        return value
    }

    /// Passes blanks, tabs and line ends.
    public mutating func skipBlanks() {
        while offset < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[offset]) { offset += 1 }
    }

    /// Passes a byte if it is the next after blanks; returns whether it was.
    public mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard let next, next == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    /// Passes a byte that must come next after blanks.
    public mutating func expect(_ character: Unicode.Scalar, _ place: String) throws(NotationError) {
        guard skip(character) else { throw error("expected \(character) \(place)") }
    }

    /// Reads the next value, and blanks before it.
    public mutating func readValue() throws(NotationError) -> SessionValue {
        skipBlanks()
        guard let first = next else { throw error("the text ends where a value should be") }
        switch first {
        case UInt8(ascii: "{"): return .map(try readMap())
        case UInt8(ascii: "["):
            offset += 1
            return .list(try readItems(until: "]"))
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
        default: return try readWord()
        }
    }

    /// An error at the next byte, or at another.
    public func error(_ problem: String, at place: Int? = nil) -> NotationError {
        let place = min(place ?? offset, bytes.count)
        let column = String(decoding: bytes[..<place], as: UTF8.self).count + 1
        return NotationError(column: column, offset: place, problem: problem)
    }

    private mutating func nested<Value>(
        _ body: (inout NotationReader) throws(NotationError) -> Value
    ) throws(NotationError) -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Notation.maximumDepth else {
            throw error("values nest deeper than \(Notation.maximumDepth)")
        }
        return try body(&self)
    }

    private mutating func readMap() throws(NotationError) -> SessionMap {
        try nested { reader throws(NotationError) in
            reader.offset += 1
            var map = SessionMap()
            guard !reader.skip("}") else { return map }
            repeat {
                let key = try reader.readKey()
                try reader.expect(":", "after the key")
                map[key] = try reader.readValue()
            } while reader.skip(",")
            try reader.expect("}", "or , after a map's value")
            return map
        }
    }

    /// Reads a map's key: text in JSON, any value in the notation.
    public mutating func readKey() throws(NotationError) -> SessionValue {
        skipBlanks()
        guard dialect == .json else { return try readValue() }
        guard next == UInt8(ascii: "\"") else { throw error("expected a key in double quotes") }
        return .string(try readString())
    }

    private mutating func readItems(until close: Unicode.Scalar) throws(NotationError) -> [SessionValue] {
        try nested { reader throws(NotationError) in
            var items: [SessionValue] = []
            guard !reader.skip(close) else { return items }
            repeat { items.append(try reader.readValue()) } while reader.skip(",")
            try reader.expect(close, "or , after an element")
            return items
        }
    }

    /// Reads `null`, `true`, `false`, and the tagged forms of the notation.
    private mutating func readWord() throws(NotationError) -> SessionValue {
        let start = offset
        var end = offset
        while end < bytes.count, UInt8(ascii: "a")...UInt8(ascii: "z") ~= bytes[end] { end += 1 }
        let word = String(decoding: bytes[start..<end], as: UTF8.self)
        offset = end
        switch word {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        guard dialect == .notation else {
            offset = start
            throw error("expected a value")
        }
        if word == "b", next == UInt8(ascii: "\"") { return .bytes(try readBytes()) }
        guard ["bytes", "tuple", "set", "object", "ref", "double"].contains(word), skip("(") else {
            offset = start
            throw error("expected a value; text needs double quotes, as in \"text\"")
        }
        switch word {
        case "tuple": return .tuple(try readItems(until: ")"))
        case "set":
            let items = try readItems(until: ")")
            guard OrderedSet(items).count == items.count else { throw error("a set holds each value once", at: start) }
            return .set(items)
        default: return try nested { reader throws(NotationError) in try reader.readTagged(word, start: start) }
        }
    }

    private mutating func readTagged(_ tag: String, start: Int) throws(NotationError) -> SessionValue {
        skipBlanks()
        let value: SessionValue
        switch tag {
        case "bytes": value = .bytes(try readBytes())
        case "object":
            let name = try readString()
            try expect(",", "between an object's class and its state")
            value = .object(className: name, state: try readValue())
        case "ref":
            guard case .integer(let number) = try readValue(), number >= 0 else {
                throw error("ref( takes a number from 0", at: start)
            }
            value = .reference(number)
        default:
            switch try readString() {
            case "nan": value = .double(.nan)
            case "inf": value = .double(.infinity)
            case "-inf": value = .double(-.infinity)
            default: throw error("double( takes \"nan\", \"inf\" or \"-inf\"", at: start)
            }
        }
        try expect(")", "at the end of \(tag)(")
        return value
    }

    private mutating func readNumber() throws(NotationError) -> SessionValue {
        let start = offset
        var isWhole = true
        if next == UInt8(ascii: "-") { offset += 1 }
        let firstDigit = offset
        try readDigits()
        if bytes[firstDigit] == UInt8(ascii: "0"), offset > firstDigit + 1 {
            throw error("a number does not start with 0", at: firstDigit)
        }
        if next == UInt8(ascii: ".") {
            isWhole = false
            offset += 1
            try readDigits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            offset += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
            try readDigits()
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole, text != "-0" {
            if let number = Int(text) { return .integer(number) }
            // Reading a decimal is quadratic in its length: 1,000,000 digits would hold the reader for minutes.
            guard text.utf8.count <= 5000, let number = BigInt(text) else {
                throw error("a whole number has at most 5000 digits", at: start)
            }
            return .bigInteger(number)
        }
        guard let number = Double(text) else { throw error("no number", at: start) }
        return .double(number)
    }

    private mutating func readDigits() throws(NotationError) {
        let start = offset
        while let next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= next { offset += 1 }
        guard offset > start else { throw error("expected a digit") }
    }
}

extension NotationReader {
    /// Reads text in double quotes; the next byte must be the opening quote.
    mutating func readString() throws(NotationError) -> String {
        let start = offset
        let content = try readQuoted(hexEscapes: false)
        guard let text = String(validating: content, as: UTF8.self) else {
            throw error("the text in quotes is not UTF-8", at: start)
        }
        return text
    }

    /// Reads `"…"` or `b"…"` as bytes.
    fileprivate mutating func readBytes() throws(NotationError) -> [UInt8] {
        if next == UInt8(ascii: "b") { offset += 1 }
        return try readQuoted(hexEscapes: true)
    }

    private mutating func readQuoted(hexEscapes: Bool) throws(NotationError) -> [UInt8] {
        guard next == UInt8(ascii: "\"") else { throw error("expected text in double quotes") }
        let start = offset
        offset += 1
        var content: [UInt8] = []
        while true {
            let runStart = offset
            while offset < bytes.count, bytes[offset] >= 0x20, bytes[offset] != UInt8(ascii: "\""),
                bytes[offset] != UInt8(ascii: "\\")
            {
                offset += 1
            }
            content.append(contentsOf: bytes[runStart..<offset])
            guard let stop = next else { throw error("the text that starts here has no closing quote", at: start) }
            switch stop {
            case UInt8(ascii: "\""):
                offset += 1
                return content
            case UInt8(ascii: "\\"): try readEscape(into: &content, hexEscapes: hexEscapes)
            default: throw error("a control character in quotes must be written as an escape such as \\n")
            }
        }
    }

    private mutating func readEscape(into content: inout [UInt8], hexEscapes: Bool) throws(NotationError) {
        let start = offset
        offset += 1
        guard let letter = next else { throw error("the text ends in an escape") }
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "x") where hexEscapes: content.append(UInt8(truncatingIfNeeded: try readHex(digits: 2)))
        case UInt8(ascii: "u") where !hexEscapes:
            content.append(contentsOf: Array(String(Character(try readUnicodeEscape(start))).utf8))
        default: throw error("there is no such escape", at: start)
        }
    }

    private mutating func readUnicodeEscape(_ start: Int) throws(NotationError) -> Unicode.Scalar {
        let unit = try readHex(digits: 4)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let isPair =
            unit < 0xDC00 && offset + 1 < bytes.count && bytes[offset] == UInt8(ascii: "\\")
            && bytes[offset + 1] == UInt8(ascii: "u")
        guard isPair else { throw error("half a surrogate pair is no character", at: start) }
        offset += 2
        let low = try readHex(digits: 4)
        guard 0xDC00...0xDFFF ~= low,
            let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        else { throw error("half a surrogate pair is no character", at: start) }
        return scalar
    }

    private mutating func readHex(digits: Int) throws(NotationError) -> UInt32 {
        let end = offset + digits
        guard end <= bytes.count, let value = UInt32(String(decoding: bytes[offset..<end], as: UTF8.self), radix: 16),
            bytes[offset] != UInt8(ascii: "+")
        else { throw error("expected \(digits) hexadecimal digits") }
        offset = end
        return value
    }
}
