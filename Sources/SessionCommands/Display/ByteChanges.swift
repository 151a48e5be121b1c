/// Where two byte strings differ.
public enum ByteChanges {
    /// Bytes that differ, in both.
    public struct Hunk: Hashable, Sendable {
        /// The bytes of the first string.
        public var before: Range<Int>
        /// The bytes of the second that stand in their place.
        public var after: Range<Int>

        /// A difference.
        public init(before: Range<Int>, after: Range<Int>) {
            self.before = before
            self.after = after
        }
    }

    /// Equal bytes that end a difference; fewer may be chance.
    private static let anchor = 8
    /// How far the place is looked for where both go on alike; behind it all the rest counts as one difference.
    private static let reach = 4096

    /// The differences in order; none overlap.
    ///
    /// Costs the length of both, and the reach for each difference.
    public static func hunks(from before: [UInt8], to after: [UInt8]) -> [Hunk] {
        var suffix = 0
        while suffix < min(before.count, after.count),
            before[before.count - 1 - suffix] == after[after.count - 1 - suffix]
        {
            suffix += 1
        }
        let ends = (before: before.count - suffix, after: after.count - suffix)
        var hunks: [Hunk] = []
        var place = (before: 0, after: 0)
        while true {
            while place.before < ends.before, place.after < ends.after, before[place.before] == after[place.after] {
                place = (place.before + 1, place.after + 1)
            }
            guard place.before < ends.before || place.after < ends.after else { return hunks }
            guard let next = meeting(before[place.before..<ends.before], after[place.after..<ends.after]) else {
                hunks.append(Hunk(before: place.before..<ends.before, after: place.after..<ends.after))
                return hunks
            }
            hunks.append(Hunk(before: place.before..<next.before, after: place.after..<next.after))
            place = next
        }
    }

    /// The nearest place from where both go on alike.
    private static func meeting(_ before: ArraySlice<UInt8>, _ after: ArraySlice<UInt8>) -> (before: Int, after: Int)? {
        var places: [ArraySlice<UInt8>: Int] = [:]
        for start in after.indices.prefix(reach) where start + anchor <= after.endIndex {
            let piece = after[start..<(start + anchor)]
            if places[piece] == nil { places[piece] = start }
        }
        var best: (before: Int, after: Int)?
        func distance(_ place: (before: Int, after: Int)) -> Int {
            place.before - before.startIndex + place.after - after.startIndex
        }
        for start in before.indices.prefix(reach) where start + anchor <= before.endIndex {
            guard let found = places[before[start..<(start + anchor)]] else { continue }
            if best.map({ distance((start, found)) < distance($0) }) ?? true { best = (start, found) }
        }
        return best
    }
}
