public import SessionCore

/// Sessions of Beaker, which Pyramid, Pylons and collective.beaker use: key `ID_session`, payload a pickle or JSON in base64, flags 16.
///
/// Follows Beaker 1.14 (`ext/memcached.py`, `session.py`). The id is 32 hexadecimal digits; `session` behind it is the name under
/// which Beaker keeps a session in its namespace, and is the container. Records have no end of life: the application looks at
/// `_accessed_time`. Locks are files of the application's machine.
public struct BeakerProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `beaker`.
    public var name: String { "beaker" }
    /// `Be`.
    public var label: String { "Be" }
    /// Pickles in base64, or JSON in zlib in base64.
    public var formats: [any PayloadFormat] {
        [
            WrappedFormat(Base64Wrapper(), PickleFormat()),
            WrappedFormat(Base64Wrapper(), WrappedFormat(ZlibWrapper(), JSONFormat())),
            PickleFormat(),
            JSONFormat(),
            TextFormat(),
        ]
    }
    /// A pickle in base64, flags 16: what python-memcached writes for text.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) {
        (WrappedFormat(Base64Wrapper(), PickleFormat()), 16)
    }
    /// As python-memcached sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.python.meaning(of: flags) }

    /// `beaker.session.id`.
    public var cookieNames: [String] { ["beaker.session.id"] }
    /// The id, without the signature in front of it that a `secret` adds.
    public func sessionID(ofCookie value: [UInt8]) throws(CookieRefusal) -> [UInt8] {
        // 40 hexadecimal digits of an HMAC-SHA1, then the 32 of a UUID.
        value.count == 72 ? Array(value.dropFirst(40)) : value
    }

    /// Takes keys of 32 hexadecimal digits and `_session`.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.count == 40, key.ends(with: "_session"), key.prefix(32).allSatisfy(\.isLowercaseHexDigit)
        else { return .unclaimed }
        return .session(KeyOwner(container: 33..<40, session: 0..<32))
    }

    /// The id, `_` and the container.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        RecordKey(session + [UInt8(ascii: "_")] + container)
    }
}
