internal import OrderedCollections
public import SessionCore

/// Values as JSON that any reader of JSON takes, for programs that read what this one prints.
///
/// What JSON cannot say is an object with one key that begins with `$`:
/// - `{"$bytes": "…"}`: bytes, each a character from U+0000 to U+00FF, so that text in them can be read
/// - `{"$tuple": […]}`, `{"$set": […]}`: tuples and sets
/// - `{"$map": [[key, value], …]}`: maps with a key that is no text, or that looks like a tag itself
/// - `{"$class": name, "$state": …}`: instances
/// - `{"$float": "nan"}`: numbers that are none, or infinite
/// - `{"$ref": number}`: a second reference to a value elsewhere
public enum TaggedJSON {
    /// The JSON of a value, on one line.
    public static func text(of value: SessionValue) -> String { Notation.text(of: tagged(value)) }

    private static func tagged(_ value: SessionValue) -> SessionValue {
        switch value {
        case .null, .bool, .integer, .bigInteger, .string: return value
        case .double(let number): return number.isFinite ? value : ["$float": .string("\(number)")]
        case .bytes(let bytes):
            return ["$bytes": .string(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))]
        case .list(let values): return .list(values.map(tagged))
        case .tuple(let values): return ["$tuple": .list(values.map(tagged))]
        case .set(let values): return ["$set": .list(values.map(tagged))]
        case .map(let map):
            let isPlain = map.keys.allSatisfy { key in
                if case .string(let text) = key { text.utf8.first != UInt8(ascii: "$") } else { false }
            }
            guard isPlain else { return ["$map": .list(map.map { .list([tagged($0.key), tagged($0.value)]) })] }
            return .map(map.mapValues(tagged))
        case .object(let name, let state): return ["$class": .string(name), "$state": tagged(state)]
        case .reference(let number): return ["$ref": .integer(number)]
        }
    }
}
