import Glibc

/// A repeatable source of random choices (SplitMix64).
struct RandomSource: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func pick<T>(_ choices: [T], or fallback: T) -> T { choices.randomElement(using: &self) ?? fallback }

    /// The seed that all runs of this process count on from; printed, because a trap leaves no other trace.
    ///
    /// `TIDEMARK_SEED` in the environment gives it, to see a failure again. Under CI it is always the same, so that a red
    /// run is the fault of what changed; `make fuzz` is for finding more.
    static let base: UInt64 = {
        let given = getenv("TIDEMARK_SEED").flatMap { UInt64(String(cString: $0)) }
        let seed = given ?? (getenv("CI") == nil ? UInt64.random(in: 0 ... .max) : 1)
        print("TIDEMARK_SEED=\(seed)")
        return seed
    }()
}
