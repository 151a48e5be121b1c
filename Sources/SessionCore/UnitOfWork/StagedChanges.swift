/// What is staged at one moment, with the bases it is staged over.
///
/// An edit means something over its own base only, so whoever keeps edits for later keeps the bases with them.
public struct StagedChanges: Hashable, Sendable {
    /// What is staged, by place.
    public private(set) var edits: [RecordID: RecordEdit]
    /// What it is staged over.
    public private(set) var bases: [RecordID: LoadedRecord]

    /// Nothing staged.
    public static let none = StagedChanges(edits: [:], records: [:])

    init(edits: [RecordID: RecordEdit], records: [RecordID: LoadedRecord]) {
        self.edits = edits
        self.bases = [:]
        for id in edits.keys { bases[id] = records[id] }
    }

    /// How many single changes there are.
    public var changeCount: Int { edits.values.reduce(0) { $0 + $1.changeCount } }

    /// What is staged for a record.
    public func edit(of id: RecordID) -> RecordEdit { edits[id] ?? RecordEdit() }

    /// The root of a record's tree as it was then; `record` is the base where nothing was staged.
    public func node(of record: LoadedRecord) -> EditedNode {
        (bases[record.id] ?? record).node(edit(of: record.id))
    }

    mutating func forget(_ id: RecordID) {
        edits[id] = nil
        bases[id] = nil
    }
}
