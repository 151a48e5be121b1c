internal import BigInt
internal import OrderedCollections
internal import SessionCore

/// Writes values as the opcodes that a pickler of a style writes for them, without memoizing anything.
///
/// Follows CPython's `Lib/pickle.py`, and that of Python 2.7 where byte strings tell it.
struct PickleEncoder {
    let style: PickleStyle
    var bytes: [UInt8] = []

    init(style: PickleStyle) { self.style = style }

    /// The opcodes of a value.
    static func bytes(of value: SessionValue, style: PickleStyle, depth: Int = 0) throws(FormatError) -> [UInt8] {
        var encoder = PickleEncoder(style: style)
        try encoder.write(value, depth: depth)
        return encoder.bytes
    }

    static func error(_ problem: String) -> FormatError { FormatError(format: "pickle", problem: problem) }

    mutating func write(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

    mutating func write(_ value: SessionValue, depth: Int) throws(FormatError) {
        guard depth <= Notation.maximumDepth else {
            throw Self.error("values would nest deeper than \(Notation.maximumDepth)")
        }
        switch value {
        case .null: write(.none)
        case .bool(let flag): write(flag)
        case .integer(let number): write(number)
        case .bigInteger(let number): write(long: number)
        case .double(let number): write(number)
        case .string(let text): write(text: text)
        case .bytes(let bytes): try write(byteString: bytes)
        case .list(let elements): try writeList(elements, depth: depth)
        case .tuple(let elements): try writeTuple(elements, depth: depth)
        case .set(let elements): try writeSet(elements, depth: depth)
        case .map(let map): try writeMap(map, depth: depth)
        case .object(let name, let state): try writeObject(name, state, depth: depth)
        case .reference: throw Self.error("a reference to another value cannot be made; write the value itself")
        }
    }

    private mutating func write(_ flag: Bool) {
        if style.version >= 2 {
            write(flag ? .newTrue : .newFalse)
        } else {
            bytes += Array((flag ? "I01\n" : "I00\n").utf8)
        }
    }

    mutating func write(_ number: Int) {
        let fitsFourBytes = Int(Int32(truncatingIfNeeded: number)) == number
        if style.version == 0 || (!fitsFourBytes && style.isPython2) {
            // Python 3 spells what is longer than 4 bytes as LONG, Python 2 as INT, which keeps it an `int`.
            guard fitsFourBytes || style.isPython2 else { return write(long: BigInt(number)) }
            bytes += Array("I\(number)\n".utf8)
        } else if 0...0xFF ~= number {
            write(.binInt1)
            bytes.append(UInt8(number))
        } else if 0...0xFFFF ~= number {
            write(.binInt2)
            append(UInt64(number), width: 2)
        } else if fitsFourBytes {
            write(.binInt)
            append(UInt64(UInt32(bitPattern: Int32(number))), width: 4)
        } else {
            write(long: BigInt(number))
        }
    }

    /// A number as Python 2's `long`, which is Python 3's only kind.
    mutating func write(long number: BigInt) {
        guard style.version >= 2 else {
            bytes += Array("L\(number)L\n".utf8)
            return
        }
        let digits = Self.twosComplement(number)
        write(digits.count < 256 ? .long1 : .long4)
        append(UInt64(digits.count), width: digits.count < 256 ? 1 : 4)
        bytes += digits
    }

    /// The shortest bytes of a number, lowest first; none for 0.
    private static func twosComplement(_ number: BigInt) -> [UInt8] {
        guard number != 0 else { return [] }
        var digits: [UInt8] = []
        for word in number.words {
            for shift in stride(from: 0, to: UInt.bitWidth, by: 8) { digits.append(UInt8(word >> UInt(shift) & 0xFF)) }
        }
        let fill: UInt8 = number.signum() < 0 ? 0xFF : 0
        if (digits.last ?? 0) & 0x80 != fill & 0x80 { digits.append(fill) }
        while digits.count > 1, digits.last == fill, digits[digits.count - 2] & 0x80 == fill & 0x80 {
            digits.removeLast()
        }
        return digits
    }

    private mutating func write(_ number: Double) {
        guard style.version > 0 else {
            let text = number.isNaN ? "nan" : "\(number)"
            bytes += Array("F\(text)\n".utf8)
            return
        }
        write(.binFloat)
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(number.bitPattern >> UInt64(shift) & 0xFF))
        }
    }

    mutating func write(text: String) {
        let utf8 = Array(text.utf8)
        if style.version == 0 {
            write(.unicode)
            bytes += PickleText.rawUnicode(text) + [UInt8(ascii: "\n")]
        } else if style.version >= 4, utf8.count < 256 {
            write(.shortBinUnicode, utf8, width: 1)
        } else {
            write(.binUnicode, utf8, width: 4)
        }
    }

    mutating func write(byteString: [UInt8]) throws(FormatError) {
        if style.isPython2, style.version < 3 {
            if style.version == 0 {
                write(.string)
                bytes += PickleText.literal(byteString) + [UInt8(ascii: "\n")]
            } else {
                let isShort = byteString.count < 256
                write(isShort ? .shortBinString : .binString, byteString, width: isShort ? 1 : 4)
            }
        } else if style.version >= 3 {
            let isShort = byteString.count < 256
            write(isShort ? .shortBinBytes : .binBytes, byteString, width: isShort ? 1 : 4)
        } else if byteString.isEmpty {
            try writeCall("builtins", "bytes", [])
        } else {
            let latin1 = String(String.UnicodeScalarView(byteString.map { Unicode.Scalar($0) }))
            try writeCall("_codecs", "encode", [.string(latin1), .string("latin1")])
        }
    }

    mutating func write(_ opcode: PickleOpcode, _ contents: [UInt8], width: Int) {
        write(opcode)
        append(UInt64(contents.count), width: width)
        bytes += contents
    }

    mutating func append(_ number: UInt64, width: Int) {
        for index in 0..<width { bytes.append(UInt8(number >> UInt64(8 * index) & 0xFF)) }
    }

    mutating func append(line: String) { bytes += Array(line.utf8) + [UInt8(ascii: "\n")] }
}

