public import SessionCore

/// Sessions of p01.session: key an MD5 digest, payload a pickle with one package of a session, flags 0.
///
/// Follows p01.session 0.8.1 with p01.memcache 0.9.0, and 0.7.0 with 0.7.3 on Python 2. Each package of a session has a record
/// of its own: the digest is over the memcache client's namespace and the digest of `CLIENT-ID.PACKAGE`. A container is what has one
/// namespace, and mostly there is none. The client id of a known session is the principal's id.
public struct P01Profile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `p01`.
    public var name: String { "p01" }
    /// `P1`.
    public var label: String { "P1" }
    /// Pickles.
    public var formats: [any PayloadFormat] { [PickleFormat(), HexFormat()] }
    /// A pickle of an empty package, flags 0.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (PickleFormat(template: Self.emptyPackage), 0) }
    /// As python-memcached sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.python.meaning(of: flags) }
    /// A package without keys that was last written in 1970, in protocol 2, which Python 2 reads too.
    private static let emptyPackage =
        "\u{80}\u{2}cp01.session.session\nSessionData\n)\u{81}}X\u{9}\0\0\0timestampG\0\0\0\0\0\0\0\0sb."

    /// Nothing of id or package stands in a key.
    public var hashesKeys: Bool { true }

    /// No session has a record of its own.
    public var keepsPackagesOnly: Bool { true }

    /// Takes keys of 32 lower-case hexadecimal digits, as lovely.session's are too.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard KeyDigest.md5.hasForm(key) else { return .unclaimed }
        return .session(KeyOwner(container: 0..<0, session: 0..<key.count))
    }

    /// The digest for a namespace, a client id and a package.
    ///
    /// Without a package, an id of 32 lower-case hexadecimal digits is the key itself; any other gives the key of the package whose
    /// name is empty, for p01.session has no record of a session as a whole.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        if package == nil, KeyDigest.md5.hasForm(session[...]) { return RecordKey(session) }
        let inner = KeyDigest.md5.digits(of: session + [UInt8(ascii: ".")] + (package ?? []))
        return RecordKey(KeyDigest.md5.digits(of: container + inner))
    }

    /// Sure: the package's class is the first that its pickle names.
    public func claims(payload: [UInt8], flags: UInt32) -> Bool? { payload.mentions("p01.session.session") }
}
