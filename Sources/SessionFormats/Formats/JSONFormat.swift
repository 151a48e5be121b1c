public import SessionCore

/// Payloads that are a JSON object or array (RFC 8259), as Express and many home-made sessions are.
///
/// Follows RFC 8259 strictly. A lone surrogate escape such as `\ud800` is refused, because no text can hold it; such a
/// payload is shown as text. An edit copies every byte outside the edited values.
public struct JSONFormat: PayloadFormat {
    /// Whether it is spelled as Python's `json.dumps` does where the payload does not show how.
    private let isPython: Bool

    /// The format.
    public init() { isPython = false }

    /// JSON that Python wrote, whose `json.dumps` puts blanks behind `:` and `,` and keeps to ASCII.
    init(isPython: Bool) { self.isPython = isPython }

    private func style(of payload: [UInt8]) -> TextStyle {
        guard isPython else { return TextStyle(of: payload) }
        var style = payload.contains(UInt8(ascii: ":")) ? TextStyle(of: payload) : .python
        // An object of one key shows no comma.
        if style.spacesAfterColon { style.spacesAfterComma = true }
        style.escapesBeyondASCII = !payload.contains { $0 >= 0x80 }
        return style
    }

    /// `json`.
    public var name: String { "json" }

    /// Everything can be edited.
    public var readOnlyReason: String? { nil }

    /// Whether the first byte that is not blank opens an object or array.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        let first = payload.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    /// The tree; of a key that stands several times the last counts, as in JavaScript and Python.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        var reader = NotationReader(payload, dialect: .json)
        do throws(NotationError) { return try reader.readWhole() } catch { throw FormatError(error, format: name) }
    }

    /// The payload with the edit made, what is added in the payload's own style.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        let style = style(of: payload)
        var splicer = TextSplicer(payload, dialect: .json, style: style) { JSONText.text(of: $0, style: style) }
        do throws(NotationError) { return try splicer.splice(edit) } catch { throw FormatError(error, format: name) }
    }

    /// The tree as JSON on one line.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        if let refusal = refusal(of: tree) { throw FormatError(format: name, problem: refusal) }
        return Array(JSONText.text(of: tree, style: isPython ? .python : .compact).utf8)
    }

    /// JSON has no bytes, tuples, sets, objects, references, and no keys but text.
    public func refusal(of value: SessionValue) -> String? { JSONText.refusal(of: value) }
}

extension FormatError {
    init(_ error: NotationError, format: String) {
        self.init(format: format, offset: error.offset, problem: error.problem)
    }
}
