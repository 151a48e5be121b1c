/// Where the parts of a record's key lie in its bytes, counted from the key's first byte.
public struct KeyOwner: Hashable, Sendable {
    /// The bytes that name the container; may be empty.
    public var container: Range<Int>
    /// The bytes that are the session's id.
    public var session: Range<Int>
    /// The bytes that name the package, where each package has a record of its own.
    public var package: Range<Int>?

    /// The parts of a key.
    public init(container: Range<Int>, session: Range<Int>, package: Range<Int>? = nil) {
        self.container = container
        self.session = session
        self.package = package
    }
}

/// What a profile says of a key.
public enum KeyClass: Hashable, Sendable {
    /// The record of a session, or of one package of it.
    case session(KeyOwner)
    /// A record of this framework that is no session; holds what it is in words for an operator, such as `lock`.
    case other(String)
    /// The key is not of this profile.
    case unclaimed
}

/// What the top level of a session's tree is.
public enum SessionLayout: Hashable, Sendable {
    /// Keys of the session itself.
    case flat
    /// Packages by name. A session whose top level holds anything but maps is a flat one all the same.
    case packages
}

/// What a commit does to a record's expiry, when nobody says otherwise.
public enum ExpiryRule: Hashable, Sendable {
    /// The record keeps the life it has, as for every record that an application wrote.
    case keep
    /// The record's life starts anew with the container's timeout.
    case containerTimeout
}

/// How one framework keeps its sessions in a store: which keys are its own, and how they are read and written.
public protocol SessionProfile: Sendable {
    /// The name used in commands, such as `express`.
    var name: String { get }

    /// Two or three letters for listings, such as `Ex`.
    var label: String { get }

    /// What the top level of a session's tree is.
    var layout: SessionLayout { get }

    /// What a commit does to a record's expiry.
    var expiryRule: ExpiryRule { get }

    /// Whether a session without content is deleted at commit; otherwise it is written empty.
    var deletesEmptySessions: Bool { get }

    /// Whether keys hold digests of containers, ids and packages, so that a scan cannot tell whose a record is.
    ///
    /// A profile that hashes takes keys by their shape alone: other programs write keys of the same shape, and
    /// `claims(payload:flags:)` is what tells them apart. The session that `classify` finds in such a key is the digest as it
    /// stands there, and the container is empty where nothing of it is readable.
    var hashesKeys: Bool { get }

    /// Whether a session is its packages alone, each a record, so that nobody would read a record of the session as a whole.
    var keepsPackagesOnly: Bool { get }

    /// What a key is. Called for every key of a scan, so it works on bytes and allocates nothing.
    func classify(_ key: ArraySlice<UInt8>) -> KeyClass

    /// The key of a session's record, or of one package of it.
    ///
    /// A profile that hashes takes two kinds of id: a plain one, as a client carries it, is hashed; one that has the form in which
    /// `classify` gives a digest is that digest. So the parts that `classify` finds in a key give the same key again, and a
    /// session of a listing opens by the id it is listed under. Where a digest is over the package too, an id that is given with a
    /// package is always plain.
    func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey

    /// The key of the record that is there while a request holds the session; nil if the framework has no such records.
    ///
    /// Takes the same parts as `key`, of which `classify` says `.other` for the result.
    func lockKey(container: [UInt8], session: [UInt8]) -> RecordKey?

    /// The session that the key of a lock is for, with the parts that `lockKey` makes that key of; nil for any other key.
    func lockedSession(of key: ArraySlice<UInt8>) -> LockedSession?

    /// How a lock's record looks; nil if the framework has none, or it is not known.
    var lockRecord: LockRecord? { get }

    /// Whether a payload shows that its record is of this profile; nil where it cannot tell.
    ///
    /// Asked of records whose key does not tell it, for many of them: looks at the beginning only, and decodes nothing. Client
    /// flags mean little by themselves, as each client library has its own.
    func claims(payload: [UInt8], flags: UInt32) -> Bool?

    /// The names of the cookies in which clients carry the ids, unless an application chose another; empty where each has its own.
    var cookieNames: [String] { get }

    /// The id of the session that a cookie's value names, as `key` takes it: without a signature and what else the framework adds.
    ///
    /// Signatures are not checked, which takes the application's secret. The value has its `%` spellings undone.
    func sessionID(ofCookie value: [UInt8]) throws(CookieRefusal) -> [UInt8]

    /// What client flags mean in words, such as `FastLZ, string`; nil where nobody knows.
    func meaning(ofFlags flags: UInt32) -> String?

    /// The formats that a payload may have, the likeliest first.
    var formats: [any PayloadFormat] { get }

    /// The format and client flags of a record that is made.
    var newRecord: (format: any PayloadFormat, flags: UInt32) { get }
}

/// Why a cookie does not tell which session it is for.
public struct CookieRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, and what to do, as a sentence.
    public var description: String

    /// A refusal.
    public init(_ description: String) { self.description = description }
}

extension SessionProfile {
    /// Keys spell their session, unless a profile says otherwise.
    public var hashesKeys: Bool { false }

    /// There is a record of the session, unless a profile says otherwise.
    public var keepsPackagesOnly: Bool { false }

    /// No locks, unless a profile says otherwise.
    public func lockKey(container: [UInt8], session: [UInt8]) -> RecordKey? { nil }

    /// No locks, unless a profile says otherwise.
    public func lockedSession(of key: ArraySlice<UInt8>) -> LockedSession? { nil }

    /// Not known, unless a profile says otherwise.
    public var lockRecord: LockRecord? { nil }

    /// Each application has its own, unless a profile says otherwise.
    public var cookieNames: [String] { [] }

    /// The value itself, unless a profile says otherwise.
    public func sessionID(ofCookie value: [UInt8]) throws(CookieRefusal) -> [UInt8] { value }

    /// Nobody knows, unless a profile says otherwise.
    public func meaning(ofFlags flags: UInt32) -> String? { nil }

    /// Payloads tell nothing, unless a profile says otherwise.
    public func claims(payload: [UInt8], flags: UInt32) -> Bool? { nil }
}
