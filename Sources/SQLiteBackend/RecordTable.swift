internal import FoundationEssentials
internal import GRDB
internal import SessionCore

/// A table of a database, seen as records.
///
/// All functions work in the transaction that is open on the connection, and let SQLite's errors through.
protocol RecordTable: Sendable {
    /// The table's name.
    var name: String { get }

    /// Whether the record of a key stands in this table; every key is of at most one table.
    func owns(_ key: RecordKey) -> Bool

    /// The record, expired or not; nil if there is none.
    func record(_ key: RecordKey, in database: Database) throws -> StoredRecord?

    /// Whether a record is still the version that was loaded.
    func isUnchanged(_ record: StoredRecord, since base: StoredRecord) -> Bool

    /// Why the table cannot take a write, as a sentence; nil if it can.
    func refusal(of write: RecordWrite) -> String?

    /// Makes a write whose condition holds; `present` is what is there, which has expired where the write adds.
    func perform(_ write: RecordWrite, over present: StoredRecord?, at now: Timestamp, in database: Database) throws

    /// Removes a record.
    func remove(_ key: RecordKey, in database: Database) throws

    /// The keys of the records that have expired.
    func expired(at now: Timestamp, in database: Database) throws -> [RecordKey]

    /// Removes some of the records that have expired, at most `limit`, and returns their keys.
    ///
    /// Foreign tables are left to their applications.
    func prune(_ limit: Int, at now: Timestamp, in database: Database) throws -> [RecordKey]

    /// The next records behind a row number, at most `limit`, and the number of the last; nil when there are none.
    func rows(
        after rowID: Int64, limit: Int, at now: Timestamp, in database: Database
    ) throws -> (batch: ScanBatch, last: Int64)?

    /// How many records there are, those that have expired among them.
    func count(in database: Database) throws -> Int
}

extension RecordTable {
    /// The table's name as SQL.
    var quoted: String { name.quotedDatabaseIdentifier }

    func prune(_ limit: Int, at now: Timestamp, in database: Database) throws -> [RecordKey] { [] }

    /// How many records there are, those that have expired among them.
    func count(in database: Database) throws -> Int {
        try Int.fetchOne(database.cachedStatement(sql: "SELECT count(*) FROM \(quoted)")) ?? 0
    }
}

extension [UInt8] {
    /// The bytes as a value of SQLite's type BLOB.
    var blob: Data { Data(self) }
}

/// A value of a type that a column's application never writes; SQLite lets every column hold every type.
struct ForeignValue: Error {
    let table: String
    let column: String
    let found: String
    let expected: String
}

extension Row {
    /// The bytes of a column that the query casts to a BLOB; none for null.
    ///
    /// Without the cast a text would end at its first byte 0.
    func bytes(_ column: String) -> [UInt8] {
        if case .blob(let data) = (self[column] as DatabaseValue).storage { Array(data) } else { [] }
    }

    /// The whole number in a column; nil for null.
    func integer(_ column: String, of table: String) throws -> Int64? {
        let value = self[column] as DatabaseValue
        switch value.storage {
        case .null: return nil
        case .int64(let number): return number
        default: throw ForeignValue(table: table, column: column, found: value.kind, expected: "a whole number")
        }
    }

    /// The number in a column; nil for null.
    func number(_ column: String, of table: String) throws -> Double? {
        let value = self[column] as DatabaseValue
        switch value.storage {
        case .null: return nil
        case .int64(let number): return Double(number)
        case .double(let number): return number
        default: throw ForeignValue(table: table, column: column, found: value.kind, expected: "a number")
        }
    }

    /// The bytes of a column of a row that a cursor stands on, whatever its type; none for null.
    func bytes(at position: Int) -> Data { self[position] as Data? ?? Data() }
}

extension DatabaseValue {
    /// The kind of value, in words.
    var kind: String {
        switch storage {
        case .null: "nothing"
        case .int64: "a whole number"
        case .double: "a number"
        case .string: "text"
        case .blob: "bytes"
        }
    }
}

extension RowCursor {
    /// The rows as a batch, and the largest row number seen, which is the first column; nil without rows.
    ///
    /// `add` adds a row to the batch, or does not: a million keys are bytes in a few arrays, and no object each. It names
    /// columns by their position, as looking up names costs more than all else.
    func batch(_ add: (Row, inout ScanBatch) throws -> Void) throws -> (batch: ScanBatch, last: Int64)? {
        var batch = ScanBatch()
        var last: Int64?
        while let row = try next() {
            last = row[0]
            try add(row, &batch)
        }
        return last.map { (batch, $0) }
    }
}
