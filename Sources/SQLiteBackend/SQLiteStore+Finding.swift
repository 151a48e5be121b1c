internal import GRDB
public import SessionCore

extension SQLiteStore: QueryableStore {
    /// Finds rows of a table of sessions by their columns; the JSON is not read.
    public func find(_ query: ColumnQuery, in container: [UInt8]) async throws(StoreError) -> ColumnListing {
        try refuseIfClosed()
        let tables = schema.tables.compactMap { $0 as? SessionTable }
        guard let table = tables.first(where: { Array($0.name.utf8) == container }) else {
            let known = tables.map { PrintableText.escaping($0.name) }.joined(separator: ", ")
            throw StoreError(
                .unsupported, store: name,
                detail: "the container \(PrintableText.escaping(container)) has no columns to find sessions by"
                    + (known.isEmpty ? "." : "; \(known) has."))
        }
        let names = table.queriedColumns
        for column in query.conditions.map(\.column) + (query.order.map { [$0] } ?? []) where !names.contains(column) {
            throw StoreError(
                .unsupported, store: name,
                detail:
                    "the table \(PrintableText.escaping(table.name)) has no column \(PrintableText.escaping(column)); there are "
                    + names.map { PrintableText.escaping($0) }.joined(separator: ", ") + ".")
        }
        return try await reading("find \(PrintableText.escaping(table.name))") { try table.find(query, in: $0) }
    }
}

extension SessionTable {
    /// The columns that can be asked for, the id's first.
    var queriedColumns: [String] { [idColumn] + columns.map(\.name) }

    fileprivate func find(_ query: ColumnQuery, in database: Database) throws -> ColumnListing {
        let list = queriedColumns.map(\.quotedDatabaseIdentifier).joined(separator: ", ")
        var sql = "SELECT \(list) FROM \(quoted)"
        var arguments: [DatabaseValue] = []
        if !query.conditions.isEmpty {
            sql += " WHERE "
            sql += query.conditions.map { condition in
                arguments.append(condition.value.databaseValue)
                return "\(condition.column.quotedDatabaseIdentifier) \(condition.comparison.sql) ?"
            }.joined(separator: " AND ")
        }
        let direction = query.isDescending ? "DESC" : "ASC"
        sql +=
            " ORDER BY \(query.order.map { "\($0.quotedDatabaseIdentifier) \(direction), " } ?? "")rowid \(direction)"
        sql += " LIMIT \(query.limit + 1)"
        var rows: [ColumnListing.Row] = []
        let cursor = try Row.fetchCursor(database, sql: sql, arguments: StatementArguments(arguments))
        while let row = try cursor.next() {
            guard let id = row[0] as String? else { continue }
            let values = columns.enumerated().map { index, column in
                SessionValue(row[index + 1] as DatabaseValue, declaredAs: column.type)
            }
            rows.append(ColumnListing.Row(key: key(of: id), values: values))
        }
        let hasMore = rows.count > query.limit
        return ColumnListing(columns: columns.map(\.name), rows: Array(rows.prefix(query.limit)), hasMore: hasMore)
    }
}

extension ColumnQuery.Comparison {
    /// The comparison in SQL, where `IS` holds two nulls equal.
    fileprivate var sql: String {
        switch self {
        case .equal: "IS"
        case .unequal: "IS NOT"
        case .less, .atMost, .greater, .atLeast: rawValue
        }
    }
}
