public import SessionCore

/// Sessions of PHP's `memcache` handler (pecl-memcache): key the bare id, payload what `session.serialize_handler` writes, flags 0.
///
/// Follows pecl-memcache 8.x. Nothing marks such a key, and many programs have keys that look like it, so no session is
/// taken by its key: `use (other) php-memcache` opens them by id, or `use PREFIX php-memcache` with what stands before the id where
/// `memcache.session_prefix_static_key` or the host's name does. A lock is told by its ending; it stays behind with the value
/// `0` when it is released. Copies of a session are on other servers where `memcache.session_redundancy` says so.
public struct PHPMemcacheProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `php-memcache`.
    public var name: String { "php-memcache" }
    /// `PhS`.
    public var label: String { "PhS" }
    /// What PHP's serialize handlers write: `php`, `php_serialize`, igbinary, msgpack.
    public var formats: [any PayloadFormat] {
        [
            PHPSessionFormat(),
            PHPSerializedFormat(),
            IgbinaryFormat(), MessagePackFormat(),
            TextFormat(),
            HexFormat(),
        ]
    }
    /// The text of the handler `php`, PHP's default, flags 0: it is stored as it is.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (PHPSessionFormat(), 0) }
    /// As pecl-memcache sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.peclMemcache.meaning(of: flags) }

    private static let lock: StaticString = ".lock"

    /// `PHPSESSID`.
    public var cookieNames: [String] { ["PHPSESSID"] }

    /// Takes the locks of sessions, which end in `.lock` behind an id of at least 22 characters; no sessions.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.ends(with: Self.lock) else { return .unclaimed }
        let owner = key.dropLast(Self.lock.count)
        let id = owner.lastIndex(of: UInt8(ascii: ".")).map { owner[($0 + 1)...] } ?? owner
        return id.isPHPSessionID ? .other("lock") : .unclaimed
    }

    /// The prefix, if there is one, and the id.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        RecordKey(container + session)
    }

    /// The session's key and `.lock`.
    public func lockKey(container: [UInt8], session: [UInt8]) -> RecordKey? {
        RecordKey(container + session + Self.lock.bytes)
    }

    /// What stands before `.lock`: a prefix, where there is one, cannot be told from the id's container, so it is part of the id.
    public func lockedSession(of key: ArraySlice<UInt8>) -> LockedSession? {
        guard classify(key) == .other("lock") else { return nil }
        return LockedSession(container: [], session: key.dropLast(Self.lock.count))
    }

    /// A number that requests count up, an integer to the extension, for `memcache.lock_timeout`; pauses double from 5 ms to 1 s.
    public var lockRecord: LockRecord? {
        LockRecord(.count, flags: 0x0300, lifetime: .seconds(15), pause: LockRecord.Pause(5, upTo: 1000))
    }

    /// Whether the payload begins as PHP writes a session: a name, `|`, and a letter for the type of the first value.
    public func claims(payload: [UInt8], flags: UInt32) -> Bool? {
        guard let bar = payload.prefix(200).firstIndex(of: UInt8(ascii: "|")), bar > 0, bar + 2 < payload.count,
            payload[..<bar].allSatisfy({ $0.isURLSafe || $0 >= 0x80 })
        else { return nil }
        switch (payload[bar + 1], payload[bar + 2]) {
        case (UInt8(ascii: "N"), UInt8(ascii: ";")): return true
        case (let type, UInt8(ascii: ":")): return "sibdaOCrRE".utf8.contains(type) ? true : nil
        default: return nil
        }
    }
}
