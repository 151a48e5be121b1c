/// Texts as cPickle of Python 2 writes them with protocol 0, for the digests that lovely.memcached makes of them.
///
/// Follows `Objects/stringobject.c` (`string_repr`) and `Modules/cPickle.c` (`modified_EncodeRawUnicodeEscape`) of Python 2.7.
enum Python2Pickle {
    private static let digits = Array("0123456789abcdef".utf8)

    /// A `str`: `S` and its `repr`.
    static func string(_ bytes: [UInt8]) -> [UInt8] {
        let (single, double, backslash) = (UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "\\"))
        let quote = bytes.contains(single) && !bytes.contains(double) ? double : single
        var text = [UInt8(ascii: "S"), quote]
        for byte in bytes {
            switch byte {
            case quote, backslash: text += [backslash, byte]
            case 0x09: text += "\\t".utf8
            case 0x0A: text += "\\n".utf8
            case 0x0D: text += "\\r".utf8
            case 0x20..<0x7F: text.append(byte)
            default: text += "\\x".utf8 + hexadecimal(UInt32(byte), count: 2)
            }
        }
        return text + [quote]
    }

    /// A `unicode`, given as UTF-8: `V` and its characters in Latin-1 or as escapes.
    static func unicode(_ bytes: [UInt8]) -> [UInt8] {
        var text = [UInt8(ascii: "V")]
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x5C, 0x100...0xFFFF: text += "\\u".utf8 + hexadecimal(scalar.value, count: 4)
            case 0x1_0000...: text += "\\U".utf8 + hexadecimal(scalar.value, count: 8)
            default: text.append(UInt8(truncatingIfNeeded: scalar.value))
            }
        }
        return text
    }

    private static func hexadecimal(_ number: UInt32, count: Int) -> [UInt8] {
        (0..<count).reversed().map { digits[Int(number >> (4 * UInt32($0)) & 15)] }
    }
}
