internal import OrderedCollections
internal import SessionCore

/// Which values Python holds equal or cannot hash, so that a dict or set of it would not keep them apart.
enum PickleEquality {
    /// Other values that are the same key to Python: `1`, `True` and `1.0`; in Python 2 also text and bytes of ASCII.
    static func twins(of key: SessionValue, _ style: PickleStyle) -> [SessionValue] {
        switch key {
        case .bool(let flag): return [.integer(flag ? 1 : 0), .double(flag ? 1 : 0)] + (flag ? [] : [.double(-0.0)])
        case .integer(let number):
            var twins: [SessionValue] = number == 0 || number == 1 ? [.bool(number == 1)] : []
            if let double = Double(exactly: number) { twins.append(.double(double)) }
            return number == 0 ? twins + [.double(-0.0)] : twins
        case .double(let number):
            var twins: [SessionValue] = number == 0 || number == 1 ? [.bool(number == 1)] : []
            if let whole = Int(exactly: number) { twins.append(.integer(whole)) }
            return number == 0 ? twins + [.double(number.sign == .minus ? 0.0 : -0.0)] : twins
        case .string(let text) where style.isPython2 && text.utf8.allSatisfy { $0 < 0x80 }:
            return [.bytes(Array(text.utf8))]
        case .bytes(let bytes) where style.isPython2 && bytes.allSatisfy { $0 < 0x80 }:
            return [.string(String(decoding: bytes, as: UTF8.self))]
        default: return []
        }
    }

    /// Why values cannot be the keys of one dict or the elements of one set; nil if they can.
    static func refusal(ofKeys keys: some Sequence<SessionValue>, of what: String, _ style: PickleStyle) -> String? {
        var seen: Set<SessionValue> = []
        for key in keys {
            if let kind = unhashable(key) { return "\(what) of Python has no \(kind) in it" }
            for twin in twins(of: key, style) where seen.contains(twin) { return same(key, twin) }
            if !seen.insert(key).inserted { return "\(Notation.text(of: key)) stands twice in \(what)" }
        }
        return nil
    }

    static func same(_ key: SessionValue, _ twin: SessionValue) -> String {
        "\(Notation.text(of: key)) and \(Notation.text(of: twin)) are the same to Python"
    }

    /// The kind of the first value inside that Python cannot hash; nil if there is none.
    static func unhashable(_ value: SessionValue) -> String? {
        switch value {
        case .list: "list"
        case .map: "dict"
        case .set: "set"
        case .tuple(let elements): elements.lazy.compactMap(unhashable).first
        case .object(PickleClass.byteArray, _): "bytearray"
        case .object(PickleClass.orderedDict, _), .object(PickleClass.defaultDict, _): "dict"
        default: nil
        }
    }
}
