/// A message cut into blocks of 64 bytes and padded as MD5 and SHA-256 want it: a one bit, zeros, and the length in bits.
struct PaddedBlocks {
    private let message: [UInt8]
    private let isBigEndian: Bool
    /// The last one or two blocks: the rest of the message, the padding and the length.
    private let tail: [UInt8]

    /// The number of whole blocks in the message itself.
    private var wholeBlocks: Int { message.count / 64 }

    init(_ message: [UInt8], isBigEndian: Bool) {
        self.message = message
        self.isBigEndian = isBigEndian
        let rest = message.suffix(message.count % 64)
        // The one bit takes a byte and the length eight; where they do not fit behind the rest, they take a block more.
        let size = rest.count + 9 <= 64 ? 64 : 128
        let bits = UInt64(truncatingIfNeeded: message.count) &<< 3
        let length = (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64(isBigEndian ? 7 - $0 : $0))) }
        var padded = Array(rest)
        padded.append(0x80)
        padded.append(contentsOf: repeatElement(0, count: size - rest.count - 9))
        padded.append(contentsOf: length)
        tail = padded
    }

    /// Each block as 16 words.
    func forEach(_ body: ([UInt32]) -> Void) {
        var words = [UInt32](repeating: 0, count: 16)
        for block in 0..<(wholeBlocks + tail.count / 64) {
            let isWhole = block < wholeBlocks
            let start = isWhole ? block * 64 : (block - wholeBlocks) * 64
            for index in 0..<16 {
                let at = start + index * 4
                let bytes = isWhole ? message[at..<(at + 4)] : tail[at..<(at + 4)]
                let word = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                words[index] = isBigEndian ? word : word.byteSwapped
            }
            body(words)
        }
    }
}
