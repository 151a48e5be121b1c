internal import FoundationEssentials

/// The spelling of bytes in client ids: base 64 (RFC 4648, section 4) without padding, with `-` for `+` and `.` for `/`.
///
/// Follows `digestEncode` of zope.session, so that ids need no escaping in a cookie or an address.
enum DigestEncoding {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let letters = Data(bytes).base64EncodedData().compactMap { letter -> UInt8? in
            switch letter {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: ".")
            case UInt8(ascii: "="): nil
            default: letter
            }
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// The bytes that are spelled like this; nil if no bytes are, so no two texts stand for the same bytes.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var letters: [UInt8] = []
        for letter in text.utf8 {
            switch letter {
            case UInt8(ascii: "-"): letters.append(UInt8(ascii: "+"))
            case UInt8(ascii: "."): letters.append(UInt8(ascii: "/"))
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            default: letters.append(letter)
            }
        }
        letters += Array(repeating: UInt8(ascii: "="), count: (4 - letters.count % 4) % 4)
        guard let data = Data(base64Encoded: Data(letters)), encode(data).utf8.elementsEqual(text.utf8) else {
            return nil
        }
        return Array(data)
    }
}
