public import SessionCore

/// A container of one store, read through one profile.
public struct ContainerID: Hashable, Sendable {
    /// The name under which the store is attached.
    public var store: String
    /// The profile's name.
    public var profile: String
    /// The container's name in keys; empty for `(other)`.
    public var name: [UInt8]

    /// A container.
    public init(store: String, profile: String, name: [UInt8]) {
        self.store = store
        self.profile = profile
        self.name = name
    }

    /// What the container of keys without a colon is called.
    public static let otherTitle = "(other)"

    /// The name as it is shown and typed.
    public var title: String { name.isEmpty ? Self.otherTitle : PrintableText.escaping(name) }
}

/// A session of a container.
public struct SessionID: Hashable, Sendable {
    /// Its container.
    public var container: ContainerID
    /// Its id's bytes.
    public var id: [UInt8]

    /// A session.
    public init(container: ContainerID, id: [UInt8]) {
        self.container = container
        self.id = id
    }

    /// The id as it is shown and typed.
    public var title: String { PrintableText.escaping(id) }
}

/// A session that is open in the transaction, and its records.
public struct OpenSession: Hashable, Sendable {
    /// One record of a session.
    public struct Part: Hashable, Sendable {
        /// The package it holds; nil for the record of the session as a whole.
        public var package: String?
        /// Its place.
        public var record: RecordID
    }

    /// Which session it is.
    public let session: SessionID
    /// What the top level of its tree is.
    public let layout: SessionLayout
    /// Its records: the session's own first, if it is open.
    public internal(set) var parts: [Part]
    /// Whether its id was made here, and is told once it holds something.
    public internal(set) var isUnnamed = false
    /// When it was last looked up, read or edited; nil if never.
    public internal(set) var lastAccess: Timestamp?
}
