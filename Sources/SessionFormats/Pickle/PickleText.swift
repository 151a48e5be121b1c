internal import BigInt
internal import SessionCore

/// Reads the arguments of pickle opcodes that are text.
enum PickleText {
    /// A number without sign, at most 10 digits.
    static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 10, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// The longest whole number that is read, in digits: reading one is quadratic in its length.
    static let longestNumber = 5000

    /// A whole number with sign, of INT and LONG.
    static func integer(_ line: ArraySlice<UInt8>) -> SessionValue? {
        var digits = line
        if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            digits = digits.dropFirst()
        }
        guard !digits.isEmpty, digits.count <= longestNumber,
            digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        let text = String(decoding: line, as: UTF8.self)
        if let small = Int(text) { return .integer(small) }
        return BigInt(text).map { .bigInteger($0) }
    }

    /// The number of FLOAT: what Python's `repr` writes.
    static func double(_ line: ArraySlice<UInt8>) -> Double? {
        let text = String(decoding: line, as: UTF8.self)
        switch text {
        case "inf", "-inf", "nan", "-nan": return Double(text)
        default:
            let isDecimal = line.allSatisfy { byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "+-.eE".utf8.contains(byte)
            }
            return isDecimal ? Double(text) : nil
        }
    }

    /// The bytes of STRING: a literal of Python 2 in quotes.
    static func byteString(_ line: ArraySlice<UInt8>) -> [UInt8]? {
        guard line.count >= 2, let quote = line.first, quote == line.last,
            quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
        else { return nil }
        let text = line.dropFirst().dropLast()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard index < text.endIndex else { return nil }
            let letter = text[index]
            index += 1
            switch letter {
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): bytes.append(letter)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "v"): bytes.append(0x0B)
            case UInt8(ascii: "a"): bytes.append(0x07)
            case UInt8(ascii: "x"):
                guard let value = hex(text, at: index, digits: 2) else { return nil }
                bytes.append(UInt8(truncatingIfNeeded: value))
                index += 2
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                var value = Int(letter - UInt8(ascii: "0"))
                var digits = 1
                while digits < 3, index < text.endIndex, UInt8(ascii: "0")...UInt8(ascii: "7") ~= text[index] {
                    value = value * 8 + Int(text[index] - UInt8(ascii: "0"))
                    index += 1
                    digits += 1
                }
                bytes.append(UInt8(truncatingIfNeeded: value))
            default: bytes += [UInt8(ascii: "\\"), letter]
            }
        }
        return bytes
    }

    /// The text of UNICODE: Latin-1 with `\u` and `\U` escapes (Python's raw-unicode-escape); as UTF-8, in which half a
    /// surrogate pair takes three bytes as Python's surrogatepass has it.
    static func unicode(_ line: ArraySlice<UInt8>) -> [UInt8]? {
        var units: [UInt32] = []
        units.reserveCapacity(line.count)
        var index = line.startIndex
        while index < line.endIndex {
            let byte = line[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < line.endIndex else {
                units.append(UInt32(byte))
                continue
            }
            let digits = line[index] == UInt8(ascii: "u") ? 4 : line[index] == UInt8(ascii: "U") ? 8 : 0
            guard digits > 0 else {
                // A backslash that begins no escape stands for itself, and so does one behind it.
                units.append(UInt32(byte))
                if line[index] == UInt8(ascii: "\\") {
                    units.append(UInt32(byte))
                    index += 1
                }
                continue
            }
            guard let value = hex(line, at: index + 1, digits: digits), value <= 0x10FFFF else { return nil }
            units.append(value)
            index += 1 + digits
        }
        return utf8(of: units)
    }

    private static func utf8(of units: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(units.count)
        var index = 0
        while index < units.count {
            var unit = units[index]
            index += 1
            // Narrow builds of Python 2 write a character beyond the BMP as two escapes.
            if 0xD800...0xDBFF ~= unit, index < units.count, 0xDC00...0xDFFF ~= units[index] {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (units[index] - 0xDC00)
                index += 1
            }
            if let scalar = Unicode.Scalar(unit) {
                bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            } else {
                bytes += [
                    UInt8(0xE0 | unit >> 12), UInt8(0x80 | (unit >> 6) & 0x3F), UInt8(0x80 | unit & 0x3F),
                ]
            }
        }
        return bytes
    }

    private static func hex(_ text: ArraySlice<UInt8>, at start: Int, digits: Int) -> UInt32? {
        guard start >= text.startIndex, text.endIndex - start >= digits else { return nil }
        var value: UInt32 = 0
        for byte in text[start..<(start + digits)] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }
}

// MARK: - Writing

extension PickleText {
    /// Text as UNICODE's argument: Latin-1 with escapes, as Python's raw-unicode-escape, line ends escaped too.
    static func rawUnicode(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x00, 0x0A, 0x0D, 0x1A, 0x5C, 0x100...0xFFFF: bytes += Array(("\\u" + digits(scalar.value, 4)).utf8)
            case 0...0xFF: bytes.append(UInt8(scalar.value))
            default: bytes += Array(("\\U" + digits(scalar.value, 8)).utf8)
            }
        }
        return bytes
    }

    /// Bytes as STRING's argument: a literal as Python 2's `repr` prints it.
    static func literal(_ contents: [UInt8]) -> [UInt8] {
        let hasOnlySingle = contents.contains(UInt8(ascii: "'")) && !contents.contains(UInt8(ascii: "\""))
        let quote = UInt8(ascii: hasOnlySingle ? "\"" : "'")
        var bytes = [quote]
        for byte in contents {
            switch byte {
            case quote, UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x09: bytes += Array("\\t".utf8)
            case 0x0A: bytes += Array("\\n".utf8)
            case 0x0D: bytes += Array("\\r".utf8)
            case 0x20..<0x7F: bytes.append(byte)
            default: bytes += Array(("\\x" + digits(UInt32(byte), 2)).utf8)
            }
        }
        return bytes + [quote]
    }

    private static func digits(_ number: UInt32, _ width: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
