internal import CZlib
public import SessionCore

/// Compression with gzip's header (RFC 1952), as spymemcached has it: one member, its header kept as it is.
public struct GzipWrapper: PayloadWrapper {
    let flag: UInt32?

    /// The wrapper: client flag 2 of spymemcached, nil where no flag says so.
    public init(flag: UInt32? = nil) { self.flag = flag }

    /// `gzip`.
    public var name: String { "gzip" }

    /// Whether the flag is set, where there is one, and the first bytes are gzip's.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        if let flag, flags & flag == 0 { return false }
        return payload.count >= 18 && payload.starts(with: [0x1F, 0x8B, 8])
    }

    /// Where the compressed bytes begin.
    private func headerEnd(_ payload: [UInt8]) throws(FormatError) -> Int {
        guard payload.count >= 18, payload.starts(with: [0x1F, 0x8B, 8]), payload[3] & 0xE0 == 0 else {
            throw error("it has no header of gzip")
        }
        let flags = payload[3]
        var end = 10
        if flags & 4 != 0 {
            guard payload.count >= end + 2 else { throw error("its header is cut off") }
            end += 2 + Int(payload.littleEndian(at: end, width: 2))
        }
        for text in [UInt8(8), 16] where flags & text != 0 {
            guard end < payload.count, let zero = payload[end...].firstIndex(of: 0) else {
                throw error("its header is cut off")
            }
            end = zero + 1
        }
        if flags & 2 != 0 { end += 2 }
        guard end <= payload.count - 8 else { throw error("its header is cut off") }
        return end
    }

    /// The content; length and checksum at the end must be right.
    public func unwrap(_ payload: [UInt8]) throws(FormatError) -> [UInt8] {
        let start = try headerEnd(payload)
        let content: [UInt8]
        let length: Int
        do throws(DeflateStream.Failure) {
            (content, length) = try DeflateStream.inflate(payload[start...], windowBits: -15)
        } catch { throw self.error(error.problem) }
        guard start + length + 8 == payload.count, Self.trailer(of: content).elementsEqual(payload.suffix(8)) else {
            throw error("its checksum is wrong, or something follows it")
        }
        return content
    }

    private static func trailer(of content: [UInt8]) -> [UInt8] {
        let sum = content.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
        return [sum, UInt32(truncatingIfNeeded: content.count)].flatMap { number in
            (0..<4).map { UInt8(number >> UInt32(8 * $0) & 0xFF) }
        }
    }

    /// The content behind the same header, a checksum of the header made new.
    public func rewrap(_ content: [UInt8], like payload: [UInt8]) throws(FormatError) -> [UInt8] {
        let start = try headerEnd(payload)
        let old = try unwrap(payload)
        // The header's own word for the level: maximum, fastest, or none of both.
        let levels: [Int32] = payload[8] == 2 ? [9, 8, 7] : payload[8] == 4 ? [1] : [6, 9, 1, 2, 3, 4, 5, 7, 8]
        do throws(DeflateStream.Failure) {
            return try payload[..<start]
                + DeflateStream.deflate(
                    content, as: Array(payload[start..<(payload.count - 8)]), of: old, levels: levels, windowBits: -15)
                + Self.trailer(of: content)
        } catch { throw self.error(error.problem) }
    }

    /// With a header that names no time and no file.
    public func wrap(_ content: [UInt8]) throws(FormatError) -> [UInt8] {
        do throws(DeflateStream.Failure) {
            return try [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
                + DeflateStream.deflate(content, level: 6, windowBits: -15) + Self.trailer(of: content)
        } catch { throw self.error(error.problem) }
    }

    /// Without the flag.
    public func innerFlags(_ flags: UInt32) -> UInt32 { flags & ~(flag ?? 0) }
}
