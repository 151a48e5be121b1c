/// A moment of civil time in whole milliseconds since 1970-01-01 00:00 UTC.
public struct Timestamp: Codable, Hashable, Comparable, Sendable {
    /// Milliseconds since 1970, negative before.
    public var milliseconds: Int64

    /// A moment given in milliseconds since 1970.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// A moment given in seconds since 1970; saturates instead of overflowing.
    public init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        self.milliseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// Whole seconds since 1970, rounded down.
    public var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : -((-(milliseconds + 1)) / 1000) - 1
    }

    /// The moment that many milliseconds later; saturates instead of overflowing.
    public func adding(milliseconds amount: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(amount)
        return Timestamp(milliseconds: overflow ? (amount < 0 ? .min : .max) : sum)
    }

    /// Milliseconds from an earlier moment to this one; negative if it was later.
    public func milliseconds(since earlier: Timestamp) -> Int64 {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return overflow ? (milliseconds < 0 ? .min : .max) : difference
    }

    /// Orders moments in time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

/// How long a record lives from the moment it is written.
public enum Lifetime: Codable, Hashable, Sendable {
    /// Until something deletes or evicts it.
    case never
    /// So many seconds, at least 1.
    case seconds(Int64)
}

/// When a stored record ceases to exist.
public enum Expiry: Codable, Hashable, Sendable {
    /// Until something deletes or evicts it.
    case never
    /// At a moment of the reader's clock.
    case at(Timestamp)

    /// The expiry of something that starts a life now.
    public init(_ lifetime: Lifetime, from now: Timestamp) {
        switch lifetime {
        case .never: self = .never
        case .seconds(let seconds):
            let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
            self = .at(now.adding(milliseconds: overflow ? .max : milliseconds))
        }
    }

    /// Seconds since 1970, rounded down; -1 for never, as scans spell it.
    public var seconds: Int64 {
        switch self {
        case .never: -1
        case .at(let moment): moment.seconds
        }
    }

    /// Whether the moment has come.
    public func isPast(at now: Timestamp) -> Bool {
        switch self {
        case .never: false
        case .at(let moment): moment <= now
        }
    }

    /// Whole seconds left, rounded up, 0 when past; nil for never.
    public func secondsLeft(at now: Timestamp) -> Int64? {
        switch self {
        case .never: nil
        case .at(let moment): max(0, (moment.milliseconds(since: now).addingReportingOverflow(999).partialValue) / 1000)
        }
    }
}
