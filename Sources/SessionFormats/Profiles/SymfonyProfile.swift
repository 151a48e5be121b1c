public import SessionCore

/// Sessions of Symfony's memcached handler: key `sf2s` and the id, payload PHP's session text, flags 0 or those of compressed text.
///
/// Follows `MemcachedSessionHandler` of symfony/http-foundation. The container is the handler's `prefix` option; another one is chosen by
/// `use PREFIX symfony`. The Memcached extension compresses what is longer than 2000 bytes.
public struct SymfonyProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `symfony`.
    public var name: String { "symfony" }
    /// `Sf`.
    public var label: String { "Sf" }
    /// The text of PHP's handler, compressed by the Memcached extension where it is long.
    public var formats: [any PayloadFormat] {
        PHPCompressionWrapper.formats(around: PHPSessionFormat())
            + [PHPSessionFormat(), PHPSerializedFormat(), TextFormat(), HexFormat()]
    }
    /// The text of the handler `php`, flags 0.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (PHPSessionFormat(), 0) }
    /// As the Memcached extension sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.phpMemcached.meaning(of: flags) }

    /// `PHPSESSID`.
    public var cookieNames: [String] { ["PHPSESSID"] }

    /// Takes keys with the prefix and an id as PHP makes them.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.begins(with: "sf2s"), key.dropFirst(4).isPHPSessionID else { return .unclaimed }
        return .session(KeyOwner(container: 0..<4, session: 4..<key.count))
    }

    /// The prefix and the id.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        RecordKey(container + session)
    }
}
