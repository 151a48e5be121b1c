internal import SessionCore

/// The compression of php-memcached above 2,000 bytes: FastLZ, both levels.
///
/// Follows the block format as github.com/ariya/FastLZ documents it. An instruction is a run of literal bytes or a copy
/// of bytes that came before; the top three bits of the first byte name the level, 0 for level 1 and 1 for level 2.
enum FastLZ {
    struct Failure: Error { var problem: String }

    /// The farthest a copy of level 1 goes back; of level 2, where the two-byte distances begin.
    private static let nearest = 8191

    /// What some bytes hold; `length` is how much that must be.
    static func decompress(_ bytes: ArraySlice<UInt8>, length: Int) throws(Failure) -> [UInt8] {
        guard let first = bytes.first else {
            guard length == 0 else { throw Failure(problem: "it is empty") }
            return []
        }
        guard first >> 5 <= 1 else { throw Failure(problem: "it has a level that FastLZ does not know") }
        let isLevel2 = first >> 5 == 1
        var content: [UInt8] = []
        var offset = bytes.startIndex
        func next() throws(Failure) -> Int {
            guard offset < bytes.endIndex else { throw Failure(problem: "its compressed bytes are cut off") }
            defer { offset += 1 }
            return Int(bytes[offset])
        }
        var control = try next() & 31
        while true {
            if control < 32 {
                guard bytes.endIndex - offset > control else {
                    throw Failure(problem: "its compressed bytes are cut off")
                }
                content += bytes[offset..<(offset + control + 1)]
                offset += control + 1
            } else {
                var count = control >> 5 - 1
                if control >> 5 == 7 {
                    var more = try next()
                    count += more
                    while isLevel2, more == 255 {
                        more = try next()
                        count += more
                        guard content.count + count <= length else { break }
                    }
                }
                let near = try next()
                var distance = (control & 31) << 8 + near
                if isLevel2, distance == nearest { distance += try next() << 8 + next() }
                try copy(count + 3, from: distance + 1, in: &content, limit: length)
            }
            guard content.count <= length else { throw Failure(problem: "it holds more than its length says") }
            guard offset < bytes.endIndex else { break }
            control = try next()
        }
        guard content.count == length else { throw Failure(problem: "it holds less than its length says") }
        return content
    }

    private static func copy(
        _ count: Int, from distance: Int, in content: inout [UInt8], limit: Int
    ) throws(Failure) {
        guard distance <= content.count else { throw Failure(problem: "it copies from before its beginning") }
        guard count <= limit - content.count else { throw Failure(problem: "it holds more than its length says") }
        // Byte by byte: a copy may run into what it copies.
        let start = content.count - distance
        for index in 0..<count { content.append(content[start + index]) }
    }

    /// Some bytes compressed; FastLZ itself takes level 2 from 64 KiB on.
    static func compress(_ content: [UInt8], level: Int) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(content.count + content.count / 32 + 1)
        var literals = 0..<0
        /// The last place of each three bytes, by their hash.
        var places = [Int32](repeating: -1, count: 1 << 13)
        var position = 0
        while position < content.count {
            if position + 3 < content.count, position > 0 {
                let hash = Int(hash(content, position))
                let candidate = Int(places[hash])
                places[hash] = Int32(truncatingIfNeeded: position)
                let distance = position - candidate
                if candidate >= 0, distance <= (level == 1 ? nearest + 1 : nearest + 65536) {
                    let count = matchLength(content, candidate, position, limit: level == 1 ? 264 : .max)
                    // A far copy takes two bytes more.
                    if count >= (distance > nearest ? 5 : 3) {
                        append(literals: content[literals], to: &output)
                        append(copyOf: count, from: distance, level: level, to: &output)
                        position += count
                        literals = position..<position
                        continue
                    }
                }
            }
            position += 1
            literals = literals.lowerBound..<position
        }
        append(literals: content[literals], to: &output)
        if level == 2, !output.isEmpty { output[0] |= 1 << 5 }
        return output
    }

    private static func hash(_ content: [UInt8], _ position: Int) -> UInt32 {
        let value = UInt32(content[position]) | UInt32(content[position + 1]) << 8 | UInt32(content[position + 2]) << 16
        return (value &* 2_654_435_769) >> 19
    }

    private static func matchLength(_ content: [UInt8], _ earlier: Int, _ position: Int, limit: Int) -> Int {
        var count = 0
        while position + count < content.count, count < limit, content[earlier + count] == content[position + count] {
            count += 1
        }
        return count
    }

    private static func append(literals: ArraySlice<UInt8>, to output: inout [UInt8]) {
        var rest = literals
        while !rest.isEmpty {
            let run = rest.prefix(32)
            output.append(UInt8(run.count - 1))
            output += run
            rest = rest.dropFirst(32)
        }
    }

    private static func append(copyOf count: Int, from distance: Int, level: Int, to output: inout [UInt8]) {
        let offset = distance - 1
        let isFar = level == 2 && offset >= nearest
        let near = isFar ? nearest : offset
        let extra = count - 3
        if extra < 6 {
            output.append(UInt8((extra + 1) << 5 | near >> 8))
        } else {
            output.append(UInt8(7 << 5 | near >> 8))
            var rest = extra - 6
            while level == 2, rest >= 255 {
                output.append(255)
                rest -= 255
            }
            output.append(UInt8(rest))
        }
        output.append(UInt8(near & 0xFF))
        if isFar { output += [UInt8((offset - nearest) >> 8), UInt8((offset - nearest) & 0xFF)] }
    }
}