// MARK: - Collections

extension PickleEncoder {
    mutating func writeList(_ elements: [SessionValue], depth: Int) throws(FormatError) {
        if style.version == 0 {
            bytes += Array("(l".utf8)
        } else {
            write(.emptyList)
        }
        let parts = try parts(elements, depth: depth)
        bytes += Self.giving(parts, unit: .append, several: .appends, style)
    }

    private func parts(_ elements: [SessionValue], depth: Int) throws(FormatError) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        parts.reserveCapacity(elements.count)
        for element in elements { parts.append(try Self.bytes(of: element, style: style, depth: depth + 1)) }
        return parts
    }

    /// The opcodes that give elements, or keys with their values, to the collection on the stack.
    static func giving(
        _ parts: [[UInt8]], unit: PickleOpcode, several: PickleOpcode, _ style: PickleStyle
    ) -> [UInt8] {
        guard !parts.isEmpty else { return [] }
        // ADDITEMS has no form for one.
        if parts.count > 1 && style.version > 0 || unit == several {
            return [PickleOpcode.mark.rawValue] + parts.joined() + [several.rawValue]
        }
        return parts.flatMap { $0 + [unit.rawValue] }
    }

    mutating func writeTuple(_ elements: [SessionValue], depth: Int) throws(FormatError) {
        openTuple(elements.count)
        for element in elements { try write(element, depth: depth + 1) }
        closeTuple(elements.count)
    }

    private mutating func openTuple(_ count: Int) {
        if style.version < 2 ? count > 0 || style.version == 0 : count > 3 { write(.mark) }
    }

    private mutating func closeTuple(_ count: Int) {
        switch count {
        case 0: write(style.version == 0 ? .tuple : .emptyTuple)
        case 1 where style.version >= 2: write(.tuple1)
        case 2 where style.version >= 2: write(.tuple2)
        case 3 where style.version >= 2: write(.tuple3)
        default: write(.tuple)
        }
    }

    private mutating func writeSet(_ elements: [SessionValue], depth: Int) throws(FormatError) {
        if let reason = PickleEquality.refusal(ofKeys: elements, of: "a set", style) { throw Self.error(reason) }
        guard style.version >= 4 else { return try writeCall("builtins", "set", [.list(elements)], depth: depth) }
        write(.emptySet)
        bytes += Self.giving(try parts(elements, depth: depth), unit: .addItems, several: .addItems, style)
    }

    mutating func writeFrozenSet(_ elements: [SessionValue], depth: Int) throws(FormatError) {
        if let reason = PickleEquality.refusal(ofKeys: elements, of: "a set", style) { throw Self.error(reason) }
        guard style.version >= 4 else {
            return try writeCall("builtins", "frozenset", [.list(elements)], depth: depth)
        }
        write(.mark)
        for element in elements { try write(element, depth: depth + 1) }
        write(.frozenSet)
    }

    private mutating func writeMap(_ map: SessionMap, depth: Int) throws(FormatError) {
        if style.version == 0 {
            bytes += Array("(d".utf8)
        } else {
            write(.emptyDict)
        }
        try writeItems(map, depth: depth)
    }

    /// Gives keys and values to the dict on the stack.
    mutating func writeItems(_ map: SessionMap, depth: Int) throws(FormatError) {
        if let reason = PickleEquality.refusal(ofKeys: map.keys, of: "a dict", style) { throw Self.error(reason) }
        var parts: [[UInt8]] = []
        parts.reserveCapacity(map.count)
        for (key, value) in map {
            var part = PickleEncoder(style: style)
            try part.write(key, depth: depth + 1)
            try part.write(value, depth: depth + 1)
            parts.append(part.bytes)
        }
        bytes += Self.giving(parts, unit: .setItem, several: .setItems, style)
    }

    /// A class or function by its name.
    mutating func writeGlobal(_ module: String, _ name: String) {
        if style.version >= 4 {
            write(text: module)
            write(text: name)
            write(.stackGlobal)
        } else {
            write(.global)
            append(line: style.module(module))
            append(line: name)
        }
    }

    /// A call with arguments.
    mutating func writeCall(
        _ module: String, _ name: String, _ arguments: [SessionValue], depth: Int = 0
    ) throws(FormatError) {
        writeGlobal(module, name)
        try writeTuple(arguments, depth: depth)
        write(.reduce)
    }
}
