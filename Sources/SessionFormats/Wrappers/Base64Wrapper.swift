public import SessionCore

/// Bytes spelled in base64 (RFC 4648), as Beaker keeps its sessions; alphabet, padding, lines and a line end stay.
///
/// What could not be spelled again byte for byte, such as padding bits that are not zero, is not taken.
public struct Base64Wrapper: PayloadWrapper {
    /// The wrapper.
    public init() {}

    /// `base64`.
    public var name: String { "base64" }

    /// How a payload spells its bytes.
    private struct Spelling {
        var isForURLs: Bool
        var isPadded: Bool
        /// Letters in a line; nil for one line without end.
        var lineLength: Int?
        var endsWithLine: Bool
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Whether the first letters are of an alphabet; a short text that merely could be base64 is not.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        payload.count >= 8 && payload.prefix(64).allSatisfy { Self.value(of: $0) != nil || $0 == 0x0A || $0 == 0x3D }
    }

    private static func value(of letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }

    private func read(_ payload: [UInt8]) throws(FormatError) -> (content: [UInt8], spelling: Spelling) {
        var content: [UInt8] = []
        content.reserveCapacity(payload.count / 4 * 3)
        var spelling = Spelling(isForURLs: false, isPadded: false, lineLength: nil, endsWithLine: false)
        var (bits, count, letters) = (UInt32(0), 0, 0)
        for (offset, letter) in payload.enumerated() {
            if letter == 0x0A {
                if spelling.lineLength == nil, offset + 1 < payload.count { spelling.lineLength = offset }
                spelling.endsWithLine = offset + 1 == payload.count
                continue
            }
            if letter == UInt8(ascii: "=") {
                spelling.isPadded = true
                continue
            }
            guard let value = Self.value(of: letter), !spelling.isPadded else {
                throw FormatError(format: name, offset: offset, problem: "no letter of base64")
            }
            if letter == UInt8(ascii: "-") || letter == UInt8(ascii: "_") { spelling.isForURLs = true }
            bits = bits << 6 | UInt32(value)
            count += 6
            letters += 1
            if count >= 8 {
                count -= 8
                content.append(UInt8(bits >> UInt32(count) & 0xFF))
            }
        }
        if letters % 4 == 0 { spelling.isPadded = true }
        guard spell(content, spelling) == payload else {
            throw error("it is not spelled as anybody spells base64, and could not be spelled so again")
        }
        return (content, spelling)
    }

    private func spell(_ content: [UInt8], _ spelling: Spelling) -> [UInt8] {
        let alphabet = Self.letters + Array((spelling.isForURLs ? "-_" : "+/").utf8)
        var text: [UInt8] = []
        text.reserveCapacity(content.count / 3 * 4 + 8)
        for start in stride(from: 0, to: content.count, by: 3) {
            let piece = content[start..<min(start + 3, content.count)]
            let bits = piece.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - piece.count))
            for index in 0..<4 {
                if index <= piece.count {
                    text.append(alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)])
                } else if spelling.isPadded {
                    text.append(UInt8(ascii: "="))
                }
            }
        }
        if let length = spelling.lineLength, length > 0 {
            let lines = stride(from: 0, to: text.count, by: length).map { text[$0..<min($0 + length, text.count)] }
            text = Array(lines.joined(separator: [0x0A]))
        }
        return spelling.endsWithLine ? text + [0x0A] : text
    }

    /// The bytes that are spelled.
    public func unwrap(_ payload: [UInt8]) throws(FormatError) -> [UInt8] { try read(payload).content }

    /// The content in the same alphabet and lines.
    public func rewrap(_ content: [UInt8], like payload: [UInt8]) throws(FormatError) -> [UInt8] {
        spell(content, try read(payload).spelling)
    }

    /// In the standard alphabet, padded, in one line.
    public func wrap(_ content: [UInt8]) throws(FormatError) -> [UInt8] {
        spell(content, Spelling(isForURLs: false, isPadded: true, lineLength: nil, endsWithLine: false))
    }
}
