/// Which session it is, whatever was loaded of it.
struct SessionName: Hashable, Sendable {
    var profile: String
    var container: String
    /// In bytes, as stores compare keys: strings are equal that are spelled with other bytes, such as `é` and `e` with an accent.
    private var id: [UInt8]

    init(profile: String, container: String, id: String) {
        self.profile = profile
        self.container = container
        self.id = Array(id.utf8)
    }
}

/// A session that a transaction holds.
struct HeldSession: Sendable {
    /// One record of it.
    struct Part: Hashable, Sendable {
        /// The package it holds; nil for the record of the session as a whole.
        var package: String?
        var record: RecordID
    }

    var container: SessionContainer
    /// Its id, which nobody is told before it holds something, unless it was asked for by this id.
    let id: String
    /// Whether the id was asked for, or found in the store.
    var isNamed: Bool
    /// Whether the id was made here, so that no record of it can be in the store.
    let isFresh: Bool
    var parts: [Part] = []
    /// The packages that may be made in a fresh one, where each has a record of its own; nil for any.
    var allowedPackages: [String]?
    /// When it was last looked up, read or edited here.
    var lastAccess: Timestamp
    /// Whether its end is to be told as an invalidation.
    var isInvalidated = false

    var name: SessionName { SessionName(profile: container.profile.name, container: container.name, id: id) }

    /// Whether one record is all of it, as where packages share one, or where one package's was looked up by its key.
    var isOneRecord: Bool { container.granularity == .session || parts.first.map { $0.package == nil } ?? false }

    func part(of package: String) -> Part? {
        isOneRecord ? parts.first : parts.first { $0.package == package }
    }
}
