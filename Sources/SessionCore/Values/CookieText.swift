/// The text of a `Cookie` field, as browsers send it and people copy it.
public enum CookieText {
    /// A cookie that a client sends.
    public struct Pair: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value as it stands there, without quotes around it.
        public var value: String

        /// A cookie.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The cookies of a `Cookie` field, in its order (RFC 6265, section 5.4); parts without `=` are left out.
    ///
    /// - Parameter text: The field's value, such as `a=1; b=2`; `Cookie:` in front of it, as people copy it, is no part of it.
    /// - Returns: Names and values.
    public static func pairs(of text: String) -> [Pair] {
        var text = text[...]
        if text.prefix(7).lowercased() == "cookie:" { text = text.dropFirst(7) }
        return text.split(separator: ";").compactMap { part in
            guard let sign = part.firstIndex(of: "=") else { return nil }
            let name = trimmed(part[..<sign])
            var value = trimmed(part[part.index(after: sign)...])
            if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
            return name.isEmpty ? nil : Pair(name: String(name), value: String(value))
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}

/// Bytes that are spelled with `%` and two hexadecimal digits (RFC 3986, section 2.1).
public enum PercentCoding {
    /// The bytes, with each `%` and its two digits as one; a `%` without two digits stays as it is.
    public static func decoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = value(ofDigit: bytes[index + 1]),
                let low = value(ofDigit: bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// What a hexadecimal digit of either case stands for; nil for other bytes.
    public static func value(ofDigit byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
