public import SessionCore

/// Any payload at all, as bytes; shown, not edited inside.
public struct HexFormat: PayloadFormat {
    /// The format.
    public init() {}

    /// `hex`.
    public var name: String { "hex" }

    /// Nobody knows what the bytes mean.
    public var readOnlyReason: String? {
        "its format is not known; replace the whole value with set \"\" bytes(\"…\")"
    }

    /// Every payload.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool { true }

    /// The bytes; never fails.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue { .bytes(payload) }

    /// Refused: the bytes have no inside.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "bytes of an unknown format cannot be edited inside")
    }

    /// The bytes.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        guard case .bytes(let bytes) = tree else { throw FormatError(format: name, problem: "only bytes can be bytes") }
        return bytes
    }

    /// Only bytes can be bytes.
    public func refusal(of value: SessionValue) -> String? {
        if case .bytes = value { nil } else { "bytes cannot hold a value of kind \(value.kind.rawValue)" }
    }
}
