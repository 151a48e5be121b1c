internal import OrderedCollections
public import SessionCore

/// Payloads of PHP's own session handler `php`: variables one after the other, each a name, `|` and a value of `serialize`.
///
/// As `PHPSerializedFormat`, with the variables as the keys of a map. Numbers of references go on from one variable to
/// the next.
public struct PHPSessionFormat: PayloadFormat {
    /// The format.
    public init() {}

    /// `php`.
    public var name: String { "php" }

    /// Everything can be edited but objects with a text of their own.
    public var readOnlyReason: String? { nil }

    /// Whether a name, `|` and the beginning of a value stand at its start; a session without variables is empty.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        guard let bar = payload.firstIndex(of: UInt8(ascii: "|")), bar + 2 < payload.count else { return false }
        let second = payload[bar + 2]
        return PHPText.Kind(rawValue: payload[bar + 1]) != nil
            && (second == UInt8(ascii: ":") || second == UInt8(ascii: ";"))
    }

    /// The tree, a map.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        let (text, roots) = try PHPText.variables(payload, format: name)
        var map = SessionMap(minimumCapacity: roots.count)
        for root in roots { map[PHPText.text(payload[root.key])] = text.value(of: root.value) }
        return .map(map)
    }

    /// The payload with the edit made.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        guard case .map(let base) = tree else { throw FormatError(format: name, problem: "a session is a map of keys") }
        let (text, roots) = try PHPText.variables(payload, format: name)
        var splicer = PHPSplicer(text, format: name)
        try splicer.write(variables: roots, edit: edit, base: base)
        try splicer.prove(edit.value(over: tree)) { bytes throws(FormatError) in try decode(bytes) }
        return splicer.output
    }

    /// The tree, a map, as variables.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        guard case .map(let map) = tree else { throw FormatError(format: name, problem: "a session is a map of keys") }
        var payload: [UInt8] = []
        for (key, value) in map {
            if let reason = Self.refusal(ofName: key) { throw FormatError(format: name, problem: reason) }
            payload += (key.keyBytes ?? []) + [UInt8(ascii: "|")]
            payload += try PHPEncoder.bytes(of: value, depth: 1).bytes
        }
        return payload
    }

    /// Why a value cannot be a variable's name; nil if it can.
    static func refusal(ofName key: SessionValue) -> String? {
        guard let name = key.keyBytes else { return "the variables of a session have text for names" }
        if name.isEmpty { return "a variable of a session has a name" }
        if name.contains(UInt8(ascii: "|")) {
            return "no | can stand in the name of a variable: PHP would lose the session"
        }
        if name.first == UInt8(ascii: "!") { return "a name that begins with ! is that of an undefined variable" }
        let isNumber = PHPNumber.integer(name[...]).map { String($0).utf8.elementsEqual(name) } ?? false
        return isNumber ? "PHP leaves out variables whose name is a number" : nil
    }

    /// No tuples, sets, references, numbers above 64 bits.
    public func refusal(of value: SessionValue) -> String? { PHPEncoder.refusal(of: value) }

    /// What PHP cannot hold, and what cannot be changed without changing more; makes the edit on trial.
    public func refusal(
        of value: SessionValue?, at path: ValuePath, in root: EditedNode, payload: [UInt8]?
    ) -> String? {
        if path.count == 1, value != nil, case .key(let key) = path[0], root.child(path[0]) == nil,
            let reason = Self.refusal(ofName: key)
        {
            return reason
        }
        return refusalByTrial(of: value, at: path, in: root, payload: payload)
    }
}
