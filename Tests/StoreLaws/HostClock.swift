import Glibc
public import SessionCore

/// The machine's clock, by which laws judge expiries; a store under test must use it too.
public struct HostClock: WallClock {
    /// The machine's clock.
    public init() {}

    /// The present moment.
    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
