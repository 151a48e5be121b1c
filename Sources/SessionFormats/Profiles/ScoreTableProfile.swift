public import SessionCore

/// Sessions that score.session keeps in a table of its own: columns, and the JSON of everything else.
///
/// Follows the mixins of score.session 0.4.7 and 0.5.3. The store gives the row of an id as `table:TABLE:ID`. Ids are UUIDs: with
/// dashes in `_uuid`, without in `id`. Rows have no end of life.
public struct ScoreTableProfile: ForeignProfile {
    private static let keys = TableKey(prefix: "table:")

    /// The profile.
    public init() {}

    /// `score-table`.
    public var name: String { "score-table" }
    /// `St`.
    public var label: String { "St" }
    /// Rows.
    public var formats: [any PayloadFormat] { [TableRowFormat()] }
    /// A row whose columns the store finds among its keys.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (TableRowFormat(), 0) }

    /// `session`.
    public var cookieNames: [String] { ["session"] }

    /// Takes keys of three parts with `table:` before them.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        Self.keys.classify(key)
    }

    /// `table:`, the table, a colon and the id.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        Self.keys.key(container: container, session: session)
    }
}
