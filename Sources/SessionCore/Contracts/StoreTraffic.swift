/// One request-reply wait on one connection, however many commands it carried.
public struct RoundTrip: Hashable, Sendable {
    /// What round trips are for.
    public enum Purpose: String, Hashable, Sendable, CaseIterable {
        /// Records were read.
        case load
        /// Revisions were looked at, to see whether records changed.
        case watch
        /// Revisions and expiries were checked before writing.
        case check
        /// Records were written conditionally.
        case write
        /// Records were put back after a lost race.
        case putBack = "put back"
        /// Records got a new life.
        case touch
        /// Keys were listed.
        case scan
        /// The store was asked about itself.
        case facts
    }

    /// What it was for.
    public var purpose: Purpose
    /// When it began.
    public var start: Timestamp
    /// What was sent, readable and short, without payloads: `mg carts:7f3a v f t c s u (+2)`.
    public var summary: String
    /// Number of commands.
    public var commands: Int
    /// Bytes sent.
    public var bytesOut: Int
    /// Bytes received.
    public var bytesIn: Int
    /// From the first byte sent to the last byte received, in microseconds.
    public var microseconds: Int64
    /// Whether it got its whole answer.
    public var succeeded: Bool

    /// A round trip that has ended.
    public init(
        purpose: Purpose, start: Timestamp, summary: String, commands: Int, bytesOut: Int, bytesIn: Int,
        microseconds: Int64, succeeded: Bool
    ) {
        self.purpose = purpose
        self.start = start
        self.summary = summary
        self.commands = commands
        self.bytesOut = bytesOut
        self.bytesIn = bytesIn
        self.microseconds = microseconds
        self.succeeded = succeeded
    }
}

/// What went over the wire to one store since it was opened.
public struct StoreTraffic: Hashable, Sendable {
    /// How many of the newest round trips are remembered one by one.
    public static let remembered = 200

    /// Round trips by purpose.
    public private(set) var trips: [RoundTrip.Purpose: Int] = [:]
    /// Commands sent.
    public private(set) var commands = 0
    /// Bytes sent.
    public private(set) var bytesOut = 0
    /// Bytes received.
    public private(set) var bytesIn = 0
    /// Round trips that got no whole answer.
    public private(set) var failures = 0
    /// The newest round trips, oldest first, at most `remembered`.
    public private(set) var recent: [RoundTrip] = []
    /// How often a connection was made.
    public var connects = 0
    /// Why there is no connection now, if the last attempt or request failed.
    public var trouble: String?

    /// No traffic yet.
    public init() {}

    /// Round trips that commits made.
    public var commitTrips: Int {
        [RoundTrip.Purpose.check, .write, .putBack].reduce(0) { $0 + (trips[$1] ?? 0) }
    }

    /// All round trips.
    public var total: Int { trips.values.reduce(0, +) }

    /// The median duration of the remembered round trips that succeeded, scans excepted, in microseconds.
    public var medianMicroseconds: Int64? {
        let durations = recent.lazy.filter { $0.succeeded && $0.purpose != .scan }.map(\.microseconds).sorted()
        return durations.isEmpty ? nil : durations[durations.count / 2]
    }

    /// Counts a round trip that has ended.
    public mutating func record(_ trip: RoundTrip) {
        trips[trip.purpose, default: 0] += 1
        commands += trip.commands
        bytesOut += trip.bytesOut
        bytesIn += trip.bytesIn
        failures += trip.succeeded ? 0 : 1
        if recent.count >= Self.remembered { recent.removeFirst(recent.count - Self.remembered + 1) }
        recent.append(trip)
    }
}
