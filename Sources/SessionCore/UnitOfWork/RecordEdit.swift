/// What is staged for one record.
public struct RecordEdit: Codable, Hashable, Sendable {
    /// Changes inside the tree; nil for none.
    public var tree: Edit?
    /// A payload that takes the place of the whole stored one, written as it is.
    public var payload: [UInt8]?
    /// A life that the record gets instead of the one it would have.
    public var lifetime: Lifetime?
    /// Whether the record is deleted, whatever else is staged.
    public var isDestroyed = false

    /// Nothing staged.
    public init() {}

    /// Whether nothing is staged.
    public var isEmpty: Bool { tree == nil && payload == nil && lifetime == nil && !isDestroyed }

    /// How many single changes are staged.
    public var changeCount: Int {
        if isDestroyed { return 1 }
        return (tree?.changeCount ?? 0) + (payload == nil ? 0 : 1) + (lifetime == nil ? 0 : 1)
    }
}
