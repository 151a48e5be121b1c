public import SessionCore

/// Sessions of CodeIgniter: key `ci_session:` and the id, payload PHP's session text, flags 0.
///
/// Follows `Session_memcached_driver.php` of CodeIgniter 3 and `MemcachedHandler.php` of 4. With `match_ip`, the address stands before the id and
/// belongs to the container: `ci_session:10.0.0.1`. While a request runs, `KEY:lock` holds its session, for 300 seconds at most.
public struct CodeIgniterProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `codeigniter`.
    public var name: String { "codeigniter" }
    /// `Ci`.
    public var label: String { "Ci" }
    /// The text of PHP's handler.
    public var formats: [any PayloadFormat] { [PHPSessionFormat(), TextFormat(), HexFormat()] }
    /// The text of the handler `php`, flags 0.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (PHPSessionFormat(), 0) }
    /// As the Memcached extension sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.phpMemcached.meaning(of: flags) }

    private static let lock: StaticString = ":lock"

    /// `ci_session`.
    public var cookieNames: [String] { ["ci_session"] }

    /// Takes keys with the prefix and an id as PHP makes them.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.begins(with: "ci_session:") else { return .unclaimed }
        let isLock = key.ends(with: Self.lock)
        let owner = isLock ? key.dropLast(Self.lock.count) : key
        guard let colon = owner.lastIndex(of: UInt8(ascii: ":")), owner[(colon + 1)...].isPHPSessionID
        else { return .unclaimed }
        if isLock { return .other("lock") }
        let end = colon - key.startIndex
        return .session(KeyOwner(container: 0..<end, session: (end + 1)..<key.count))
    }

    /// The container, a colon and the id.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        PlainProfile().key(container: container, session: session, package: package)
    }

    /// The session's key and `:lock`.
    public func lockKey(container: [UInt8], session: [UInt8]) -> RecordKey? {
        RecordKey(key(container: container, session: session, package: nil).bytes + Self.lock.bytes)
    }

    /// What stands before `:lock`, parted at the last colon.
    public func lockedSession(of key: ArraySlice<UInt8>) -> LockedSession? {
        let owner = key.dropLast(Self.lock.count)
        guard classify(key) == .other("lock"), let colon = owner.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        return LockedSession(container: owner[..<colon], session: owner[(colon + 1)...])
    }

    /// The moment at which it was taken or the session last written, an integer to the extension, for 300 s; tried every second.
    public var lockRecord: LockRecord? {
        LockRecord(.moment, flags: 1, lifetime: .seconds(300), pause: LockRecord.Pause(1000, upTo: 1000))
    }
}
