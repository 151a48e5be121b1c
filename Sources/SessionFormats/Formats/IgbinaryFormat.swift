public import SessionCore

/// Payloads of PHP's extension igbinary, versions 1 and 2; shown, not edited inside.
///
/// Shown as PHP's text is (`PHPSerializedFormat`), with igbinary's own numbers for references.
public struct IgbinaryFormat: PayloadFormat {
    /// The format.
    public init() {}

    /// `igbinary`.
    public var name: String { "igbinary" }

    /// igbinary is shown only.
    public var readOnlyReason: String? {
        "igbinary is shown, not written; replace the whole value with set \"\" bytes(\"…\")"
    }

    /// Whether it begins with a version of igbinary.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        payload.count > 4 && payload.starts(with: [0, 0, 0]) && (payload[3] == 1 || payload[3] == 2)
    }

    /// The tree.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        var reader = IgbinaryReader(payload)
        guard recognises(payload, flags: 0) else { throw reader.error("it is not igbinary") }
        let tree = try reader.read()
        guard reader.offset == payload.count else { throw reader.error("something follows the value") }
        return tree
    }

    /// Refused.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "igbinary cannot be edited inside")
    }

    /// Refused.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "igbinary is not written")
    }

    /// Everything is refused.
    public func refusal(of value: SessionValue) -> String? { "igbinary is shown, not written" }
}
