internal import Glibc
public import SessionCore

/// The computer's clock.
///
/// In a module of its own because the session core reaches nothing outside, and every program that keeps sessions needs one.
public struct SystemClock: WallClock {
    /// The clock.
    public init() {}

    /// The time of day in whole milliseconds.
    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
