/// What stands in a key: tests that run for every key of a scan, so they allocate nothing.
extension UInt8 {
    /// `0` to `9`.
    var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
    /// `A` to `Z`.
    var isUppercaseLetter: Bool { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self }
    /// `a` to `z`.
    var isLowercaseLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self }
    /// A letter or a digit of ASCII.
    var isAlphanumeric: Bool { isLowercaseLetter || isDigit || isUppercaseLetter }
    /// `0` to `9` and `a` to `f`.
    var isLowercaseHexDigit: Bool { isDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self }
    /// `0` to `9` and `A` to `F`.
    var isUppercaseHexDigit: Bool { isDigit || UInt8(ascii: "A")...UInt8(ascii: "F") ~= self }
    /// What base64 for URLs is made of: letters, digits, `-` and `_`.
    var isURLSafe: Bool { isAlphanumeric || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") }
    /// What PHP makes session ids of: letters, digits, `-` and `,`.
    var isPHPSessionCharacter: Bool { isAlphanumeric || self == UInt8(ascii: "-") || self == UInt8(ascii: ",") }
}

extension ArraySlice<UInt8> {
    /// Whether some text stands at an offset from its first byte; an offset outside it is an answer of no.
    ///
    /// Makes no slice: counting the references of one costs more than the comparison.
    func has(_ text: StaticString, at offset: Int) -> Bool {
        text.withUTF8Buffer { text in
            guard offset >= 0, count >= text.count, offset <= count - text.count else { return false }
            return withUnsafeBufferPointer { bytes in
                (0..<text.count).allSatisfy { bytes[offset + $0] == text[$0] }
            }
        }
    }

    /// Whether it begins with some text.
    func begins(with text: StaticString) -> Bool { has(text, at: 0) }

    /// Whether it ends with some text.
    func ends(with text: StaticString) -> Bool { has(text, at: count - text.count) }

    /// Whether it can be an id that PHP made: 22 to 256 characters, the bounds of `session.sid_length`.
    var isPHPSessionID: Bool { 22...256 ~= count && allSatisfy { $0.isPHPSessionCharacter } }
}

extension Array where Element == UInt8 {
    /// Whether some text stands in the first bytes; what is looked for never stands farther in.
    func mentions(_ text: StaticString, within limit: Int = 200) -> Bool {
        let head = prefix(limit)
        let last = head.count - text.count
        return last >= 0 && (0...last).contains { head.has(text, at: $0) }
    }
}

extension StaticString {
    /// Its length in bytes of UTF-8.
    var count: Int { withUTF8Buffer { $0.count } }
    /// Its UTF-8.
    var bytes: [UInt8] { withUTF8Buffer { Array($0) } }
}
