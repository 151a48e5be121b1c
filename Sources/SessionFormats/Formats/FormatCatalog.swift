public import SessionCore

/// All formats, for bytes of which nothing else is known.
public enum FormatCatalog {
    /// The formats, those with the surest marks first; the last reads anything.
    public static let all: [any PayloadFormat] = [
        JSONFormat(), PHPSerializedFormat(), PHPSessionFormat(), PickleFormat(), MessagePackFormat(),
        NotationFormat(), TextFormat(),
        HexFormat(),
    ]

    /// The first format that can read a payload, and what it reads; `flags` are those it was stored with, 0 without any.
    public static func read(_ payload: [UInt8], flags: UInt32) -> (format: any PayloadFormat, content: DecodedPayload) {
        for format in all where format.recognises(payload, flags: flags) {
            if let content = try? format.read(payload) { return (format, content) }
        }
        return (HexFormat(), DecodedPayload(tree: .bytes(payload)))
    }
}
