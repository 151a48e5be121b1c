/// A store that can count the sessions of a container and tell which of its records have expired.
///
/// Memory and databases can. A memcached cannot, and is no `CountingStore`: what needs one is refused there by name.
public protocol CountingStore: SessionStore {
    /// Writes a batch as `commit(_:)` does, unless a container would then hold more sessions than it may.
    ///
    /// Sessions that have expired do not count, nor do those that the batch deletes; a batch that adds no session is never refused for
    /// a limit. Counting and writing are one step, so two writers cannot both take the last place. Throws
    /// `limitReached` with nothing written. One round trip; the time grows with the number of records in the store.
    func commit(_ writes: [RecordWrite], limits: [SessionLimit]) async throws(StoreError) -> CommitReport

    /// Removes the expired records of a container and returns their keys, each once: also of those that were noticed
    /// as expired, or written over, since the last sweep. One round trip; the time grows with the number of records.
    func sweep(_ container: ContainerKeys) async throws(StoreError) -> [RecordKey]
}

/// Tells by the key alone whether a record belongs to a container, and to which session of it.
public struct ContainerKeys: Sendable {
    /// The profile that reads the keys; one that hashes its keys claims none of them for a container.
    public let profile: any SessionProfile
    /// The container's name in keys.
    public let container: [UInt8]

    /// The keys of a container.
    public init(profile: any SessionProfile, container: [UInt8]) {
        self.profile = profile
        self.container = container
    }

    /// The id of the session that a key belongs to; nil if it is not of this container.
    public func session(of key: RecordKey) -> ArraySlice<UInt8>? {
        guard !profile.hashesKeys, case .session(let owner) = profile.classify(key.bytes[...]),
            key.bytes[owner.container].elementsEqual(container)
        else { return nil }
        return key.bytes[owner.session]
    }
}

/// How many sessions a container may hold.
public struct SessionLimit: Sendable {
    /// Which records are the container's.
    public let keys: ContainerKeys
    /// The largest number of sessions, at least 1.
    public let maximum: Int

    /// A limit.
    public init(keys: ContainerKeys, maximum: Int) {
        self.keys = keys
        self.maximum = maximum
    }
}
