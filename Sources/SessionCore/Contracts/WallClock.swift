internal import Synchronization

/// Tells the time of day.
///
/// Decisions take a `Timestamp`; only what performs them holds a clock.
public protocol WallClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
}

/// A clock that can be set on or back, so that time passes for demonstrations and tests.
public protocol AdjustableClock: WallClock {
    /// Moves the clock on, or back by a negative amount.
    func advance(milliseconds: Int64)
}

/// A clock that goes as another one does, so much ahead of it as it was advanced.
public final class ShiftedClock: AdjustableClock {
    private let base: any WallClock
    private let shift = Mutex<Int64>(0)

    /// A clock that shows what `base` shows until it is advanced.
    public init(_ base: any WallClock) {
        self.base = base
    }

    /// The moment of the other clock, and the shift.
    public func now() -> Timestamp { base.now().adding(milliseconds: shift.withLock { $0 }) }

    /// Moves the clock on, or back by a negative amount; stops at the ends of what a moment can be.
    public func advance(milliseconds: Int64) {
        shift.withLock { shift in
            let (sum, overflow) = shift.addingReportingOverflow(milliseconds)
            shift = overflow ? (milliseconds < 0 ? .min : .max) : sum
        }
    }
}

/// A clock that stands still until told, for tests.
public final class ManualClock: AdjustableClock {
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
