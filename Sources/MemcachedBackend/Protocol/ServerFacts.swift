import SessionCore

/// What a server told of itself when it was greeted, and what follows for writing.
struct ServerFacts: Hashable, Sendable {
    /// The greeting's commands.
    static let questions: [MemcachedRequest] = [.version, .stats, .settings]
    /// Relative times above this many seconds are taken as seconds since 1970.
    static let longestRelativeLife: Int64 = 2_592_000
    /// What 1.6.18 adds to key and payload: 48 bytes of item, 8 of revision, one behind the key, two behind the value.
    static let itemOverhead = 59
    /// What client flags other than 0 add.
    static let flagsOverhead = 4

    var version: String
    var recordCount: Int?
    /// The largest item in bytes, overhead included.
    var itemSizeMax: Int
    /// Whether records have revisions; without them (`-C`) nothing can be written safely.
    var hasRevisions: Bool
    /// The server's clock minus ours, in milliseconds.
    var clockOffset: Int64

    /// Facts from the answers to `questions`; nil if one is missing.
    init?(_ replies: [MemcachedReply], at now: Timestamp) {
        guard replies.count == Self.questions.count, case .version(let version) = replies[0],
            case .statistics(let stats) = replies[1], case .statistics(let settings) = replies[2]
        else { return nil }
        self.version = version
        recordCount = stats["curr_items"].flatMap { Int($0) }
        itemSizeMax = Self.largestItem(in: settings)
        hasRevisions = settings["cas_enabled"] != "no"
        // `time` is cut to whole seconds; half a second keeps the error within that either way.
        let serverTime = stats["time"].flatMap { Int64($0) }.map { Timestamp(seconds: $0).adding(milliseconds: 500) }
        clockOffset = serverTime.map { $0.milliseconds(since: now) } ?? 0
    }

    /// The largest item by `stats settings`; 1 MiB, the server's default, if it does not say.
    static func largestItem(in settings: [String: String]) -> Int {
        let stated = settings["item_size_max"].flatMap { Int($0) } ?? 0
        return stated > 0 && stated <= 1 << 30 ? stated : 1 << 20
    }

    /// The largest sum of key and payload for these flags.
    func recordLimit(flags: UInt32) -> Int {
        itemSizeMax - Self.itemOverhead - (flags == 0 ? 0 : Self.flagsOverhead)
    }

    /// The number that stands for a life in a command; nil if it ends after 2038-01-19, which the server cannot say.
    func exptime(_ secondsLeft: Int64?, at now: Timestamp) -> Int64? {
        guard let secondsLeft else { return 0 }
        guard secondsLeft > Self.longestRelativeLife else { return max(1, secondsLeft) }
        let (end, overflow) = now.adding(milliseconds: clockOffset).seconds.addingReportingOverflow(secondsLeft)
        return overflow || end > Int64(Int32.max) ? nil : end
    }
}

extension Lifetime {
    /// Seconds from the moment of writing; nil for never.
    var secondsLeft: Int64? {
        switch self {
        case .never: nil
        case .seconds(let seconds): seconds
        }
    }
}

extension Item {
    /// The record by our clock.
    func record(_ key: RecordKey, at now: Timestamp) -> StoredRecord {
        StoredRecord(
            key: key, payload: payload ?? [], flags: flags, expiry: expiry(at: now), revision: revision)
    }

    /// When it ends by our clock.
    func expiry(at now: Timestamp) -> Expiry {
        secondsLeft.map { Expiry(.seconds($0), from: now) } ?? .never
    }
}
