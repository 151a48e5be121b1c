public import SessionCore

/// Sessions of Rack and Rails in memcached: key a namespace, `2::` and a SHA-256 digest, payload Ruby's Marshal, flags 1.
///
/// Follows `Rack::Session::Dalli` of dalli, `SessionId` of rack-session and `CacheStore` of Rails. A cookie carries the public id; the
/// key has `2::` and its digest, the private id, which is the session here: `rack:session:2::DIGEST`, `_session_id:2::DIGEST`. Public ids
/// are 32 or 64 hexadecimal digits, so a bare digest cannot be told from them: only one with `2::` is taken as it is.
///
/// Earlier versions, such as dalli 3.0.6, have the public id itself in the key: `rack:session:ID`. These sessions are in a container whose
/// name keeps the colon, `rack:session:`, and nothing is hashed in it.
public struct DalliProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `dalli`.
    public var name: String { "dalli" }
    /// `Ra`.
    public var label: String { "Ra" }
    /// What the bytes are.
    public var formats: [any PayloadFormat] {
        [MarshalFormat(), WrappedFormat(ZlibWrapper(flag: 2), MarshalFormat()), HexFormat()]
    }
    /// Bytes, flags 1: what dalli writes for any object.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (HexFormat(), 1) }
    /// As dalli sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.dalli.meaning(of: flags) }
    /// The id that a client carries does not stand in a key.
    public var hashesKeys: Bool { true }

    private static let version: StaticString = "2::"

    /// `rack.session` and `_session_id`.
    public var cookieNames: [String] { ["rack.session", "_session_id"] }

    /// Takes keys that end in a private id, whatever stands before it, and public ids with the usual namespaces.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        let start = key.count - Self.version.count - KeyDigest.sha256.digitCount
        if key.has(Self.version, at: start), Self.isPrivate(key.suffix(key.count - start)) {
            guard start > 0 else { return .session(KeyOwner(container: 0..<0, session: 0..<key.count)) }
            guard start > 1, key[key.startIndex + start - 1] == UInt8(ascii: ":") else { return .unclaimed }
            return .session(KeyOwner(container: 0..<(start - 1), session: start..<key.count))
        }
        return plainOwner(key, idLength: 64) ?? plainOwner(key, idLength: 32) ?? .unclaimed
    }

    private func plainOwner(_ key: ArraySlice<UInt8>, idLength: Int) -> KeyClass? {
        let end = key.count - idLength
        guard key.has("rack:session:", at: end - 13) || key.has("_session_id:", at: end - 12),
            key.suffix(idLength).allSatisfy(\.isLowercaseHexDigit)
        else { return nil }
        return .session(KeyOwner(container: 0..<end, session: end..<key.count))
    }

    /// The namespace, and the id's digest or an id with `2::` as it is; the plain id behind a name that ends in a colon.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        if container.last == UInt8(ascii: ":") { return RecordKey(container + session) }
        let id =
            Self.isPrivate(session[...]) ? session : Self.version.bytes + KeyDigest.sha256.digits(of: session)
        return PlainProfile().key(container: container, session: id, package: nil)
    }

    private static func isPrivate(_ id: ArraySlice<UInt8>) -> Bool {
        id.begins(with: version) && KeyDigest.sha256.hasForm(id.dropFirst(version.count))
    }
}
