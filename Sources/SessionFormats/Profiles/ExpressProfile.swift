public import SessionCore

/// Sessions of Express: key `sess:` and an id of 32 URL-safe characters, payload JSON, flags 2.
///
/// Follows connect-memcached with the prefix `sess:` and the ids of uid-safe (24 random bytes in base64). Other prefixes are chosen by
/// `use NAME express`, the empty one, which is connect-memcached's default, is the container `(other)`.
public struct ExpressProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `express`.
    public var name: String { "express" }
    /// `Ex`.
    public var label: String { "Ex" }
    /// JSON, else what the bytes are.
    public var formats: [any PayloadFormat] { [JSONFormat(), TextFormat()] }
    /// JSON, flags 2: what the `memcached` package writes for an object.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (JSONFormat(), 2) }
    /// As the `memcached` package sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.nodeMemcached.meaning(of: flags) }

    /// `connect.sid`.
    public var cookieNames: [String] { ["connect.sid"] }
    /// The id, without the `s:` in front and the signature behind a full stop that express-session adds.
    public func sessionID(ofCookie value: [UInt8]) throws(CookieRefusal) -> [UInt8] {
        guard value[...].begins(with: "s:") else { return value }
        let signed = value.dropFirst(2)
        return Array(signed[..<(signed.lastIndex(of: UInt8(ascii: ".")) ?? signed.endIndex)])
    }

    /// Claims keys with the prefix and an id of the right length and characters.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.begins(with: "sess:") else { return .unclaimed }
        let id = key.dropFirst(5)
        guard id.count == 32, id.allSatisfy(\.isURLSafe) else { return .unclaimed }
        return .session(KeyOwner(container: 0..<4, session: 5..<key.count))
    }

    /// The container, a colon and the id; the id alone in `(other)`.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        PlainProfile().key(container: container, session: session, package: package)
    }

    /// Sure where express-session wrote it: it puts the cookie before all else.
    public func claims(payload: [UInt8], flags: UInt32) -> Bool? {
        payload[...].begins(with: "{\"cookie\":{") ? true : nil
    }
}
