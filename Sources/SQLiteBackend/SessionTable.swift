internal import FoundationEssentials
internal import GRDB
internal import SessionCore

/// A table of sessions with columns of their own and one of JSON for everything else, as score.session's mixins make it.
///
/// Follows score.session 0.4.7 (`_uuid`, `_data`) and 0.5.3 (`id`, `data`). A record's key is `table:TABLE:ID`, its payload a `TableRow`. Its
/// revision is a digest of its content; a commit compares the content itself. Rows do not expire and have no client flags.
struct SessionTable: RecordTable {
    /// A column but for the id's and the JSON's.
    struct Column: Hashable, Sendable {
        var name: String
        var type: String
        var isRequired: Bool
        var isFixed: Bool
        var hasDefault: Bool
    }

    let name: String
    let idColumn: String
    let dataColumn: String
    let columns: [Column]
    /// Whether ids are UUIDs without dashes.
    let hasShortIDs: Bool

    private var prefix: String { "table:\(name):" }

    /// The table as a store of sessions; nil if it is none.
    init?(_ name: String, in database: Database) throws {
        let all = try database.columns(in: name)
        let names = Set(all.map(\.name))
        let pairs = [("_uuid", "_data"), ("id", "data")]
        guard let (id, data) = pairs.first(where: { names.isSuperset(of: [$0.0, $0.1]) }),
            let idType = all.first(where: { $0.name == id })?.type.uppercased(),
            idType.contains("CHAR") || idType.contains("TEXT")
        else { return nil }
        self.name = name
        idColumn = id
        dataColumn = data
        hasShortIDs = idType.filter { $0 != " " }.hasSuffix("CHAR(32)")
        columns = all.filter { $0.name != id && $0.name != data }.map { column in
            Column(
                name: column.name, type: column.type, isRequired: column.isNotNull,
                isFixed: column.primaryKeyIndex > 0, hasDefault: column.defaultValueSQL != nil)
        }
    }

    func key(of id: String) -> RecordKey { RecordKey(prefix + id) }

    func owns(_ key: RecordKey) -> Bool { id(of: key) != nil }

    private func id(of key: RecordKey) -> String? {
        guard key.bytes.starts(with: prefix.utf8) else { return nil }
        guard let id = String(validating: key.bytes.dropFirst(prefix.utf8.count), as: UTF8.self) else { return nil }
        // What SQLAlchemy calls a UUID is kept without its dashes where it is 32 characters wide.
        return hasShortIDs && RandomSessionIDs.hasForm(id.lowercased().utf8) ? id.filter { $0 != "-" } : id
    }

    func record(_ key: RecordKey, in database: Database) throws -> StoredRecord? {
        guard let id = id(of: key), let row = try row(id, in: database) else { return nil }
        let payload = row.payload
        return StoredRecord(
            key: key, payload: payload, flags: 0, expiry: .never, revision: Revision(contentOf: payload))
    }

    private func row(_ id: String, in database: Database) throws -> TableRow? {
        let list = columns.map { ", \($0.name.quotedDatabaseIdentifier)" }.joined()
        let data = dataColumn.quotedDatabaseIdentifier
        let statement = try database.cachedStatement(
            sql:
                "SELECT typeof(\(data)), CAST(\(data) AS BLOB)\(list) FROM \(quoted) WHERE \(idColumn.quotedDatabaseIdentifier) = ?"
        )
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
        let values = columns.enumerated().map { index, column in
            TableRow.Column(
                name: column.name, type: column.type, isRequired: column.isRequired, isFixed: column.isFixed,
                value: SessionValue(row[index + 2] as DatabaseValue, declaredAs: column.type))
        }
        return TableRow(columns: values, data: try json(row[0] as DatabaseValue, row[1] as DatabaseValue))
    }

    /// The text of the JSON column by its type and its bytes; nil for null.
    private func json(_ type: DatabaseValue, _ value: DatabaseValue) throws -> String? {
        switch (type.storage, value.storage) {
        case (_, .null): return nil
        case (.string("text"), .blob(let bytes)):
            if let text = String(validating: bytes, as: UTF8.self) { return text }
            throw ForeignValue(table: name, column: dataColumn, found: "text that is not UTF-8", expected: "JSON")
        case (.string(let type), _):
            throw ForeignValue(table: name, column: dataColumn, found: "a value of type \(type)", expected: "JSON")
        default: return nil
        }
    }

    func isUnchanged(_ record: StoredRecord, since base: StoredRecord) -> Bool { record.payload == base.payload }

    func refusal(of write: RecordWrite) -> String? {
        switch write.change {
        case .delete: nil
        case .retime(.never), .put(_, _, .renew(.never)): refusal(ofPayload: write.change)
        case .retime, .put(_, _, .renew): "rows of the table \(name) do not expire; leave out the ttl"
        case .put: refusal(ofPayload: write.change)
        }
    }

    private func refusal(ofPayload change: RecordWrite.Change) -> String? {
        guard case .put(let payload, let flags, _) = change else { return nil }
        guard flags == 0 else { return "the table \(name) keeps no client flags, and the record has \(flags)" }
        return TableRow(payload: payload) == nil
            ? "the payload is no row of a table; edit its keys instead of replacing it as a whole" : nil
    }

    func perform(_ write: RecordWrite, over present: StoredRecord?, at now: Timestamp, in database: Database) throws {
        guard let id = id(of: write.key) else { return }
        switch write.change {
        case .delete: try remove(write.key, in: database)
        case .retime: break
        case .put(let payload, _, _):
            guard let new = TableRow(payload: payload) else { return }
            if let present, let old = TableRow(payload: present.payload) {
                try update(id, from: old, to: new, in: database)
            } else {
                try insert(id, new, in: database)
            }
        }
    }

