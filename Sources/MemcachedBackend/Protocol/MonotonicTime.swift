/// A moment of a clock that never jumps, in microseconds since some start; only differences mean anything.
struct MonotonicTime: Hashable, Comparable, Sendable {
    var microseconds: Int64

    /// The moment that many milliseconds later.
    func adding(milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(microseconds: microseconds + milliseconds * 1000)
    }

    static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.microseconds < right.microseconds
    }
}
