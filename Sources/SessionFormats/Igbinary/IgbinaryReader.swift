internal import OrderedCollections
internal import SessionCore

/// Reads igbinary, the compact form of PHP's values, as data.
///
/// Follows igbinary's `src/php7/igbinary.c`: numbers stand highest byte first; each text that is new gets a number, and so does
/// each array, object and value behind a reference mark.
struct IgbinaryReader {
    private let payload: [UInt8]
    private(set) var offset = 4
    private var texts: [[UInt8]] = []
    private var referenceCount = 0

    init(_ payload: [UInt8]) { self.payload = payload }

    func error(_ problem: String) -> FormatError {
        FormatError(format: "igbinary", offset: offset, problem: problem)
    }

    private mutating func number(_ width: Int) throws(FormatError) -> UInt64 {
        guard width <= payload.count - offset else { throw error("the payload ends inside a value") }
        defer { offset += width }
        return payload[offset..<(offset + width)].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func bytes(lengthIn width: Int) throws(FormatError) -> [UInt8] {
        let length = try number(width)
        guard length <= UInt64(payload.count - offset) else { throw error("a text of \(length) bytes does not fit") }
        defer { offset += Int(length) }
        return Array(payload[offset..<(offset + Int(length))])
    }

    /// The text of an opcode of texts; nil for another opcode.
    private mutating func text(_ opcode: UInt8) throws(FormatError) -> [UInt8]? {
        switch opcode {
        case 0x0D: return []
        case 0x0E, 0x0F, 0x10: return try known(number(1 << Int(opcode - 0x0E)))
        case 0x11, 0x12, 0x13, 0x26:
            let text = try bytes(lengthIn: opcode == 0x26 ? 8 : 1 << Int(opcode - 0x11))
            texts.append(text)
            return text
        default: return nil
        }
    }

    private func known(_ number: UInt64) throws(FormatError) -> [UInt8] {
        guard number < UInt64(texts.count) else { throw error("there is no text \(number)") }
        return texts[Int(number)]
    }

    mutating func read(depth: Int = 0) throws(FormatError) -> SessionValue {
        guard depth <= Notation.maximumDepth else {
            throw error("values nest deeper than \(Notation.maximumDepth)")
        }
        let opcode = UInt8(try number(1))
        if let text = try text(opcode) { return PHPText.text(text[...]) }
        switch opcode {
        case 0x00: return .null
        case 0x01, 0x02, 0x03: return try reference(1 << Int(opcode - 0x01))
        case 0x22, 0x23, 0x24: return try reference(1 << Int(opcode - 0x22))
        case 0x04, 0x05: return .bool(opcode == 0x05)
        case 0x06...0x0B, 0x20, 0x21: return try integer(opcode)
        case 0x0C: return .double(Double(bitPattern: try number(8)))
        case 0x14, 0x15, 0x16:
            referenceCount += 1
            return try array(countIn: 1 << Int(opcode - 0x14), depth: depth)
        case 0x17, 0x18, 0x19:
            let name = try bytes(lengthIn: 1 << Int(opcode - 0x17))
            texts.append(name)
            return try object(name, depth: depth)
        case 0x1A, 0x1B, 0x1C: return try object(known(number(1 << Int(opcode - 0x1A))), depth: depth)
        case 0x25:
            // The next value is a variable that others may be the same as.
            let before = referenceCount
            let value = try read(depth: depth + 1)
            if referenceCount == before, value.kind != .reference { referenceCount += 1 }
            return value
        default: throw error("no value begins with the byte \(opcode)")
        }
    }

    private mutating func reference(_ width: Int) throws(FormatError) -> SessionValue {
        let number = try number(width)
        guard number < UInt64(referenceCount) else { throw error("there is no value \(number) to refer to") }
        return .reference(Int(number))
    }

    private mutating func integer(_ opcode: UInt8) throws(FormatError) -> SessionValue {
        let isNegative = opcode & 1 == 1
        let width = opcode >= 0x20 ? 8 : 1 << Int((opcode - 0x06) / 2)
        let magnitude = try number(width)
        guard !isNegative else { return .integer(Int(truncatingIfNeeded: 0 &- magnitude)) }
        guard let value = Int(exactly: magnitude) else { throw error("a whole number is too large for PHP") }
        return .integer(value)
    }

    private mutating func items(countIn width: Int, depth: Int) throws(FormatError) -> SessionMap {
        let count = try number(width)
        // A key and a value take a byte each at least.
        guard count <= UInt64((payload.count - offset) / 2) else { throw error("\(count) members do not fit") }
        var map = SessionMap(minimumCapacity: Int(count))
        for _ in 0..<count {
            let opcode = UInt8(try number(1))
            let key: SessionValue
            if let text = try text(opcode) {
                key = PHPText.text(text[...])
            } else if 0x06...0x0B ~= opcode || opcode == 0x20 || opcode == 0x21 {
                key = try integer(opcode)
            } else {
                throw error("a key is a whole number or a text")
            }
            map[key] = try read(depth: depth + 1)
        }
        return map
    }

    private mutating func array(countIn width: Int, depth: Int) throws(FormatError) -> SessionValue {
        let map = try items(countIn: width, depth: depth)
        let isList = !map.isEmpty && map.keys.enumerated().allSatisfy { $0.element == .integer($0.offset) }
        return isList ? .list(Array(map.values)) : .map(map)
    }

    private mutating func object(_ name: [UInt8], depth: Int) throws(FormatError) -> SessionValue {
        referenceCount += 1
        let className = String(decoding: name, as: UTF8.self)
        let opcode = UInt8(try number(1))
        switch opcode {
        case 0x14, 0x15, 0x16:
            return .object(className: className, state: .map(try items(countIn: 1 << Int(opcode - 0x14), depth: depth)))
        case 0x1D, 0x1E, 0x1F:
            return .object(className: className, state: .bytes(try bytes(lengthIn: 1 << Int(opcode - 0x1D))))
        case 0x27:
            guard let caseName = try text(UInt8(try number(1))) else {
                throw error("a case of an enumeration has no name")
            }
            return .object(
                className: PHPText.enumClass, state: PHPText.text((name + [UInt8(ascii: ":")] + caseName)[...]))
        default: throw error("an object has no properties")
        }
    }
}
