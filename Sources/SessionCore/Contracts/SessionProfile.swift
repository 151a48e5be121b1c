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
    /// A record of this framework that is no session, such as a lock; holds what it is.
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
    var hashesKeys: Bool { get }

    /// What a key is. Called for every key of a scan, so it works on bytes and allocates nothing.
    func classify(_ key: ArraySlice<UInt8>) -> KeyClass

    /// The key of a session's record, or of one package of it.
    func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey

    /// The formats that a payload may have, the likeliest first.
    var formats: [any PayloadFormat] { get }

    /// The format and client flags of a record that is made.
    var newRecord: (format: any PayloadFormat, flags: UInt32) { get }
}

extension SessionProfile {
    /// Keys spell their session, unless a profile says otherwise.
    public var hashesKeys: Bool { false }
}
