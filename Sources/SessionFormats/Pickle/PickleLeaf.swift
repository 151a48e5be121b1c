internal import BigInt
internal import SessionCore

/// The values that single opcodes stand for.
enum PickleLeaf {
    /// The value of an opcode that holds no others; nil for an opcode that is no value, or whose text is none.
    static func value(_ payload: [UInt8], at offset: Int) -> SessionValue? {
        guard let (opcode, end) = PickleOpcode.read(payload, at: offset) else { return nil }
        let start = offset + 1
        switch opcode {
        case .none: return .null
        case .newTrue: return .bool(true)
        case .newFalse: return .bool(false)
        case .binInt1: return .integer(Int(payload[start]))
        case .binInt2: return .integer(Int(payload.littleEndian(at: start, width: 2)))
        case .binInt: return .integer(Int(Int32(truncatingIfNeeded: payload.littleEndian(at: start, width: 4))))
        case .long1: return integer(payload[(start + 1)..<end])
        case .long4: return integer(payload[(start + 4)..<end])
        case .binFloat:
            let bits = payload[start..<end].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            return .double(Double(bitPattern: bits))
        case .int:
            let line = payload[start..<(end - 1)]
            if line.elementsEqual("00".utf8) { return .bool(false) }
            if line.elementsEqual("01".utf8) { return .bool(true) }
            return PickleText.integer(line)
        case .long:
            let line = payload[start..<(end - 1)]
            return PickleText.integer(line.last == UInt8(ascii: "L") ? line.dropLast() : line)
        case .float: return PickleText.double(payload[start..<(end - 1)]).map { .double($0) }
        case .shortBinUnicode, .binUnicode, .binUnicode8: return text(payload[contents(opcode, start)..<end])
        case .unicode: return PickleText.unicode(payload[start..<(end - 1)]).map { text($0[...]) }
        case .shortBinString, .binString, .shortBinBytes, .binBytes, .binBytes8:
            return .bytes(Array(payload[contents(opcode, start)..<end]))
        case .string: return PickleText.byteString(payload[start..<(end - 1)]).map { .bytes($0) }
        case .byteArray8:
            return .object(className: PickleClass.byteArray, state: .bytes(Array(payload[(start + 8)..<end])))
        case .persID: return .object(className: "persistent id", state: text(payload[start..<(end - 1)]))
        default: return nil
        }
    }

    private static func contents(_ opcode: PickleOpcode, _ start: Int) -> Int {
        if case .counted(let width) = opcode.argument { start + width } else { start }
    }

    /// Text; half a surrogate pair, which Python's text can hold and Swift's cannot, makes it an object that keeps the bytes.
    private static func text(_ bytes: ArraySlice<UInt8>) -> SessionValue {
        if let text = String(utf8: bytes) { return .string(text) }
        return .object(className: PickleClass.brokenText, state: .bytes(Array(bytes)))
    }

    /// A whole number in two's complement, lowest byte first.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> SessionValue {
        if bytes.count <= 8 {
            var number: UInt64 = bytes.last.map { $0 & 0x80 != 0 } == true ? .max : 0
            for byte in bytes.reversed() { number = number << 8 | UInt64(byte) }
            return .integer(Int(Int64(bitPattern: number)))
        }
        // Printing one in decimal is quadratic in its length.
        guard bytes.count * 12 / 5 <= PickleText.longestNumber else {
            return .object(className: PickleClass.hugeNumber, state: .bytes(Array(bytes)))
        }
        var words: [UInt] = []
        var rest = bytes
        let fill: UInt8 = bytes.last.map { $0 & 0x80 != 0 } == true ? 0xFF : 0
        while !rest.isEmpty {
            var word: UInt = 0
            for index in stride(from: 7, through: 0, by: -1) {
                let position = rest.startIndex + index
                word = word << 8 | UInt(position < rest.endIndex ? rest[position] : fill)
            }
            words.append(word)
            rest = rest.dropFirst(8)
        }
        let number = BigInt(words: words)
        return Int(exactly: number).map { .integer($0) } ?? .bigInteger(number)
    }
}
