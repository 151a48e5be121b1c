/// When the sessions of a container time out, and how finely their last access is kept.
///
/// The store keeps the last access: a record's life is `timeout` + `resolution` from the last write or touch, and
/// reading refreshes it only when the last refresh is older than `resolution`. So a session that nobody uses is gone no
/// earlier than `timeout` and no later than `timeout` + `resolution` after its last use, and a busy one costs one touch
/// each `resolution` and never a write of its payload.
public struct ContainerTiming: Hashable, Sendable {
    /// Seconds after which an unused session is gone; 0 for never.
    public let timeout: Int64
    /// Seconds to which the last access is kept; below `timeout` unless that is 0.
    public let resolution: Int64

    /// The longest timeout and resolution, 100 years.
    public static let longest: Int64 = 100 * 365 * 86_400

    /// A timing; values below 0 count as 0, values over 100 years as 100 years.
    ///
    /// A resolution that is not below the timeout is halved under it: with one as long as the timeout, a session in
    /// use could be dropped before its life was ever refreshed.
    public init(timeout: Int64, resolution: Int64) {
        let timeout = min(max(0, timeout), Self.longest)
        self.timeout = timeout
        let resolution = min(max(0, resolution), Self.longest)
        self.resolution = timeout > 0 && resolution >= timeout ? timeout / 2 : resolution
    }

    /// The life that a write or a touch gives.
    public var lifetime: Lifetime { timeout == 0 ? .never : .seconds(timeout + resolution) }

    /// Whether a session that was last used at a moment has timed out.
    ///
    /// False while the clock is set back before that moment.
    public func isTimedOut(lastAccess: Timestamp, at now: Timestamp) -> Bool {
        timeout > 0 && now.milliseconds(since: lastAccess) > timeout * 1000
    }

    /// Whether a session in use needs its life refreshed: its last refresh is older than `resolution`, or its life is
    /// not one that this timing gives.
    public func needsRefresh(_ expiry: Expiry, at now: Timestamp) -> Bool {
        guard case .at(let end) = expiry else { return timeout > 0 }
        guard timeout > 0 else { return true }
        let left = end.milliseconds(since: now)
        // A life longer than ours was given under a longer timeout. Stores count in seconds, hence the second of slack.
        return left < timeout * 1000 || left > (timeout + resolution + 1) * 1000
    }

    /// The life that a record with `expiry` has under this timing, if it got that under another: what is left of it
    /// moves by as much as the timeout did.
    ///
    /// At least a second; nil if it stays as it is.
    public func retimed(_ expiry: Expiry, from old: ContainerTiming, at now: Timestamp) -> Lifetime? {
        guard self != old else { return nil }
        guard timeout > 0 else { return expiry == .never ? nil : .never }
        guard old.timeout > 0, let left = expiry.secondsLeft(at: now) else { return lifetime }
        return .seconds(max(1, left + (timeout + resolution) - (old.timeout + old.resolution)))
    }
}
