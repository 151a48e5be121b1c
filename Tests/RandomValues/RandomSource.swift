internal import Glibc

/// A repeatable source of random choices (SplitMix64).
public struct RandomSource: RandomNumberGenerator {
    private var state: UInt64

    /// A source whose choices follow from a seed.
    public init(seed: UInt64) {
        self.state = seed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Some seeds that differ from run to run; a failing test case prints its own.
    ///
    /// `TIDEMARK_SEED` in the environment gives that one alone, to see a failure again. Under CI the seeds are always the
    /// same, so that a red run is the fault of what changed; `make fuzz` is for finding more.
    public static func seeds(_ count: Int) -> [UInt64] {
        if let text = getenv("TIDEMARK_SEED"), let seed = UInt64(String(cString: text)) { return [seed] }
        if getenv("CI") != nil { return (0..<count).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 &+ 1 } }
        return (0..<count).map { _ in UInt64.random(in: 0 ... .max) }
    }

    /// A whole number of a range that is not empty.
    public mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True once in so many times.
    public mutating func chance(_ times: Int) -> Bool { number(1...times) == 1 }

    /// One of some choices; `fallback` if there is none.
    public mutating func pick<T>(_ choices: [T], or fallback: T) -> T {
        choices.randomElement(using: &self) ?? fallback
    }
}
