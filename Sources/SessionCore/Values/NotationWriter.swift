internal import BigInt
internal import OrderedCollections

/// Writes values in the text notation.
struct NotationWriter {
    private(set) var text = ""
    private let indents: Bool
    private var depth = 0

    init(indents: Bool = false) {
        self.indents = indents
    }

    mutating func write(_ value: SessionValue) {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .bigInteger(let value): text += String(value)
        case .double(let value): write(value)
        case .string(let value): write(quoted: value)
        case .bytes(let bytes): write(quoted: bytes)
        case .list(let values): write(values, open: "[", close: "]")
        case .tuple(let values): write(values, open: "tuple(", close: ")")
        case .set(let values): write(values, open: "set(", close: ")")
        case .map(let map):
            guard !map.isEmpty else {
                text += "{}"
                return
            }
            text += "{"
            writeItems(map.elements) { writer, element in
                writer.write(element.key)
                writer.text += ": "
                writer.write(element.value)
            }
            text += "}"
        case .object(let className, let state):
            text += "object("
            write(quoted: className)
            text += ", "
            write(state)
            text += ")"
        case .reference(let number): text += "ref(\(number))"
        }
    }

    private mutating func write(_ values: [SessionValue], open: String, close: String) {
        text += open
        if !values.isEmpty { writeItems(values) { $0.write($1) } }
        text += close
    }

    private mutating func writeItems<Item>(
        _ items: some Sequence<Item>, _ body: (inout NotationWriter, Item) -> Void
    ) {
        depth += 1
        var first = true
        for item in items {
            if !first { text += indents ? "," : ", " }
            if indents { text += "\n" + String(repeating: "  ", count: depth) }
            body(&self, item)
            first = false
        }
        depth -= 1
        if indents { text += "\n" + String(repeating: "  ", count: depth) }
    }

    private mutating func write(_ value: Double) {
        if value.isNaN {
            // The payload bits of a NaN carry no meaning in any session format, its sign neither.
            text += "double(\"nan\")"
        } else if value.isInfinite {
            text += value < 0 ? "double(\"-inf\")" : "double(\"inf\")"
        } else {
            text += value.description
        }
    }

    private mutating func write(quoted string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where PrintableText.mustEscape(scalar): PrintableText.appendEscape(of: scalar, to: &text)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private mutating func write(quoted bytes: [UInt8]) {
        text += "b\""
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): text += "\\\""
            case UInt8(ascii: "\\"): text += "\\\\"
            case UInt8(ascii: "\n"): text += "\\n"
            case UInt8(ascii: "\r"): text += "\\r"
            case UInt8(ascii: "\t"): text += "\\t"
            case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += PrintableText.hexEscape(byte)
            }
        }
        text += "\""
    }
}
