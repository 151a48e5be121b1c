internal import OrderedCollections
public import SessionCore

/// A row of a table of sessions (`TableRow`): columns and the JSON of everything else, shown as the keys of one map.
///
/// Follows score.session 0.4 and 0.5: a column is a key that is always there, null where it is unset. Removing it sets it to null. It takes
/// what its declared type takes by SQLite's rules of affinity (https://sqlite.org/datatype3.html), so that what is set is what is
/// read again. Every other key is in the JSON, which keeps its spelling. A column that names the row is no key. A key of the JSON that a
/// column also has cannot be seen, as in score, and stays.
public struct TableRowFormat: PayloadFormat {
    private let json = JSONFormat(isPython: true)

    /// The format.
    public init() {}

    /// `row`.
    public var name: String { "row" }

    /// Everything can be edited.
    public var readOnlyReason: String? { nil }

    /// Whether it is a row.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool { TableRow(payload: payload) != nil }

    private func row(_ payload: [UInt8]) throws(FormatError) -> TableRow {
        guard let row = TableRow(payload: payload) else { throw FormatError(format: name, problem: "it is no row") }
        return row
    }

    private func rest(_ row: TableRow) throws(FormatError) -> SessionMap {
        guard let data = row.data else { return [:] }
        guard case .map(let map) = try json.decode(Array(data.utf8)) else {
            throw FormatError(format: name, problem: "the JSON beside the columns is no object")
        }
        return map
    }

    /// The columns, then the keys of the JSON.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        let row = try row(payload)
        var map = SessionMap()
        for column in row.columns where !column.isFixed { map[.string(column.name)] = column.value }
        for (key, value) in try rest(row) where key.keyText.flatMap({ row[$0] }) == nil { map[key] = value }
        return .map(map)
    }

    /// The row with the edit made: changed columns, and the JSON with every byte outside the edited values.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        var row = try row(payload)
        let rest = try rest(row)
        let jsonEdit: Edit?
        switch edit {
        case .map(let entries):
            var others: OrderedDictionary<SessionValue, KeyEdit> = [:]
            for (key, entry) in entries {
                guard let index = row.columns.firstIndex(where: { .string($0.name) == key && !$0.isFixed }) else {
                    others[key] = entry
                    continue
                }
                try set(entry.edit?.value(over: tree.map?[key]) ?? .null, at: index, of: &row)
            }
            jsonEdit = others.isEmpty ? nil : .map(others)
        case .replaced(.map(let map)):
            var others = map
            for index in row.columns.indices where !row.columns[index].isFixed {
                try set(others.removeValue(forKey: .string(row.columns[index].name)) ?? .null, at: index, of: &row)
            }
            jsonEdit = .map(rest) == .map(others) ? nil : .replaced(.map(others))
        default: throw FormatError(format: name, problem: "a session is a map of keys")
        }
        if let jsonEdit {
            let data = try json.splice(jsonEdit, into: Array((row.data ?? "{}").utf8), tree: .map(rest))
            row.data = String(decoding: data, as: UTF8.self)
        }
        return row.payload
    }

    private func set(_ value: SessionValue, at index: Int, of row: inout TableRow) throws(FormatError) {
        if let reason = Self.refusal(of: value, in: row.columns[index]) {
            throw FormatError(format: name, problem: reason)
        }
        row.columns[index].value = value
    }

    /// A row whose table is not known: the store finds the columns among the keys.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        guard case .map = tree else { throw FormatError(format: name, problem: "a session is a map of keys") }
        return TableRow(columns: [], data: String(decoding: try json.encode(tree), as: UTF8.self)).payload
    }

    /// What JSON cannot hold.
    public func refusal(of value: SessionValue) -> String? { json.refusal(of: value) }

    /// What a column does not take, and what JSON cannot hold.
    public func refusal(
        of value: SessionValue?, at path: ValuePath, in root: EditedNode, payload: [UInt8]?
    ) -> String? {
        guard let value = value ?? remainder(afterRemoving: path, from: payload) else { return nil }
        guard case .key(.string(let key))? = path.first, let column = payload.flatMap({ TableRow(payload: $0) })?[key]
        else {
            if path.isEmpty, value.kind != .map { return "a session is a map of keys" }
            return path.isEmpty && payload != nil ? refusal(ofWhole: value, payload: payload) : refusal(of: value)
        }
        if column.isFixed { return "the column \(PrintableText.escaping(key)) names the row, and is not changed" }
        return Self.refusal(of: value, in: column)
    }

    private func refusal(ofWhole value: SessionValue, payload: [UInt8]?) -> String? {
        guard let payload, let row = TableRow(payload: payload), case .map(let map) = value else { return nil }
        for column in row.columns where !column.isFixed {
            if let reason = Self.refusal(of: map[.string(column.name)] ?? .null, in: column) { return reason }
        }
        return refusal(of: .map(map.filter { $0.key.keyText.flatMap { row[$0] } == nil }))
    }

    /// A column stays, with null in it.
    public func remainder(afterRemoving path: ValuePath, from payload: [UInt8]?) -> SessionValue? {
        guard path.count == 1, case .key(.string(let key))? = path.first,
            let column = payload.flatMap({ TableRow(payload: $0) })?[key], !column.isFixed
        else { return nil }
        return .null
    }

    /// Why a column does not take a value, as a sentence; nil if it does.
    private static func refusal(of value: SessionValue, in column: TableRow.Column) -> String? {
        let name = PrintableText.escaping(column.name)
        let type = PrintableText.escaping(column.type)
        let declared = type.uppercased()
        if value == .null { return column.isRequired ? "the column \(name) takes no null" : nil }
        let isText = declared.contains("CHAR") || declared.contains("CLOB") || declared.contains("TEXT")
        let isWhole = !isText && declared.contains("INT")
        let isBinary = type.isEmpty || declared.contains("BLOB")
        let isTruth = declared.hasPrefix("BOOL")
        let fits =
            switch value {
            case .integer: !isText && !isBinary || type.isEmpty
            case .double(let number): number.isFinite && (!isText && !isWhole && !isTruth && !isBinary || type.isEmpty)
            case .string(let text): !text.utf8.contains(0) && !isWhole && !isTruth && (!isBinary || type.isEmpty)
            case .bytes: isBinary
            case .bool: isTruth
            default: false
            }
        guard !fits else { return nil }
        return "the column \(name) is \(type.isEmpty ? "without a type" : type), which takes no \(value.kind.rawValue)"
    }
}
