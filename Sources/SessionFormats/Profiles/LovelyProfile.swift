public import SessionCore

/// Sessions of lovely.session: key an MD5 digest, payload a pickle of protocol 0 with all packages of the session, flags 0.
///
/// Follows lovely.session 0.3.0 with the keys of lovely.memcached 0.2.2 on Python 2.7. The digest is over the pickle of
/// `lovely.session.memcached:CONTAINER/MD5-OF-CLIENT-ID`, and of that in a pair with the client's default namespace where it has one:
/// the container `app/MemCacheSession` is the one named `MemCacheSession` in the namespace `app`, and no slash stands in a
/// name of Zope. The server may also hold the client's own lists of keys, which only their payloads tell from sessions.
public struct LovelyProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `lovely`.
    public var name: String { "lovely" }
    /// `Lo`.
    public var label: String { "Lo" }
    /// Packages by name, all in one record.
    public var layout: SessionLayout { .packages }
    /// Pickles.
    public var formats: [any PayloadFormat] { [PickleFormat(), HexFormat()] }
    /// A pickle of an empty session, flags 0.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (PickleFormat(template: Self.emptySession), 0) }
    /// As python-memcached sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.python.meaning(of: flags) }
    /// A session without packages that was last used in 1970; its application puts in the time at its first access.
    private static let emptySession =
        "ccopy_reg\n_reconstructor\n(clovely.session.memcached\nMemCacheSessionData\nc__builtin__\ndict\n(dtR"
        + "(dS'lastAccessTime'\nI0\nsb."

    /// Nothing of container or id stands in a key.
    public var hashesKeys: Bool { true }

    /// Takes keys of 32 lower-case hexadecimal digits, as p01.session's are too.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        if KeyDigest.md5.hasForm(key) { return .session(KeyOwner(container: 0..<0, session: 0..<key.count)) }
        if key.begins(with: "lovely.memcached.dep") { return .other("list of keys that depend on a value") }
        return .unclaimed
    }

    /// The digest for a container and a client id; an id of 32 lower-case hexadecimal digits is the key itself.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        if KeyDigest.md5.hasForm(session[...]) { return RecordKey(session) }
        let slash = UInt8(ascii: "/")
        let parts = container.split(separator: slash, maxSplits: 1, omittingEmptySubsequences: false)
        let namespace = parts.count == 2 ? Array(parts[0]) : []
        let name = Array(parts.last ?? [])
        let text = Array("lovely.session.memcached:".utf8) + name + [slash] + KeyDigest.md5.digits(of: session)
        let logical = Python2Pickle.string(text)
        guard !namespace.isEmpty else { return digest(of: logical + "\np1\n.".utf8) }
        // cPickle numbers what it may need again, and takes no number for a text of a single character.
        let isShort = String(decoding: namespace, as: UTF8.self).unicodeScalars.count < 2
        let pair = "(".utf8 + Python2Pickle.unicode(namespace) + (isShort ? "\n" : "\np1\n").utf8 + logical
        return digest(of: pair + (isShort ? "\np1\nt." : "\np2\nt.").utf8)
    }

    /// Sure: the session's class is the first that its pickle names.
    public func claims(payload: [UInt8], flags: UInt32) -> Bool? { payload.mentions("lovely.session.memcached") }

    private func digest(of pickle: [UInt8]) -> RecordKey { RecordKey(KeyDigest.md5.digits(of: pickle)) }
}
