/// A place that was changed here and in the store since it was loaded, in different ways.
///
/// Its path is that of the larger of the two changes: where one side deleted a map and the other changed a key in it, the
/// map is at stake. An empty path is the whole record: one side replaced or deleted it, or what the store holds cannot be read.
public struct MergeConflict: Hashable, Sendable {
    /// The place.
    public var path: ValuePath
    /// What was loaded; nil for nothing.
    public var base: SessionValue?
    /// What is staged; nil for nothing.
    public var mine: SessionValue?
    /// What the store holds now; nil for nothing.
    public var theirs: SessionValue?

    /// A place.
    public init(path: ValuePath, base: SessionValue?, mine: SessionValue?, theirs: SessionValue?) {
        self.path = path
        self.base = base
        self.mine = mine
        self.theirs = theirs
    }

    /// The pointer of the place, tagged where a key is no text.
    public var pointer: JSONPointer { JSONPointer(tokens: path.map(\.token)) }
}

/// What becomes of a place that both sides changed.
public enum MergeChoice: Hashable, Sendable {
    /// What is staged here.
    case mine
    /// What the store holds.
    case theirs
    /// Something else, as put together from both.
    case value(SessionValue)
}
