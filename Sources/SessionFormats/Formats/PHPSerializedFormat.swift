public import SessionCore

/// Payloads that are one value of PHP's `serialize`: Laravel's sessions, and those of the handler `php_serialize`.
///
/// - An array with the keys 0, 1, 2 … is a list, another one a map; text that is no UTF-8 is bytes.
/// - Properties of objects are keys as PHP stores them: a protected one begins with `\0*\0`, a private one with its class
///   between zeros. They are edited like other keys.
/// - `R:` and `r:` are references by the number of the value they mean. Edits before them renumber them; an edit that
///   would take away what one means is refused.
/// - Objects with a text of their own (`C:`) are kept as they are.
public struct PHPSerializedFormat: PayloadFormat {
    /// The format.
    public init() {}

    /// `php_serialize`.
    public var name: String { "php_serialize" }

    /// Everything can be edited but objects with a text of their own.
    public var readOnlyReason: String? { nil }

    /// Whether it begins as an array, object or scalar of PHP does, and ends so.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        guard payload.count >= 2, PHPText.Kind(rawValue: payload[0]) != nil else { return false }
        let last = payload[payload.count - 1]
        let second: UInt8 = payload[0] == PHPText.Kind.null.rawValue ? UInt8(ascii: ";") : UInt8(ascii: ":")
        return payload[1] == second && (last == UInt8(ascii: ";") || last == UInt8(ascii: "}"))
    }

    /// The tree.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        let (text, root) = try PHPText.value(payload, format: name)
        return text.value(of: root)
    }

    /// The payload with the edit made.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        let (text, root) = try PHPText.value(payload, format: name)
        var splicer = PHPSplicer(text, format: name)
        try splicer.write(root: root, edit: edit, base: tree)
        try splicer.prove(edit.value(over: tree)) { bytes throws(FormatError) in try decode(bytes) }
        return splicer.output
    }

    /// The tree as `serialize` writes it.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        if let reason = refusal(of: tree) { throw FormatError(format: name, problem: reason) }
        return try PHPEncoder.bytes(of: tree, depth: 0).bytes
    }

    /// No tuples, sets, references, numbers above 64 bits.
    public func refusal(of value: SessionValue) -> String? { PHPEncoder.refusal(of: value) }

    /// What PHP cannot hold, and what cannot be changed without changing more; makes the edit on trial.
    public func refusal(
        of value: SessionValue?, at path: ValuePath, in root: EditedNode, payload: [UInt8]?
    ) -> String? { refusalByTrial(of: value, at: path, in: root, payload: payload) }
}
