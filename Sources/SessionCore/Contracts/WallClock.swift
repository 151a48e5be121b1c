internal import Synchronization

/// Tells the time of day.
///
/// Decisions take a `Timestamp`; only what performs them holds a clock.
public protocol WallClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
}

/// A clock that stands still until told, for tests and for `check`.
public final class ManualClock: WallClock {
    private let moment: Mutex<Timestamp>

    /// A clock that shows this moment.
    public init(_ start: Timestamp) {
        self.moment = Mutex(start)
    }

    /// The moment last set.
    public func now() -> Timestamp {
        moment.withLock { $0 }
    }

    /// Moves the clock on, or back by a negative amount.
    public func advance(milliseconds: Int64) {
        moment.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    }
}
