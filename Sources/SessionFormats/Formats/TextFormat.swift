public import SessionCore

/// Payloads that are readable text and nothing more structured: one value without keys, which `set "" "…"` replaces.
public struct TextFormat: PayloadFormat {
    /// The format.
    public init() {}

    /// `text`.
    public var name: String { "text" }

    /// The text can be replaced.
    public var readOnlyReason: String? { nil }

    /// Whether the payload is UTF-8 without control characters, tabs and line ends excepted.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        let isPrintable = payload.allSatisfy { $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0D].contains($0) }
        return isPrintable && String(validating: payload, as: UTF8.self) != nil
    }

    /// The text.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        guard let text = String(validating: payload, as: UTF8.self) else {
            throw FormatError(format: name, problem: "the payload is not UTF-8")
        }
        return .string(text)
    }

    /// The new text.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        try encode(edit.value(over: tree))
    }

    /// The text's UTF-8.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        guard case .string(let text) = tree else { throw FormatError(format: name, problem: "only text can be text") }
        return Array(text.utf8)
    }

    /// Only text can be text.
    public func refusal(of value: SessionValue) -> String? {
        if case .string = value { nil } else { "plain text cannot hold a value of kind \(value.kind.rawValue)" }
    }
}
