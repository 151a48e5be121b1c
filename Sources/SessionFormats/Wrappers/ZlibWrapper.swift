public import SessionCore

/// Compression with zlib's header (RFC 1950), as Python's clients, dalli and Beaker have it.
///
/// The level and window that a payload shows in its header are kept; where several levels have one header, the one that
/// makes the stored bytes again.
public struct ZlibWrapper: PayloadWrapper {
    /// The client flag that says so; nil to go by the first bytes.
    let flag: UInt32?

    /// The wrapper: client flag 8 of Python's clients, 2 of dalli and pecl-memcache, nil where no flag says so.
    public init(flag: UInt32? = nil) { self.flag = flag }

    /// `zlib`.
    public var name: String { "zlib" }

    /// Whether the flag is set, where there is one, and the first two bytes are a header.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        if let flag, flags & flag == 0 { return false }
        return Self.isHeader(payload[...])
    }

    private static func isHeader(_ payload: ArraySlice<UInt8>) -> Bool {
        guard payload.count >= 6 else { return false }
        let first = payload[payload.startIndex]
        let second = payload[payload.startIndex + 1]
        let isDictionary = second & 0x20 != 0
        return first & 0x0F == 8 && first >> 4 <= 7 && !isDictionary && (Int(first) << 8 | Int(second)) % 31 == 0
    }

    /// The content; bytes behind the stream are an error, because nothing says what they are.
    public func unwrap(_ payload: [UInt8]) throws(FormatError) -> [UInt8] { try Self.content(of: payload[...], self) }

    static func content(of payload: ArraySlice<UInt8>, _ wrapper: some PayloadWrapper) throws(FormatError) -> [UInt8] {
        do throws(DeflateStream.Failure) {
            let (content, length) = try DeflateStream.inflate(payload, windowBits: 15)
            guard length == payload.count else { throw .init(problem: "something follows the compressed bytes") }
            return content
        } catch { throw wrapper.error(error.problem) }
    }

    /// The content with the header's window and level.
    public func rewrap(_ content: [UInt8], like payload: [UInt8]) throws(FormatError) -> [UInt8] {
        try Self.stream(of: content, like: payload[...], self)
    }

    static func stream(
        of content: [UInt8], like payload: ArraySlice<UInt8>, _ wrapper: some PayloadWrapper
    ) throws(FormatError) -> [UInt8] {
        let old = try Self.content(of: payload, wrapper)
        // The header's two bits: fastest, fast, default, maximum.
        let levels: [[Int32]] = [[1, 0], [5, 4, 3, 2], [6], [9, 8, 7]]
        let windowBits = Int32(payload[payload.startIndex] >> 4) + 8
        do throws(DeflateStream.Failure) {
            return try DeflateStream.deflate(
                content, as: Array(payload), of: old, levels: levels[Int(payload[payload.startIndex + 1] >> 6)],
                windowBits: max(9, windowBits))
        } catch { throw wrapper.error(error.problem) }
    }

    /// With zlib's defaults.
    public func wrap(_ content: [UInt8]) throws(FormatError) -> [UInt8] {
        do throws(DeflateStream.Failure) {
            return try DeflateStream.deflate(content, level: 6, windowBits: 15)
        } catch { throw self.error(error.problem) }
    }

    /// Without the flag.
    public func innerFlags(_ flags: UInt32) -> UInt32 { flags & ~(flag ?? 0) }
}
