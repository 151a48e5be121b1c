internal import FoundationEssentials
internal import GRDB
internal import SessionCore

/// The table of a file that Tidemark made: keys, payloads and flags as memcached keeps them, and revisions.
///
/// Revisions are counted for the whole file, so that one that was deleted and made again is another.
struct OwnTable: RecordTable {
    static let tableName = "tidemark_records"
    /// What marks the file as ours in its header: `TIDE`.
    static let applicationID: Int32 = 0x5449_4445
    /// The version of the schema.
    static let version = 1

    var name: String { Self.tableName }

    /// Makes the tables in an empty file.
    static func create(in database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE tidemark_records (
                    key BLOB NOT NULL UNIQUE,
                    payload BLOB NOT NULL,
                    flags INTEGER NOT NULL,
                    expiry INTEGER, -- milliseconds since 1970; NULL for never
                    revision INTEGER NOT NULL
                );
                CREATE INDEX tidemark_expiries ON tidemark_records (expiry) WHERE expiry IS NOT NULL;
                CREATE TABLE tidemark_state (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL);
                INSERT INTO tidemark_state VALUES (1, 0);
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(version);
                """)
    }

    func owns(_ key: RecordKey) -> Bool { true }

    func record(_ key: RecordKey, in database: Database) throws -> StoredRecord? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT CAST(payload AS BLOB) AS payload, flags, expiry, revision FROM tidemark_records WHERE key = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [key.bytes.blob]) else { return nil }
        let flags = try row.integer("flags", of: name) ?? 0
        let revision = try row.integer("revision", of: name) ?? 0
        return StoredRecord(
            key: key, payload: row.bytes("payload"), flags: UInt32(truncatingIfNeeded: flags),
            expiry: Self.expiry(try row.integer("expiry", of: name)), revision: Revision(UInt64(bitPattern: revision)))
    }

    private static func expiry(_ milliseconds: Int64?) -> Expiry {
        milliseconds.map { .at(Timestamp(milliseconds: $0)) } ?? .never
    }

    private static func milliseconds(_ expiry: Expiry) -> Int64? {
        if case .at(let moment) = expiry { moment.milliseconds } else { nil }
    }

    func isUnchanged(_ record: StoredRecord, since base: StoredRecord) -> Bool {
        record.revision.number == base.revision.number
    }

    func refusal(of write: RecordWrite) -> String? { nil }

    func perform(_ write: RecordWrite, over present: StoredRecord?, at now: Timestamp, in database: Database) throws {
        switch write.change {
        case .delete: try remove(write.key, in: database)
        case .retime(let lifetime):
            try database.cachedStatement(sql: "UPDATE tidemark_records SET expiry = ? WHERE key = ?")
                .execute(arguments: [Self.milliseconds(Expiry(lifetime, from: now)), write.key.bytes.blob])
        case .put(let payload, let flags, let change):
            let expiry =
                switch change {
                case .keep: present?.expiry ?? .never
                case .renew(let lifetime): Expiry(lifetime, from: now)
                }
            let revision = try Int64.fetchOne(
                database.cachedStatement(
                    sql: "UPDATE tidemark_state SET revision = revision + 1 WHERE id = 1 RETURNING revision"))
            try database.cachedStatement(
                sql: """
                    INSERT INTO tidemark_records (key, payload, flags, expiry, revision) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, flags = excluded.flags,
                    expiry = excluded.expiry, revision = excluded.revision
                    """
            ).execute(
                arguments: [
                    write.key.bytes.blob, payload.blob, Int64(flags), Self.milliseconds(expiry), revision,
                ])
        }
    }

    func remove(_ key: RecordKey, in database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM tidemark_records WHERE key = ?")
            .execute(arguments: [key.bytes.blob])
    }

    func expired(at now: Timestamp, in database: Database) throws -> [RecordKey] {
        let statement = try database.cachedStatement(
            sql: "SELECT CAST(key AS BLOB) AS key FROM tidemark_records WHERE expiry <= ?")
        return try Row.fetchAll(statement, arguments: [now.milliseconds]).map { RecordKey($0.bytes("key")) }
    }

    func prune(_ limit: Int, at now: Timestamp, in database: Database) throws -> [RecordKey] {
        let statement = try database.cachedStatement(
            sql: """
                DELETE FROM tidemark_records WHERE rowid IN
                (SELECT rowid FROM tidemark_records WHERE expiry <= ? LIMIT ?) RETURNING CAST(key AS BLOB) AS key
                """)
        return try Row.fetchAll(statement, arguments: [now.milliseconds, limit]).map { RecordKey($0.bytes("key")) }
    }

    func rows(
        after rowID: Int64, limit: Int, at now: Timestamp, in database: Database
    ) throws -> (batch: ScanBatch, last: Int64)? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT rowid, key, length(key) + length(payload), expiry FROM tidemark_records
                WHERE rowid > ? ORDER BY rowid LIMIT ?
                """)
        return try Row.fetchCursor(statement, arguments: [rowID, limit]).batch { row, batch in
            let expiry = Self.expiry(row[3])
            guard !expiry.isPast(at: now) else { return }
            batch.append(
                key: row.bytes(at: 1), size: UInt32(clamping: row[2] as Int64), expirySeconds: expiry.seconds)
        }
    }
}
