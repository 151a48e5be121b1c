import Glibc
import RandomValues

extension RandomSource {
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
