internal import CZlib
internal import SessionCore

/// One run of zlib over bytes that are all there.
///
/// Window bits are zlib's own: 8 to 15 with zlib's header, negative without any.
enum DeflateStream {
    struct Failure: Error { var problem: String }

    /// How much is made room for at a time, so that memory grows with what comes out and not with what is claimed.
    private static let piece = 1 << 16

    /// What a stream holds, and how many bytes of the input it takes.
    static func inflate(
        _ bytes: ArraySlice<UInt8>, windowBits: Int32, limit: Int = longestContent
    ) throws(Failure) -> (content: [UInt8], length: Int) {
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw Failure(problem: "zlib cannot start")
        }
        defer { inflateEnd(&stream) }
        let result: Result<(content: [UInt8], length: Int), Failure> = bytes.withUnsafeBufferPointer { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(clamping: input.count)
            var content: [UInt8] = []
            var room = [UInt8](repeating: 0, count: piece)
            while true {
                let (status, made) = room.withUnsafeMutableBufferPointer { output -> (Int32, Int) in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return (status, output.count - Int(stream.avail_out))
                }
                content += room[..<made]
                guard content.count <= limit else {
                    return .failure(Failure(problem: "it holds more than \(limit >> 20) MiB"))
                }
                switch status {
                case Z_STREAM_END: return .success((content, input.count - Int(stream.avail_in)))
                case Z_OK where made > 0 || stream.avail_in > 0: continue
                default: return .failure(Failure(problem: "its compressed bytes are damaged or cut off"))
                }
            }
        }
        return try result.get()
    }

    /// A stream of some bytes.
    static func deflate(_ content: [UInt8], level: Int32, windowBits: Int32) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit2_(&stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else { throw Failure(problem: "zlib cannot start") }
        defer { deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(content.count))))
        let status = content.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(clamping: input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(clamping: output.count)
                return CZlib.deflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { throw Failure(problem: "zlib cannot compress it") }
        output.removeLast(Int(stream.avail_out))
        return output
    }

    /// A stream of other content with the level that made this one: the one of `levels` that makes it again from its content, else the
    /// first.
    static func deflate(
        _ content: [UInt8], as old: [UInt8], of oldContent: [UInt8], levels: [Int32], windowBits: Int32
    ) throws(Failure) -> [UInt8] {
        var level = levels.first ?? 6
        for candidate in levels where try deflate(oldContent, level: candidate, windowBits: windowBits) == old {
            level = candidate
            break
        }
        return try deflate(content, level: level, windowBits: windowBits)
    }
}
