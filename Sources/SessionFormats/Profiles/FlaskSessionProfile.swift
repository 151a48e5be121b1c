public import SessionCore

/// Sessions of Flask-Session: key `session:` and an id, payload MessagePack or JSON, flags 0.
///
/// Follows Flask-Session 0.8, whose ids are 32 random bytes in 43 URL-safe characters, and earlier ones with UUIDs and pickles. Another
/// `SESSION_KEY_PREFIX` that ends in a colon is chosen by `use NAME flask`. Records live 31 days.
public struct FlaskSessionProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `flask`.
    public var name: String { "flask" }
    /// `Fl`.
    public var label: String { "Fl" }
    /// MessagePack since Flask-Session 0.6, JSON where it is asked for, pickles of older releases.
    public var formats: [any PayloadFormat] { [MessagePackFormat(), JSONFormat(), PickleFormat(), HexFormat()] }
    /// MessagePack, flags 0.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (MessagePackFormat(), 0) }
    /// As python-memcached sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.python.meaning(of: flags) }

    /// `session`.
    public var cookieNames: [String] { ["session"] }
    /// The id, without the signature behind a full stop that `SESSION_USE_SIGNER` adds.
    public func sessionID(ofCookie value: [UInt8]) throws(CookieRefusal) -> [UInt8] {
        // itsdangerous signs with base 64 for addresses, which has no full stop.
        Array(value.prefix { $0 != UInt8(ascii: ".") })
    }

    /// Takes keys with the prefix and an id of either kind.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.begins(with: "session:") else { return .unclaimed }
        let id = key.dropFirst(8)
        guard id.count == 43 && id.allSatisfy(\.isURLSafe) || RandomSessionIDs.hasForm(id) else { return .unclaimed }
        return .session(KeyOwner(container: 0..<7, session: 8..<key.count))
    }

    /// The container, a colon and the id.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        PlainProfile().key(container: container, session: session, package: package)
    }
}
