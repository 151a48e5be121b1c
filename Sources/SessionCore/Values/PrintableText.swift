/// Turns foreign text and bytes into text that is safe to print and says exactly what was there.
///
/// A terminal acts on control characters, and reorders or hides text at bidirectional and zero-width ones; all
/// of them become `\u` escapes of JSON. Bytes that are no UTF-8 become `\xNN`.
public enum PrintableText {
    /// Whether a scalar could act on a terminal, reorder text or hide in it.
    public static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true  // C0, DEL, C1
        case 0xAD, 0x034F, 0x061C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F: true  // invisible
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164: true  // zero width, separators, bidi
        case 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB: true  // variation selectors, BOM, annotations
        case 0xE0000...0xE0FFF: true  // tags and variation selectors
        default: scalar.properties.isNoncharacterCodePoint
        }
    }

    /// Appends the JSON escape of a scalar, as a surrogate pair above U+FFFF.
    static func appendEscape(of scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        default:
            for unit in UTF16.encode(scalar).map({ Array($0) }) ?? [] {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
    }

    /// Text with everything dangerous escaped, and the rest unchanged; backslashes stay single.
    public static func escaping(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: mustEscape) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if mustEscape(scalar) { appendEscape(of: scalar, to: &result) } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }

    /// Bytes as text: UTF-8 where they are UTF-8 and harmless, escapes elsewhere.
    public static func escaping(_ bytes: some Collection<UInt8>) -> String {
        var result = ""
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var index = bytes.startIndex
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                if mustEscape(scalar) {
                    appendEscape(of: scalar, to: &result)
                } else {
                    result.unicodeScalars.append(scalar)
                }
                index = bytes.index(index, offsetBy: encoded.count)
            case .error(let length):
                for _ in 0..<length {
                    result += hexEscape(bytes[index])
                    index = bytes.index(after: index)
                }
            case .emptyInput:
                return result
            }
        }
    }

    /// The bytes that printed as this text: `\xNN` is a byte, `\uNNNN` a character, everything else its UTF-8.
    public static func bytes(of text: String) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let kind = rest.first {
                let digits = kind == UInt8(ascii: "x") ? 2 : kind == UInt8(ascii: "u") ? 4 : 0
                if digits > 0, let code = UInt32(String(rest.dropFirst().prefix(digits)) ?? "", radix: 16),
                    rest.count > digits, let scalar = Unicode.Scalar(code)
                {
                    result += digits == 2 ? [UInt8(truncatingIfNeeded: code)] : Array(String(Character(scalar)).utf8)
                    rest = rest.dropFirst(digits + 1)
                    continue
                }
            }
            result.append(byte)
        }
        return result
    }

    /// A byte as `\xNN`.
    public static func hexEscape(_ byte: UInt8) -> String {
        "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
