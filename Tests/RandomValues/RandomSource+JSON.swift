internal import OrderedCollections
public import SessionCore

extension RandomSource {
    /// A value as JSON text in a spelling of its own: white space, escapes, numbers, keys that stand twice.
    public mutating func jsonText(of value: SessionValue) -> String {
        blanks() + spelling(of: value) + blanks()
    }

    private mutating func spelling(of value: SessionValue) -> String {
        switch value {
        case .list(let values):
            if values.isEmpty { return "[" + blanks() + "]" }
            return "[" + values.map { jsonText(of: $0) }.joined(separator: ",") + "]"
        case .map(let map):
            if map.isEmpty { return "{" + blanks() + "}" }
            var members: [String] = []
            for (key, value) in map {
                // Of a key that stands twice readers take the last, at the first one's place.
                if chance(8) { members.append(member(key, leaf(.json))) }
                members.append(member(key, value))
            }
            return "{" + members.joined(separator: ",") + "}"
        case .string(let text): return quoted(text)
        case .double(let number) where number.description.contains("e") && chance(2):
            return number.description.replacing("e", with: "E")
        default: return Notation.text(of: value)
        }
    }

    private mutating func member(_ key: SessionValue, _ value: SessionValue) -> String {
        blanks() + spelling(of: key) + blanks() + ":" + jsonText(of: value)
    }

    private mutating func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            guard mustEscape || chance(6) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let short: [Unicode.Scalar: String] = [
                "\"": "\\\"", "\\": "\\\\", "/": "\\/", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{8}": "\\b",
                "\u{C}": "\\f",
            ]
            if let escape = short[scalar], chance(2) {
                result += escape
            } else {
                for unit in String(Character(scalar)).utf16 {
                    let digits = String(unit, radix: 16, uppercase: chance(2))
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return result + "\""
    }

    private mutating func blanks() -> String {
        chance(2) ? "" : (0..<number(0...2)).map { _ in pick([" ", "\n", "\r\n", "\t", "  "], or: " ") }.joined()
    }
}
