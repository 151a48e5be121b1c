public import SessionCore

/// Sessions that score.session keeps in score.kvcache: rows of a table `kvcache`, payload a pickle of a dict.
///
/// Follows score.session 0.5.3 and score.kvcache 0.2.2. The store gives the row of a container and a key as `kvcache:CONTAINER:KEY`; a session's
/// key is its id, a UUID with dashes in lower case. The container is `score.session` unless the application says otherwise.
public struct ScoreCacheProfile: ForeignProfile {
    private static let keys = TableKey(prefix: "kvcache:")

    /// The profile.
    public init() {}

    /// `score`.
    public var name: String { "score" }
    /// `Sc`.
    public var label: String { "Sc" }
    /// Pickles.
    public var formats: [any PayloadFormat] { [PickleFormat(), HexFormat()] }
    /// A pickle of protocol 4, flags 0.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (PickleFormat(), 0) }

    /// `session`.
    public var cookieNames: [String] { ["session"] }

    /// Takes keys of three parts with `kvcache:` before them.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        Self.keys.classify(key)
    }

    /// `kvcache:`, the container, a colon and the id.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        Self.keys.key(container: container, session: session)
    }
}
