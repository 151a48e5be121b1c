/// What a store can do beyond loading and conditional writes; what is absent is refused by name, never skipped.
public struct StoreCapabilities: OptionSet, Hashable, Sendable {
    /// The set's bits.
    public let rawValue: Int

    /// A set by its bits.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Keys can be listed with `scan`.
    public static let scan = StoreCapabilities(rawValue: 1 << 0)
    /// A batch is written wholly or not at all, whatever fails.
    public static let atomicBatch = StoreCapabilities(rawValue: 1 << 1)
    /// The store is a `CountingStore`.
    public static let counting = StoreCapabilities(rawValue: 1 << 2)
    /// The store is a `QueryableStore`.
    public static let columns = StoreCapabilities(rawValue: 1 << 3)
}

/// What a store says of itself.
public struct StoreFacts: Hashable, Sendable {
    /// Name and version of the product, such as `memcached 1.6.18`.
    public var product: String
    /// Records in the store when asked; nil if it does not count.
    public var recordCount: Int?
    /// The largest sum of key and payload bytes that a record may have; nil for no limit.
    public var recordLimit: Int?
    /// The longest key in bytes; nil for no limit.
    public var keyLimit: Int?

    /// A store's facts.
    public init(product: String, recordCount: Int?, recordLimit: Int?, keyLimit: Int?) {
        self.product = product
        self.recordCount = recordCount
        self.recordLimit = recordLimit
        self.keyLimit = keyLimit
    }
}

/// Keys as they come, in batches; ends when the scan does, throws `StoreError`.
///
/// Dropping it stops the scan.
public typealias ScanStream = AsyncThrowingStream<ScanBatch, any Error>

/// A key-value store that sessions live in.
///
/// Everything works on batches and costs one round trip however many keys there are, unless said otherwise.
/// A record that is not there is an answer; a store that cannot be asked throws. Reading leaves no trace: expiry,
/// revision and the store's order of eviction stay as they are. There is no unconditional write.
/// All functions may be called at once from many tasks. A cancelled task gets `StoreError.Code.cancelled`.
public protocol SessionStore: Sendable {
    /// The store's address as a user would write it, such as `127.0.0.1:11211` or `demo:`.
    var name: String { get }

    /// What the store can do.
    var capabilities: StoreCapabilities { get }

    /// The revisions of records, to see cheaply whether they changed; keys that are missing or expired are not in the result.
    ///
    /// One round trip. It counts as no access of the records.
    func revisions(of keys: [RecordKey]) async throws(StoreError) -> [RecordKey: Revision]

    /// Reads records. Keys that are missing or expired are not in the result. One round trip.
    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord]

    /// Writes a batch, each record on its own condition and none if any condition fails.
    ///
    /// All conditions are checked before anything is written. A store that cannot write the batch at once puts back
    /// what it wrote when a later record loses a race, and the report says what each record is. Throws only when
    /// nothing was written; a failure after that is in the report as `unknown`.
    /// One round trip for a single put with a new life or a single deletion, and for any batch where batches are
    /// atomic; else two, and one or two more to put back. None for an empty batch. Keys must differ.
    func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport

    /// Gives records a new life without reading or rewriting them, and without changing their revision.
    /// Returns the keys that were there. One round trip.
    func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey>

    /// Lists the keys of the store as they come; not a snapshot: keys written meanwhile may be missing, or come twice.
    /// Throws `unsupported` at once where `capabilities` lacks `scan`. Uses no connection that other requests need.
    func scan() -> ScanStream

    /// What the store says of itself now; one round trip, none if nothing has to be asked.
    func facts() async throws(StoreError) -> StoreFacts

    /// What went over the wire so far; never waits for the store.
    func traffic() async -> StoreTraffic

    /// Ends connections and running scans; later requests throw `disconnected`.
    func close() async
}

extension SessionStore {
    /// The revisions of records that are loaded for it, where a store has no cheaper way.
    public func revisions(of keys: [RecordKey]) async throws(StoreError) -> [RecordKey: Revision] {
        try await load(keys).mapValues(\.revision)
    }
}
