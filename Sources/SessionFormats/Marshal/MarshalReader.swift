internal import BigInt
internal import OrderedCollections
internal import SessionCore

/// Reads Ruby's Marshal 4.8 as data; no class is looked up and nothing is called.
///
/// Follows Ruby's `doc/marshal.rdoc` and `marshal.c`. What is linked to counts from 0 in the order in which objects begin;
/// symbols count by themselves.
struct MarshalReader {
    private let payload: [UInt8]
    private(set) var offset = 2
    private var symbols: [String] = []
    /// Values that `@` may mean, in order; nil while one is being read, and for what is shown as a reference.
    private var objects: [SessionValue?] = []
    /// Names of classes and modules in the order in which they came.
    private(set) var classNames: [String] = []

    init(_ payload: [UInt8]) { self.payload = payload }

    func error(_ problem: String) -> FormatError {
        FormatError(format: "marshal", offset: offset, problem: problem)
    }

    private mutating func byte() throws(FormatError) -> UInt8 {
        guard offset < payload.count else { throw error("the payload ends inside a value") }
        defer { offset += 1 }
        return payload[offset]
    }

    /// A whole number of Marshal's own form: one byte for small ones, else a count and as many bytes, lowest first.
    private mutating func number() throws(FormatError) -> Int {
        let first = Int(Int8(bitPattern: try byte()))
        switch first {
        case 0: return 0
        case 1...4, -4...(-1):
            var value = first > 0 ? 0 : -1
            for index in 0..<abs(first) {
                value &= ~(0xFF << (8 * index))
                value |= Int(try byte()) << (8 * index)
            }
            return value
        default: return first > 0 ? first - 5 : first + 5
        }
    }

    private mutating func length() throws(FormatError) -> Int {
        let length = try number()
        guard length >= 0, length <= payload.count - offset else { throw error("a length of \(length) does not fit") }
        return length
    }

    private mutating func bytes() throws(FormatError) -> ArraySlice<UInt8> {
        let length = try length()
        defer { offset += length }
        return payload[offset..<(offset + length)]
    }

    private mutating func symbol() throws(FormatError) -> String {
        switch try byte() {
        case UInt8(ascii: ":"):
            let name = String(decoding: try bytes(), as: UTF8.self)
            symbols.append(name)
            return name
        case UInt8(ascii: ";"):
            let number = try number()
            guard symbols.indices.contains(number) else { throw error("there is no symbol \(number)") }
            return symbols[number]
        case UInt8(ascii: "I"):
            // A symbol that is not ASCII has its encoding behind it.
            let name = try symbol()
            for _ in 0..<(try length()) {
                _ = try symbol()
                _ = try read(depth: Notation.maximumDepth)
            }
            return name
        default: throw error("expected a symbol")
        }
    }

    private mutating func className() throws(FormatError) -> String {
        let name = try symbol()
        classNames.append(name)
        return name
    }

    mutating func read(depth: Int = 0) throws(FormatError) -> SessionValue {
        guard depth <= Notation.maximumDepth else {
            throw error("values nest deeper than \(Notation.maximumDepth)")
        }
        let kind = Unicode.Scalar(try byte())
        switch kind {
        case "0": return .null
        case "T": return .bool(true)
        case "F": return .bool(false)
        case "i": return .integer(try number())
        case ":", ";":
            offset -= 1
            return .object(className: "Symbol", state: .string(try symbol()))
        case "@": return try link()
        default: break
        }
        let place = objects.count
        switch kind {
        case "I": return try withVariables(depth: depth)
        case "e":
            _ = try className()
            return try read(depth: depth + 1)
        case "C": return try ofUserClass(depth: depth)
        default: break
        }
        objects.append(nil)
        let value = try object(kind, depth: depth)
        if value.isShort { objects[place] = value }
        return value
    }

    private mutating func link() throws(FormatError) -> SessionValue {
        let number = try number()
        guard objects.indices.contains(number) else { throw error("there is no object \(number) to link to") }
        return objects[number] ?? .reference(number)
    }

    private mutating func object(_ kind: Unicode.Scalar, depth: Int) throws(FormatError) -> SessionValue {
        switch kind {
        case "f": return try float()
        case "l": return try bigNumber()
        case "\"": return .bytes(Array(try bytes()))
        case "/":
            let pattern = Array(try bytes())
            let options = try byte()
            return .object(className: "Regexp", state: .tuple([Self.text(pattern), .integer(Int(options))]))
        case "[": return .list(try values(depth: depth))
        case "{": return .map(try map(depth: depth))
        case "}":
            let map = try map(depth: depth)
            let standard = try read(depth: depth + 1)
            return .object(className: "Hash", state: ["items": .map(map), "default": standard])
        case "o", "S":
            let name = try className()
            return .object(className: name, state: .map(try variables(depth: depth)))
        case "u":
            let name = try className()
            return .object(className: name, state: .bytes(Array(try bytes())))
        case "U":
            let name = try className()
            return .object(className: name, state: try read(depth: depth + 1))
        case "c", "m", "M":
            let name = String(decoding: try bytes(), as: UTF8.self)
            classNames.append(name)
            return .object(className: kind == "m" ? "Module" : "Class", state: .string(name))
        case "d": return .object(className: try className(), state: try read(depth: depth + 1))
        default: throw error("no value begins with the byte \(kind.value)")
        }
    }
}

