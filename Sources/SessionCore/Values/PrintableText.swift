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
        default: appendNumericEscape(of: scalar, to: &text)
        }
    }

    private static func appendNumericEscape(of scalar: Unicode.Scalar, to text: inout String) {
        for unit in UTF16.encode(scalar).map({ Array($0) }) ?? [] {
            let digits = String(unit, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }

    /// Text that is printed already, such as a value in the notation, with what is dangerous in it escaped all the same.
    ///
    /// Unlike `escaping` it leaves every backslash alone, so that what was escaped before is not escaped again.
    public static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: mustEscape) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if mustEscape(scalar) {
                appendNumericEscape(of: scalar, to: &result)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Text with everything dangerous escaped, and the rest unchanged.
    public static func escaping(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { mustEscape($0) || $0 == "\\" }) else { return text }
        return escaping(Array(text.utf8))
    }

    /// Bytes as text: UTF-8 where they are UTF-8 and harmless, escapes elsewhere.
    ///
    /// `bytes(of:)` gives them back.
    ///
    /// A backslash stays single unless it and what follows read as an escape: class names in keys are full of backslashes.
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
                    appendNumericEscape(of: scalar, to: &result)
                } else if scalar == "\\", escape(at: bytes[index...]) != nil {
                    result += hexEscape(UInt8(ascii: "\\"))
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
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            if let escape = escape(at: rest) {
                result += escape.meaning
                rest = rest.dropFirst(escape.length)
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    /// The escape that some bytes start with: what it means, and its length in bytes.
    private static func escape(at bytes: some Collection<UInt8>) -> (meaning: [UInt8], length: Int)? {
        guard bytes.first == UInt8(ascii: "\\"), let kind = bytes.dropFirst().first else { return nil }
        let digits = bytes.dropFirst(2)
        switch kind {
        case UInt8(ascii: "x"): return hexadecimal(digits.prefix(2), 2).map { ([UInt8(truncatingIfNeeded: $0)], 4) }
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal(digits.prefix(4), 4) else { return nil }
            if let scalar = Unicode.Scalar(unit) { return (Array(String(Character(scalar)).utf8), 6) }
            let second = digits.dropFirst(4)
            guard unit < 0xDC00, second.starts(with: "\\u".utf8),
                let low = hexadecimal(second.dropFirst(2).prefix(4), 4), 0xDC00...0xDFFF ~= low,
                let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
            else { return nil }
            return (Array(String(Character(scalar)).utf8), 12)
        default: return nil
        }
    }

    private static func hexadecimal(_ digits: some Collection<UInt8>, _ count: Int) -> UInt32? {
        guard digits.count == count, digits.first != UInt8(ascii: "+") else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// A byte as `\xNN`.
    public static func hexEscape(_ byte: UInt8) -> String {
        "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
