public import SessionCore

/// What the workspace knows of a store that is attached.
public struct AttachedStore: Hashable, Sendable {
    /// How far a scan is.
    public enum ScanState: Hashable, Sendable {
        /// None was made.
        case none
        /// One is under way.
        case running(RequestID)
        /// The index is that of a scan that ended.
        case complete
        /// It ended early; the index holds what came before. Holds the reason.
        case failed(String)
    }

    /// The name under which it is attached.
    public let name: String
    /// Its address.
    public let address: String
    /// What it can do.
    public let capabilities: StoreCapabilities
    /// Whether the commands `writer` may be used on it.
    public let allowsWriter: Bool
    /// Whether writing is refused.
    public let isReadOnly: Bool
    /// What the config file says of it; nil for a store that it does not name.
    public let mark: StoreMark?
    /// What it says of itself.
    public internal(set) var facts: StoreFacts
    /// What went over the wire.
    public internal(set) var traffic = StoreTraffic()
    /// Its keys, from the newest scan.
    public internal(set) var index = KeyIndex()
    /// How far the scan is.
    public internal(set) var scan = ScanState.none
    /// Keys of a scan that runs while an older index is shown.
    var nextIndex: KeyIndex?

    /// A store that was just attached.
    public init(
        name: String, address: String, capabilities: StoreCapabilities, allowsWriter: Bool, isReadOnly: Bool,
        mark: StoreMark? = nil, facts: StoreFacts
    ) {
        self.name = name
        self.address = address
        self.capabilities = capabilities
        self.allowsWriter = allowsWriter
        self.isReadOnly = isReadOnly
        self.mark = mark
        self.facts = facts
    }
}
