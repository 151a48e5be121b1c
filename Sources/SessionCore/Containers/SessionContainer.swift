/// Whether the packages of a session share one record.
public enum RecordGranularity: Hashable, Sendable {
    /// One record holds a session with all its packages, as lovely.session keeps them.
    case session
    /// Each package has a record of its own, as p01.session keeps them: packages that are never used together never conflict, and one
    /// is only there when it was named on opening.
    case package
}

/// A named set of sessions in a store, as an application opens it.
///
/// A value that holds no connection and no session: make one for the whole application, and give it to every
/// transaction. Looking up a session in it never fails for a missing one, times out what was not used, and refreshes the life of what was.
public struct SessionContainer: Sendable {
    /// The name, which is part of every key: sessions of two containers with one id are two sessions.
    public let name: String
    /// Where the records are.
    public let store: any SessionStore
    /// How they are written, and under which keys.
    public let profile: any SessionProfile
    /// When sessions time out.
    public let timing: ContainerTiming
    /// Whether the packages of a session share one record.
    public let granularity: RecordGranularity
    /// How many sessions it may hold; nil for any number.
    public let limit: Int?
    /// Who is told of sessions that come and go; nil for nobody.
    public let events: SessionEvents?

    /// A container.
    ///
    /// - Parameters:
    ///   - name: The name in keys.
    ///   - store: Where the records are.
    ///   - profile: How they are written, and under which keys.
    ///   - timeout: Seconds after which an unused session is gone; 0 for never.
    ///   - resolution: Seconds to which the last access is kept, and so the interval of refreshes; see `ContainerTiming`.
    ///   - granularity: Whether the packages of a session share one record.
    ///   - limit: How many sessions it may hold, at least 1; nil for any number.
    ///   - events: Who is told of sessions that come and go; nil for nobody.
    /// - Throws: `unsupported` if `limit` or `events` is given and the store cannot count, or the profile's keys do not
    ///   tell whose they are; `badKey` if the profile cannot have a container of this name.
    public init(
        _ name: String, in store: any SessionStore, profile: any SessionProfile, timeout: Int64 = 3600,
        resolution: Int64 = 300, granularity: RecordGranularity = .session, limit: Int? = nil,
        events: SessionEvents? = nil
    ) throws(StoreError) {
        self.name = name
        self.store = store
        self.profile = profile
        self.timing = ContainerTiming(timeout: timeout, resolution: resolution)
        self.granularity = granularity
        self.limit = limit.map { max(1, $0) }
        self.events = events
        if limit != nil { try requireCounting("a maximum number of sessions") }
        if events != nil { try requireCounting("telling of added and expired sessions") }
        let key = profile.key(container: Array(name.utf8), session: Array("id".utf8), package: nil)
        guard profile.hashesKeys || keys.session(of: key) != nil else {
            throw StoreError(
                .badKey, store: store.name,
                detail: "no container of the \(profile.name) profile can be called \(PrintableText.escaping(name))")
        }
    }

    /// The same container under another timing.
    ///
    /// Sessions that are stored keep the life they have until they are next used or `retime` gives them the new one.
    public func with(timeout: Int64, resolution: Int64) throws(StoreError) -> SessionContainer {
        try SessionContainer(
            name, in: store, profile: profile, timeout: timeout, resolution: resolution, granularity: granularity,
            limit: limit, events: events)
    }

    /// Which keys are the container's.
    public var keys: ContainerKeys { ContainerKeys(profile: profile, container: Array(name.utf8)) }

    private func requireCounting(_ what: String) throws(StoreError) {
        guard store is any CountingStore else {
            throw StoreError(
                .unsupported, store: store.name,
                detail: "\(what) needs a store that can count its sessions, and this one cannot")
        }
        guard !profile.hashesKeys else {
            throw StoreError(
                .unsupported, store: store.name,
                detail: "\(what) needs keys that tell their container, and the \(profile.name) profile hashes its keys")
        }
    }

    /// The key of a session's record, or of one package's.
    func key(of id: String, package: String?) throws(SessionError) -> RecordKey {
        let bytes = Array(id.utf8)
        guard !bytes.isEmpty else { throw .badID(id, "an id has at least one byte") }
        let key = profile.key(container: Array(name.utf8), session: bytes, package: package.map { Array($0.utf8) })
        guard profile.hashesKeys || keys.session(of: key)?.elementsEqual(bytes) == true else {
            throw .badID(id, "the \(profile.name) profile would read its key \(key) as another session's")
        }
        return key
    }
}

extension SessionContainer {
    /// What the store answered for a record of a session, decoded.
    func loaded(_ part: HeldSession.Part, stored: StoredRecord?) -> LoadedRecord {
        LoadedRecord(
            id: part.record, stored: stored, profile: profile, fallback: OpaqueFormat(), lifetime: timing.lifetime,
            package: part.package != nil)
    }
}
