internal import GRDB
internal import SessionCore

/// Which tables of a database hold sessions.
struct DatabaseSchema: Sendable {
    /// The tables; each key is of at most one.
    let tables: [any RecordTable]
    /// Whether Tidemark made the file.
    var isOwn: Bool { tables.first is OwnTable }

    /// Looks at a database that is there; throws `unreadable` for one without sessions.
    init(reading database: Database, store: String) throws {
        let names = try String.fetchAll(
            database,
            sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        if names.contains(OwnTable.tableName) {
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard version == OwnTable.version else {
                throw StoreError(
                    .unreadable, store: store,
                    detail:
                        "the file has version \(version) of Tidemark's tables, and this program knows \(OwnTable.version). "
                        + "Use the program that made it.")
            }
            tables = [OwnTable()]
            return
        }
        var tables: [any RecordTable] = []
        for name in names {
            if name == CacheTable.tableName,
                Set(try database.columns(in: name).map(\.name)).isSuperset(of: CacheTable.columns)
            {
                tables.append(CacheTable())
            } else if let table = try SessionTable(name, in: database) {
                tables.append(table)
            }
        }
        guard !tables.isEmpty else {
            let found = names.isEmpty ? "has no tables" : "has the tables \(names.prefix(8).joined(separator: ", "))"
            throw StoreError(
                .unreadable, store: store,
                detail:
                    "the database \(PrintableText.escaping(found)), and none that sessions are known to be kept in: kvcache, or a table with "
                    + "the columns _uuid and _data, or id and data. It was not changed; a new file is made with ?mode=rwc."
            )
        }
        self.tables = tables
    }

    /// The tables of a file that was just made.
    init() { tables = [OwnTable()] }

    /// The table of a key; nil if there is none.
    func table(of key: RecordKey) -> (any RecordTable)? { tables.first { $0.owns(key) } }
}
