public import SessionCore

/// All formats, for bytes of which nothing else is known.
public enum FormatCatalog {
    /// The formats, those with the surest marks first; the last reads anything.
    public static let all: [any PayloadFormat] = [
        JSONFormat(), PHPSerializedFormat(), PHPSessionFormat(), PickleFormat(), MessagePackFormat(), MarshalFormat(),
        IgbinaryFormat(), JavaFormat(), NotationFormat(), TextFormat(), HexFormat(),
    ]

    /// Formats that are sure enough to look for them in what merely could be base64 or compressed.
    private static let structured = all.filter { !["text", "hex", "notation"].contains($0.name) }

    private static let wrappers: [any PayloadWrapper] =
        [ZlibWrapper(), GzipWrapper()] + PHPCompressionWrapper.all + [Base64Wrapper()]

    /// How many wrappers may be inside each other.
    private static let deepest = 3

    /// The first format that can read a payload, and what it reads; `flags` are those it was stored with, 0 without any.
    ///
    /// Also looks into compressed bytes and base64, where something structured is inside.
    public static func read(_ payload: [UInt8], flags: UInt32) -> (format: any PayloadFormat, content: DecodedPayload) {
        // What the flags tell comes first: short compressed text can read as text with a strange beginning.
        unwrap(payload, flags, PHPCompressionWrapper.all) ?? read(payload, flags, structured)
            ?? unwrap(payload, flags, wrappers) ?? read(payload, flags, all)
            ?? (HexFormat(), DecodedPayload(tree: .bytes(payload)))
    }

    private static func read(
        _ payload: [UInt8], _ flags: UInt32, _ formats: [any PayloadFormat]
    ) -> (format: any PayloadFormat, content: DecodedPayload)? {
        for format in formats where format.recognises(payload, flags: flags) {
            if let content = try? format.read(payload) { return (format, content) }
        }
        return nil
    }

    private static func unwrap(
        _ payload: [UInt8], _ flags: UInt32, _ candidates: [any PayloadWrapper], depth: Int = 0
    ) -> (format: any PayloadFormat, content: DecodedPayload)? {
        guard depth < deepest else { return nil }
        for wrapper in candidates where wrapper.recognises(payload, flags: flags) {
            guard let content = try? wrapper.unwrap(payload) else { continue }
            let inner = wrapper.innerFlags(flags)
            // Compressed bytes carry a checksum, so whatever is in them was put there.
            let formats = wrapper is Base64Wrapper ? structured : all
            if let found = read(content, inner, structured) ?? unwrap(content, inner, wrappers, depth: depth + 1)
                ?? read(content, inner, formats)
            {
                return (WrappedFormat(wrapper, found.format), found.content)
            }
        }
        return nil
    }
}