// MARK: - Parts

extension MarshalReader {
    private mutating func values(depth: Int) throws(FormatError) -> [SessionValue] {
        let count = try length()
        var values: [SessionValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try read(depth: depth + 1)) }
        return values
    }

    private mutating func map(depth: Int) throws(FormatError) -> SessionMap {
        let count = try length()
        var map = SessionMap(minimumCapacity: count)
        for _ in 0..<count {
            let key = try read(depth: depth + 1)
            map[key] = try read(depth: depth + 1)
        }
        return map
    }

    /// Instance variables by name, `@` included; struct members without it.
    private mutating func variables(depth: Int) throws(FormatError) -> SessionMap {
        let count = try length()
        var map = SessionMap(minimumCapacity: count)
        for _ in 0..<count {
            let name = try symbol()
            map[.string(name)] = try read(depth: depth + 1)
        }
        return map
    }

    /// A value with instance variables: mostly a text with its encoding.
    private mutating func withVariables(depth: Int) throws(FormatError) -> SessionValue {
        let place = objects.count
        let value = try read(depth: depth + 1)
        var variables = try variables(depth: depth)
        let shown: SessionValue
        switch (value, variables["E"], variables["encoding"]) {
        case (.bytes(let bytes), .bool?, _):
            variables["E"] = nil
            shown = Self.text(bytes)
        case (.bytes(let bytes), nil, let name?):
            variables["encoding"] = nil
            shown = .object(className: "String", state: ["encoding": Self.readable(name), "bytes": .bytes(bytes)])
        case (.object, _, _):
            // The encoding of a pattern, or of the text that an object dumps itself as.
            variables["E"] = nil
            variables["encoding"] = nil
            shown = value
        default: shown = value
        }
        let whole = variables.isEmpty ? shown : Self.adding(variables, to: shown)
        if objects.indices.contains(place) { objects[place] = whole.isShort ? whole : nil }
        return whole
    }

    private static func adding(_ variables: SessionMap, to value: SessionValue) -> SessionValue {
        guard case .object(let name, let state) = value else {
            return .object(className: "with variables", state: ["value": value, "variables": .map(variables)])
        }
        return .object(className: name, state: ["value": state, "variables": .map(variables)])
    }

    private static func readable(_ value: SessionValue) -> SessionValue {
        if case .bytes(let bytes) = value { text(bytes) } else { value }
    }

    private static func text(_ bytes: [UInt8]) -> SessionValue {
        String(validating: bytes, as: UTF8.self).map { .string($0) } ?? .bytes(bytes)
    }

    /// A value of a class that extends a built-in one.
    private mutating func ofUserClass(depth: Int) throws(FormatError) -> SessionValue {
        let name = try className()
        return .object(className: name, state: try read(depth: depth + 1))
    }

    private mutating func float() throws(FormatError) -> SessionValue {
        let text = String(decoding: try bytes().prefix { $0 != 0 }, as: UTF8.self)
        switch text {
        case "inf": return .double(.infinity)
        case "-inf": return .double(-.infinity)
        case "nan": return .double(.nan)
        default:
            guard let number = PickleText.double(Array(text.utf8)[...]) else { throw error("no number: a float") }
            return .double(number)
        }
    }

    private mutating func bigNumber() throws(FormatError) -> SessionValue {
        let sign = try byte()
        let count = try number()
        guard count >= 0, count <= (payload.count - offset) / 2, count <= 1000 else {
            throw error("a whole number is too long")
        }
        var magnitude = BigUInt(0)
        for index in 0..<(2 * count) { magnitude += BigUInt(try byte()) << (8 * index) }
        let number = BigInt(sign: sign == UInt8(ascii: "-") ? .minus : .plus, magnitude: magnitude)
        return Int(exactly: number).map { .integer($0) } ?? .bigInteger(number)
    }
}

extension SessionValue {
    /// Whether a value is shown again where it is meant again, and not as a reference: one that is short and holds no others.
    fileprivate var isShort: Bool {
        switch self {
        case .null, .bool, .integer, .bigInteger, .double: true
        case .string(let text): text.utf8.count <= 64
        case .bytes(let bytes): bytes.count <= 64
        default: false
        }
    }
}
