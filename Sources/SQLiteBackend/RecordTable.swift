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

    /// How many records there are, those that have expired among them.
    func count(in database: Database) throws -> Int {
        try Int.fetchOne(database.cachedStatement(sql: "SELECT count(*) FROM \(quoted)")) ?? 0
    }
}

extension [UInt8] {
    /// The bytes as a value of SQLite's type BLOB.
    var blob: Data { Data(self) }
}

extension Row {
    /// The bytes of a column; those of its text where it holds text.
    func bytes(_ column: String) -> [UInt8] { (self[column] as Data?).map { Array($0) } ?? [] }

    /// The bytes of a column by its position; none for null.
    func bytes(at position: Int) -> Data { self[position] as Data? ?? Data() }
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
