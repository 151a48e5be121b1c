public import SessionCore

/// What php-memcached does to values of more than 2,000 bytes: their length in four bytes, lowest first, and then the
/// compressed bytes, of FastLZ unless it is told otherwise.
///
/// The flags say which: 16 for compressed, and 32 zlib, 64 FastLZ, 128 zstd, which is not read here. The lowest four bits
/// are the value's type, and the content's affair.
///
/// The bytes do not tell the two apart: FastLZ that begins with 9 or 25 plain bytes can look like zlib's header.
public struct PHPCompressionWrapper: PayloadWrapper {
    /// What compressed the bytes.
    public enum Method: Hashable, Sendable, CaseIterable {
        /// FastLZ of either level, php-memcached's default.
        case fastLZ
        /// zlib.
        case zlib
    }

    private let method: Method

    /// The wrapper of one method.
    public init(_ method: Method) { self.method = method }

    /// The wrappers of both methods.
    public static var all: [any PayloadWrapper] { Method.allCases.map(PHPCompressionWrapper.init) }

    /// A format inside either.
    static func formats(around format: any PayloadFormat) -> [any PayloadFormat] {
        all.map { WrappedFormat($0, format) }
    }

    /// `php fastlz` or `php zlib`.
    public var name: String { method == .fastLZ ? "php fastlz" : "php zlib" }

    private static let compressed: UInt32 = 16
    private var flag: UInt32 { method == .fastLZ ? 64 : 32 }

    /// Whether the flags say so, and the length can be one.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        guard flags & Self.compressed != 0, flags & flag != 0, payload.count > 4 else {
            return false
        }
        return payload.littleEndian(at: 0, width: 4) <= UInt64(longestContent)
    }

    /// The content, which must be as long as the length says.
    public func unwrap(_ payload: [UInt8]) throws(FormatError) -> [UInt8] {
        guard payload.count >= 4 else { throw error("it is shorter than the length at its beginning") }
        let length = Int(payload.littleEndian(at: 0, width: 4))
        guard length <= longestContent else { throw error("it says to hold more than \(longestContent >> 20) MiB") }
        guard method == .zlib else {
            do throws(FastLZ.Failure) { return try FastLZ.decompress(payload[4...], length: length) } catch {
                throw self.error(error.problem)
            }
        }
        let content = try ZlibWrapper.content(of: payload[4...], self)
        guard content.count == length else { throw error("it does not hold what its length says") }
        return content
    }

    /// The content compressed in the same way.
    public func rewrap(_ content: [UInt8], like payload: [UInt8]) throws(FormatError) -> [UInt8] {
        guard payload.count >= 4 else { throw error("it is shorter than the length at its beginning") }
        guard method == .fastLZ else {
            return try length(of: content) + ZlibWrapper.stream(of: content, like: payload[4...], self)
        }
        return try length(of: content)
            + FastLZ.compress(content, level: (payload.dropFirst(4).first ?? 0) >> 5 == 1 ? 2 : 1)
    }

    private func length(of content: [UInt8]) throws(FormatError) -> [UInt8] {
        guard content.count <= longestContent else {
            throw error("it would hold more than \(longestContent >> 20) MiB")
        }
        return (0..<4).map { UInt8(content.count >> (8 * $0) & 0xFF) }
    }

    /// With the level that FastLZ takes by itself, or zlib's usual one.
    public func wrap(_ content: [UInt8]) throws(FormatError) -> [UInt8] {
        guard method == .fastLZ else { return try length(of: content) + ZlibWrapper().wrap(content) }
        return try length(of: content) + FastLZ.compress(content, level: content.count < 65536 ? 1 : 2)
    }

    /// The type alone.
    public func innerFlags(_ flags: UInt32) -> UInt32 { flags & ~0xFFF0 }
}
