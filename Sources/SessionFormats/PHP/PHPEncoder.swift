internal import OrderedCollections
internal import SessionCore

/// Writes values as PHP's `serialize` does.
struct PHPEncoder {
    private(set) var bytes: [UInt8] = []
    /// How many slots the values take that references count.
    private(set) var slotCount = 0

    /// Why PHP cannot hold a value, as a sentence; nil if it can.
    static func refusal(of value: SessionValue) -> String? {
        switch value {
        case .null, .bool, .integer, .double, .string, .bytes: return nil
        case .bigInteger: return "PHP's whole numbers end at 64 bits"
        case .tuple: return "PHP has no tuple; a list is an array"
        case .set: return "PHP has no set; a list is an array"
        case .reference: return "a reference to another value cannot be made; write the value itself"
        case .list(let values): return values.lazy.compactMap(refusal).first
        case .map(let map): return refusal(ofKeysAndValues: map, ofObject: false)
        case .object(PHPText.enumClass, .string(let text)):
            return text.contains(":") ? nil : "a case of an enumeration is named Class:Case"
        case .object(let name, .map(let map)):
            guard !name.isEmpty, !name.contains("\"") else { return "a class has a name without quotes" }
            return refusal(ofKeysAndValues: map, ofObject: true)
        case .object(let name, _): return "the properties of \(PrintableText.escaping(name)) are a map"
        }
    }

    private static func refusal(ofKeysAndValues map: SessionMap, ofObject: Bool) -> String? {
        for (key, value) in map {
            if let reason = refusal(ofKey: key, ofObject: ofObject) ?? refusal(of: value) { return reason }
        }
        return nil
    }

    /// Why a value cannot be a key of an array, or the name of a property.
    static func refusal(ofKey key: SessionValue, ofObject: Bool = false) -> String? {
        switch key {
        case .integer where !ofObject: return nil
        case .string(let text):
            // PHP makes a number of such a key, so that it would be another one.
            guard !ofObject, let number = Int(text), String(number) == text else { return nil }
            return "PHP takes the key \(Notation.text(of: key)) for the number; name it /int(\(text))"
        case .bytes: return nil
        default: return "keys of PHP are text or whole numbers, and not a \(key.kind.rawValue)"
        }
    }

    /// The text of a value that is not refused.
    static func bytes(of value: SessionValue, depth: Int) throws(FormatError) -> (bytes: [UInt8], slots: Int) {
        if let reason = refusal(of: value) { throw FormatError(format: "php", problem: reason) }
        guard depth + value.nestingDepth <= Notation.maximumDepth + 1 else {
            throw FormatError(format: "php", problem: "values would nest deeper than \(Notation.maximumDepth)")
        }
        var encoder = PHPEncoder()
        encoder.write(value)
        return (encoder.bytes, encoder.slotCount)
    }

    /// The text of a key.
    static func bytes(ofKey key: SessionValue) -> [UInt8] {
        var encoder = PHPEncoder()
        encoder.write(key)
        return encoder.bytes
    }

    private mutating func append(_ text: String) { bytes += Array(text.utf8) }

    private mutating func write(_ value: SessionValue) {
        slotCount += 1
        switch value {
        case .null: append("N;")
        case .bool(let flag): append(flag ? "b:1;" : "b:0;")
        case .integer(let number): append("i:\(number);")
        case .double(let number): append("d:\(PHPNumber.text(of: number));")
        case .string(let text): write("s", Array(text.utf8), end: ";")
        case .bytes(let text): write("s", text, end: ";")
        case .list(let values):
            append("a:\(values.count):{")
            for (number, value) in values.enumerated() {
                append("i:\(number);")
                write(value)
            }
            append("}")
        case .map(let map):
            append("a:")
            write(map)
        case .object(PHPText.enumClass, .string(let text)): write("E", Array(text.utf8), end: ";")
        case .object(let name, .map(let map)):
            write("O", Array(name.utf8), end: ":")
            write(map)
        case .bigInteger, .tuple, .set, .reference, .object: append("N;")
        }
    }

    private mutating func write(_ letter: String, _ text: [UInt8], end: String) {
        append("\(letter):\(text.count):\"")
        bytes += text
        append("\"\(end)")
    }

    private mutating func write(_ map: SessionMap) {
        append("\(map.count):{")
        for (key, value) in map {
            bytes += Self.bytes(ofKey: key)
            write(value)
        }
        append("}")
    }
}
