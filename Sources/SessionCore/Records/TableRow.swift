internal import OrderedCollections

/// A session that is a row of a table: columns of its own, and everything else as JSON in one of them.
///
/// It travels as a payload that says everything needed to read and to edit it, in the notation of values:
/// `{"columns": {"user_id": object("INTEGER", 14)}, "data": "{\"parrot\": \"dead\"}"}`. The class of a column is its declared
/// type, with ` NOT NULL` where it takes no null and ` FIXED` where it names the row.
public struct TableRow: Hashable, Sendable {
    /// One column, but for the one that holds the JSON.
    public struct Column: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its type as the table declares it, such as `VARCHAR(36)`; may be empty.
        public var type: String
        /// Whether it takes no null.
        public var isRequired: Bool
        /// Whether it names the row, so that it is not a value of the session.
        public var isFixed: Bool
        /// What it holds: null, a number, text or bytes; a bool where the type says so.
        public var value: SessionValue

        /// A column.
        public init(name: String, type: String, isRequired: Bool, isFixed: Bool, value: SessionValue) {
            self.name = name
            self.type = type
            self.isRequired = isRequired
            self.isFixed = isFixed
            self.value = value
        }
    }

    /// The columns, in the table's order.
    public var columns: [Column]
    /// The JSON of everything else; nil where the column is null.
    public var data: String?

    private static let required = " NOT NULL"
    private static let fixed = " FIXED"

    /// A row.
    public init(columns: [Column], data: String?) {
        self.columns = columns
        self.data = data
    }

    /// Reads the payload of a row; nil if it is none.
    public init?(payload: [UInt8]) {
        guard payload.starts(with: #"{"columns": {"#.utf8), let text = String(validating: payload, as: UTF8.self),
            let value = try? Notation.value(parsing: text), case .map(let map) = value, map.count == 2,
            case .map(let columns)? = map["columns"]
        else { return nil }
        switch map["data"] {
        case .string(let text)?: data = text
        case .null?: data = nil
        default: return nil
        }
        self.columns = []
        for (key, column) in columns {
            guard case .string(let name) = key, case .object(var type, let value) = column else { return nil }
            let isFixed = type.hasSuffix(Self.fixed)
            if isFixed { type.removeLast(Self.fixed.count) }
            let isRequired = type.hasSuffix(Self.required)
            if isRequired { type.removeLast(Self.required.count) }
            self.columns.append(
                Column(name: name, type: type, isRequired: isRequired, isFixed: isFixed, value: value))
        }
    }

    /// The row as a payload.
    public var payload: [UInt8] {
        var map = SessionMap()
        for column in columns {
            let type = column.type + (column.isRequired ? Self.required : "") + (column.isFixed ? Self.fixed : "")
            map[.string(column.name)] = .object(className: type, state: column.value)
        }
        let row: SessionValue = ["columns": .map(map), "data": data.map { .string($0) } ?? .null]
        return Array(Notation.text(of: row).utf8)
    }

    /// The column of a name; nil if there is none.
    public subscript(_ name: String) -> Column? { columns.first { $0.name == name } }
}
