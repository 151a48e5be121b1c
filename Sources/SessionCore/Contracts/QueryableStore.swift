/// A question about the sessions of a container, asked of columns that the store itself knows.
public struct ColumnQuery: Hashable, Sendable {
    /// How a column's value is compared.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        /// The same value; null is null.
        case equal = "="
        /// Another value, null among them.
        case unequal = "!="
        /// Less, in the store's own order.
        case less = "<"
        /// Less or the same.
        case atMost = "<="
        /// More, in the store's own order.
        case greater = ">"
        /// More or the same.
        case atLeast = ">="
    }

    /// What must be true of one column.
    public struct Condition: Hashable, Sendable {
        /// The column.
        public var column: String
        /// How it is compared.
        public var comparison: Comparison
        /// With what: null, a truth value, a number, text or bytes.
        public var value: SessionValue

        /// A condition.
        public init(column: String, comparison: Comparison, value: SessionValue) {
            self.column = column
            self.comparison = comparison
            self.value = value
        }
    }

    /// What must all be true.
    public var conditions: [Condition]
    /// The column that sessions are sorted by; nil for the order in which they were made.
    public var order: String?
    /// Whether the last in that order comes first.
    public var isDescending: Bool
    /// How many sessions are listed at most, at least 1.
    public var limit: Int

    /// A query.
    public init(conditions: [Condition] = [], order: String? = nil, isDescending: Bool = false, limit: Int = 1000) {
        self.conditions = conditions
        self.order = order
        self.isDescending = isDescending
        self.limit = limit
    }
}

/// What a query found: the columns of sessions, without their payloads.
public struct ColumnListing: Hashable, Sendable {
    /// One session.
    public struct Row: Hashable, Sendable {
        /// The key of its record.
        public var key: RecordKey
        /// What its columns hold, in their order.
        public var values: [SessionValue]

        /// A session's columns.
        public init(key: RecordKey, values: [SessionValue]) {
            self.key = key
            self.values = values
        }
    }

    /// The names of the columns.
    public var columns: [String]
    /// The sessions found.
    public var rows: [Row]
    /// Whether there are more than the limit.
    public var hasMore: Bool

    /// What was found.
    public init(columns: [String], rows: [Row], hasMore: Bool) {
        self.columns = columns
        self.rows = rows
        self.hasMore = hasMore
    }
}

/// A store that can find sessions by columns of their own, as a database's table has them.
public protocol QueryableStore: SessionStore {
    /// Finds sessions of a container, and reads their columns alone.
    ///
    /// Throws `unsupported` for a container that has no columns, and for a column that is not there. One round trip.
    func find(_ query: ColumnQuery, in container: [UInt8]) async throws(StoreError) -> ColumnListing
}
