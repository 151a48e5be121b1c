public import SessionCore

/// Sessions of PHP's `memcached` handler: key `memc.sess.key.` and the id, payload what `session.serialize_handler` writes, flags 0.
///
/// Follows php-memcached 3.x (`php_memcached_session.c`). The container is `memcached.sess_prefix` as it stands in php.ini, its dot
/// too; others than the usual one are chosen by `use PREFIX php-memcached`. While a request runs, `PREFIXlock.ID` holds its session.
public struct PHPMemcachedProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `php-memcached`.
    public var name: String { "php-memcached" }
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
    /// The text of the handler `php`, PHP's default, flags 0: it is stored as it is, uncompressed.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (PHPSessionFormat(), 0) }
    /// As the Memcached extension sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.phpMemcached.meaning(of: flags) }

    private static let prefix: StaticString = "memc.sess.key."
    private static let lock: StaticString = "lock."

    /// `PHPSESSID`.
    public var cookieNames: [String] { ["PHPSESSID"] }

    /// Takes keys with the usual prefix.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.begins(with: Self.prefix), key.count > Self.prefix.count else { return .unclaimed }
        let id = key.dropFirst(Self.prefix.count)
        // No id has a dot in it.
        if id.begins(with: Self.lock) { return .other("lock") }
        return .session(KeyOwner(container: 0..<Self.prefix.count, session: Self.prefix.count..<key.count))
    }

    /// The prefix and the id.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        RecordKey(container + session)
    }

    /// The prefix, `lock.` and the id.
    public func lockKey(container: [UInt8], session: [UInt8]) -> RecordKey? {
        RecordKey(container + Self.lock.bytes + session)
    }

    /// What stands around `lock.`, behind the usual prefix.
    public func lockedSession(of key: ArraySlice<UInt8>) -> LockedSession? {
        guard classify(key) == .other("lock") else { return nil }
        return LockedSession(
            container: key.prefix(Self.prefix.count), session: key.dropFirst(Self.prefix.count + Self.lock.count))
    }

    /// `1`, for as long as `max_execution_time` is by default; `memcached.sess_lock_wait_min` and `_max` are 150 ms.
    ///
    /// A script without limit takes it for ever. One that is taken here has an end all the same, so that it goes if this program does.
    public var lockRecord: LockRecord? {
        LockRecord(.text(Array("1".utf8)), flags: 0, lifetime: .seconds(30), pause: LockRecord.Pause(150, upTo: 150))
    }
}
