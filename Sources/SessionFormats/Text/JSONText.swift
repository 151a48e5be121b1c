internal import OrderedCollections
internal import SessionCore

/// Writes values as JSON.
enum JSONText {
    /// A value as JSON on one line; what JSON cannot hold (`refusal` names it) is written as null.
    static func text(of value: SessionValue, style: TextStyle) -> String {
        var text = ""
        write(value, style: style, to: &text)
        return text
    }

    private static func write(_ value: SessionValue, style: TextStyle, to text: inout String) {
        switch value {
        case .bool, .integer, .bigInteger, .double: text += Notation.text(of: value)
        case .string(let string): write(quoted: string, style: style, to: &text)
        case .list(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += style.comma }
                write(value, style: style, to: &text)
            }
            text += "]"
        case .map(let map):
            text += "{"
            for (index, element) in map.elements.enumerated() {
                if index > 0 { text += style.comma }
                write(element.key, style: style, to: &text)
                text += style.colon
                write(element.value, style: style, to: &text)
            }
            text += "}"
        case .null, .bytes, .tuple, .set, .object, .reference: text += "null"
        }
    }

    private static func write(quoted string: String, style: TextStyle, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            case _ where scalar.value < 0x20 || (style.escapesBeyondASCII && scalar.value > 0x7E):
                for unit in String(Character(scalar)).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    /// Why JSON cannot hold a value, as a sentence; nil if it can.
    static func refusal(of value: SessionValue) -> String? {
        switch value {
        case .null, .bool, .integer, .bigInteger, .string: return nil
        case .double(let number): return number.isFinite ? nil : "JSON cannot hold the number \(number)"
        case .list(let values): return values.lazy.compactMap(refusal).first
        case .map(let map):
            for (key, value) in map {
                guard case .string = key else {
                    return "JSON cannot hold the key \(Notation.text(of: key)): its keys are text"
                }
                if let refusal = refusal(of: value) { return refusal }
            }
            return nil
        case .bytes, .tuple, .set, .object, .reference: return "JSON cannot hold a value of kind \(value.kind.rawValue)"
        }
    }
}
