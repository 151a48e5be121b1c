/// A store that can be read and never written: the read-only rule holds below everything that could forget it.
public struct ReadOnlyStore: QueryableStore {
    private let base: any SessionStore

    /// A view of a store through which nothing can be written.
    public init(_ base: any SessionStore) {
        self.base = base
    }

    /// The address of the store behind it.
    public var name: String { base.name }

    /// What the store behind it can do, but for counting, which is for writing.
    public var capabilities: StoreCapabilities { base.capabilities.subtracting(.counting) }

    /// Reads records from the store behind it.
    public func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] {
        try await base.load(keys)
    }

    /// The revisions in the store behind it.
    public func revisions(of keys: [RecordKey]) async throws(StoreError) -> [RecordKey: Revision] {
        try await base.revisions(of: keys)
    }

    /// Throws `readOnly`, even for an empty batch.
    public func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport {
        throw refusal
    }

    /// Throws `readOnly`, even for no keys.
    public func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> {
        throw refusal
    }

    /// Lists the keys of the store behind it.
    public func scan() -> ScanStream { base.scan() }

    /// Finds sessions in the store behind it; throws `unsupported` where that cannot.
    public func find(_ query: ColumnQuery, in container: [UInt8]) async throws(StoreError) -> ColumnListing {
        guard let base = base as? any QueryableStore else {
            throw StoreError(.unsupported, store: base.name, detail: "has no columns to find sessions by.")
        }
        return try await base.find(query, in: container)
    }

    /// What the store behind it says of itself.
    public func facts() async throws(StoreError) -> StoreFacts {
        try await base.facts()
    }

    /// The traffic of the store behind it.
    public func traffic() async -> StoreTraffic { await base.traffic() }

    /// Closes the store behind it.
    public func close() async { await base.close() }

    private var refusal: StoreError {
        StoreError(
            .readOnly, store: base.name,
            detail: "opened read-only; nothing was written. Start without --read-only to write.")
    }
}
