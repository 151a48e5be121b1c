/// How the record looks by which a framework locks a session while a request runs, and how one waits for it.
public struct LockRecord: Hashable, Sendable {
    /// What the record holds.
    public enum Content: Hashable, Sendable {
        /// Always the same bytes; the lock is held while the record is there.
        case text([UInt8])
        /// The moment it was taken at, in seconds since 1970 as decimal digits; held while the record is there.
        case moment
        /// A number: 0 for a lock that was released, and more for each request that asked for one that is held.
        ///
        /// The record stays behind when the lock is released, and whoever waits counts it up.
        case count
    }

    /// How long to wait between two tries: twice as long each time, from the shortest to the longest pause.
    public struct Pause: Hashable, Sendable {
        /// Before the second try, in milliseconds.
        public var shortest: Int64
        /// At most, in milliseconds.
        public var longest: Int64

        /// Pauses that grow.
        public init(_ shortest: Int64, upTo longest: Int64) {
            self.shortest = shortest
            self.longest = longest
        }

        /// The pause after so many tries, at least one, in milliseconds.
        public func milliseconds(after tries: Int) -> Int64 {
            var pause = shortest
            for _ in 1..<max(1, tries) where pause < longest { pause *= 2 }
            return min(pause, longest)
        }
    }

    /// What the record holds.
    public var content: Content
    /// The client flags that the framework's library gives it.
    public var flags: UInt32
    /// How long a lock lasts that nobody releases.
    public var lifetime: Lifetime
    /// How the framework waits for it.
    public var pause: Pause

    /// A framework's lock.
    public init(_ content: Content, flags: UInt32, lifetime: Lifetime, pause: Pause) {
        self.content = content
        self.flags = flags
        self.lifetime = lifetime
        self.pause = pause
    }

    /// The bytes of a lock that is taken now.
    public func payload(at now: Timestamp) -> [UInt8] {
        switch content {
        case .text(let bytes): bytes
        case .moment: Array(String(now.seconds).utf8)
        case .count: Array("1".utf8)
        }
    }

    /// The bytes of a lock that is released; nil where releasing removes the record.
    public var releasedPayload: [UInt8]? { content == .count ? Array("0".utf8) : nil }

    /// Whether a record of it that is there says that the lock is held.
    public func isHeld(_ payload: [UInt8]) -> Bool {
        guard content == .count else { return true }
        // What is no number was not written by the framework, and nobody else can tell what it means.
        return Self.number(in: payload) != 0
    }

    /// When the lock was taken, where the record says so.
    public func start(of payload: [UInt8]) -> Timestamp? {
        guard content == .moment, let seconds = Self.number(in: payload) else { return nil }
        return Timestamp(seconds: seconds)
    }

    /// Whether a record may be one that was `earlier` until waiting requests counted it up: that leaves flags and expiry alone.
    ///
    /// A server tells expiries in whole seconds, so two seconds are no difference.
    public func isCountedUp(_ record: StoredRecord, from earlier: StoredRecord) -> Bool {
        guard content == .count, let now = Self.number(in: record.payload), let then = Self.number(in: earlier.payload),
            now > then, record.flags == earlier.flags
        else { return false }
        switch (record.expiry, earlier.expiry) {
        case (.never, .never): return true
        case (.at(let end), .at(let before)): return abs(end.milliseconds(since: before)) <= 2000
        default: return false
        }
    }

    /// The number that decimal digits spell; memcached pads one that became shorter with blanks.
    private static func number(in payload: [UInt8]) -> Int64? {
        let end = (payload.lastIndex { $0 != UInt8(ascii: " ") }).map { $0 + 1 } ?? 0
        guard 1...18 ~= end, payload[..<end].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return nil
        }
        return payload[..<end].reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }
}

/// The session that a lock is for, as the key of the lock spells it.
public struct LockedSession: Hashable, Sendable {
    /// The bytes that name the container; may be empty.
    public var container: [UInt8]
    /// The session's id.
    public var session: [UInt8]

    /// The parts of a lock's key.
    public init(container: some Sequence<UInt8>, session: some Sequence<UInt8>) {
        self.container = Array(container)
        self.session = Array(session)
    }
}