    /// Writes what differs, so that a column that another program writes is not touched.
    private func update(_ id: String, from old: TableRow, to new: TableRow, in database: Database) throws {
        var changes: [(column: String, value: DatabaseValue)] = []
        for column in new.columns where !column.isFixed && old[column.name]?.value != column.value {
            changes.append((column.name, column.value.databaseValue))
        }
        if old.data != new.data { changes.append((dataColumn, new.data.databaseValue)) }
        guard !changes.isEmpty else { return }
        let list = changes.map { "\($0.column.quotedDatabaseIdentifier) = ?" }.joined(separator: ", ")
        try database.execute(
            sql: "UPDATE \(quoted) SET \(list) WHERE \(idColumn.quotedDatabaseIdentifier) = ?",
            arguments: StatementArguments(changes.map(\.value) + [id.databaseValue]))
    }

    private func insert(_ id: String, _ row: TableRow, in database: Database) throws {
        var data = row.data ?? "{}"
        var values = [(column: idColumn, value: id.databaseValue)]
        for column in columns {
            // Who made the row did not know the columns, so what is meant for one may stand in the JSON.
            if let value = try Self.taken(column.name, from: &data, in: database)
                ?? row[column.name]?.value.databaseValue
            {
                values.append((column.name, value))
            } else if column.name == "_type", column.isRequired, !column.hasDefault {
                // score.db keeps the name of a row's class there, and that of a table is `_` and the class's name.
                values.append((column.name, String(name.drop { $0 == "_" }).databaseValue))
            }
        }
        values.append((dataColumn, data.databaseValue))
        try database.execute(
            sql: "INSERT INTO \(quoted) (\(values.map(\.column.quotedDatabaseIdentifier).joined(separator: ", "))) "
                + "VALUES (\(values.map { _ in "?" }.joined(separator: ", ")))",
            arguments: StatementArguments(values.map(\.value)))
    }

    /// Takes the value of a key out of a JSON object; nil if it is not there, or holds more than one value.
    private static func taken(
        _ key: String, from data: inout String, in database: Database
    ) throws -> DatabaseValue? {
        guard !key.contains("\"") else { return nil }
        let path = "$.\"\(key)\""
        let row = try Row.fetchOne(
            database,
            sql: "SELECT json_extract(?1, ?2) AS value, json_remove(?1, ?2) AS rest, json_type(?1, ?2) AS type",
            arguments: [data, path])
        guard let row, let type = row["type"] as String?, type != "object", type != "array",
            let rest = row["rest"] as String?
        else { return nil }
        data = spaced(rest)
        return row["value"]
    }

    /// JSON without blanks, which is how SQLite gives it, with those that Python puts behind `:` and `,`.
    private static func spaced(_ json: String) -> String {
        var spaced: [UInt8] = []
        var (isInString, isEscaped) = (false, false)
        for byte in json.utf8 {
            spaced.append(byte)
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
            } else if byte == UInt8(ascii: ":") || byte == UInt8(ascii: ",") {
                spaced.append(UInt8(ascii: " "))
            }
        }
        return String(decoding: spaced, as: UTF8.self)
    }

    func remove(_ key: RecordKey, in database: Database) throws {
        guard let id = id(of: key) else { return }
        try database.execute(
            sql: "DELETE FROM \(quoted) WHERE \(idColumn.quotedDatabaseIdentifier) = ?", arguments: [id])
    }

    func expired(at now: Timestamp, in database: Database) throws -> [RecordKey] { [] }

    func rows(
        after rowID: Int64, limit: Int, at now: Timestamp, in database: Database
    ) throws -> (batch: ScanBatch, last: Int64)? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT rowid, \(idColumn.quotedDatabaseIdentifier), length(\(dataColumn.quotedDatabaseIdentifier))
                FROM \(quoted)
                WHERE rowid > ? ORDER BY rowid LIMIT ?
                """)
        let prefix = Array(prefix.utf8)
        return try Row.fetchCursor(statement, arguments: [rowID, limit]).batch { row, batch in
            let id = row.bytes(at: 1)
            guard !id.isEmpty else { return }
            let size = (row[2] as Int64? ?? 0) + Int64(prefix.count + id.count)
            batch.append(key: prefix + id, size: UInt32(clamping: size), expirySeconds: -1)
        }
    }
}

extension SessionValue {
    /// What a column holds.
    ///
    /// SQLite has no truth values: a number in a column declared as one is.
    init(_ stored: DatabaseValue, declaredAs type: String) {
        switch stored.storage {
        case .null: self = .null
        case .int64(let number):
            self = type.uppercased().hasPrefix("BOOL") && 0...1 ~= number ? .bool(number == 1) : .integer(Int(number))
        case .double(let number): self = .double(number)
        case .string(let text): self = .string(text)
        case .blob(let data): self = .bytes(Array(data))
        }
    }

    /// The value as SQLite keeps it; null for one that no column can hold, which formats refuse before.
    var databaseValue: DatabaseValue {
        switch self {
        case .bool(let flag): Int64(flag ? 1 : 0).databaseValue
        case .integer(let number): Int64(number).databaseValue
        case .double(let number): number.databaseValue
        case .string(let text): text.databaseValue
        case .bytes(let bytes): bytes.blob.databaseValue
        default: .null
        }
    }
}
