internal import FoundationEssentials
internal import GRDB
internal import SessionCore

/// The table `kvcache` of score.kvcache's `FileCache`: container, key, value and the moment of expiry.
///
/// Follows score.kvcache 0.2.2. A record's key is `kvcache:CONTAINER:KEY`. Its revision is a digest of its content; a commit compares the
/// content itself. There are no client flags. The moment is a floating point number of seconds since 1970; score has no `never`, so that is
/// written as the end of the year 9999. A key that score invalidated is a row that holds a pickled `None`: it is absent here, as what
/// score reads from it makes its session fail.
struct CacheTable: RecordTable {
    static let tableName = "kvcache"
    /// The columns by which the table is known.
    static let columns: Set<String> = ["container", "key", "value", "expire"]
    private static let prefix = Array("kvcache:".utf8)
    /// 9999-12-31 23:59:59 UTC.
    private static let endOfTime: Double = 253_402_300_799

    var name: String { Self.tableName }

    func owns(_ key: RecordKey) -> Bool { parts(of: key) != nil }

    /// A colon of a container's name is `%3A` in a record's key, so that the first one ends it.
    private func parts(of key: RecordKey) -> (container: String, key: String)? {
        guard key.bytes.starts(with: Self.prefix) else { return nil }
        let rest = key.bytes.dropFirst(Self.prefix.count)
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")),
            let container = String(validating: rest[..<colon], as: UTF8.self),
            let name = String(validating: rest[(colon + 1)...], as: UTF8.self)
        else { return nil }
        return (container.replacing("%3A", with: ":").replacing("%25", with: "%"), name)
    }

    private func key(container: String, key: String) -> RecordKey {
        RecordKey("kvcache:\(container.replacing("%", with: "%25").replacing(":", with: "%3A")):\(key)")
    }

    func record(_ key: RecordKey, in database: Database) throws -> StoredRecord? {
        guard let parts = parts(of: key) else { return nil }
        let statement = try database.cachedStatement(
            sql: "SELECT CAST(value AS BLOB) AS value, expire FROM kvcache WHERE container = ? AND key = ?")
        guard let row = try Row.fetchOne(statement, arguments: [parts.container, parts.key]) else { return nil }
        let value = row.bytes("value")
        guard !Self.isTombstone(value), let expiry = Self.expiry(try row.number("expire", of: name)) else { return nil }
        return StoredRecord(key: key, payload: value, flags: 0, expiry: expiry, revision: Revision(contentOf: value))
    }

    /// A pickled `None`, of any protocol.
    private static func isTombstone(_ value: [UInt8]) -> Bool {
        value == Array("N.".utf8) || value.count == 4 && value[0] == 0x80 && value[2...] == [0x4E, 0x2E]
    }

    /// Nil for a row without a moment, which score never finds.
    private static func expiry(_ seconds: Double?) -> Expiry? {
        guard let seconds, seconds.isFinite else { return nil }
        guard seconds < endOfTime else { return .never }
        return .at(Timestamp(milliseconds: Int64(max(seconds, 0) * 1000)))
    }

    private static func seconds(_ expiry: Expiry) -> Double {
        if case .at(let moment) = expiry { min(Double(moment.milliseconds) / 1000, endOfTime) } else { endOfTime }
    }

    func isUnchanged(_ record: StoredRecord, since base: StoredRecord) -> Bool { record.payload == base.payload }

    func refusal(of write: RecordWrite) -> String? {
        guard case .put(_, let flags, _) = write.change, flags != 0 else { return nil }
        return "the table kvcache keeps no client flags, and the record has \(flags)"
    }

    func perform(_ write: RecordWrite, over present: StoredRecord?, at now: Timestamp, in database: Database) throws {
        guard let parts = parts(of: write.key) else { return }
        switch write.change {
        case .delete: try remove(write.key, in: database)
        case .retime(let lifetime):
            try database.cachedStatement(sql: "UPDATE kvcache SET expire = ? WHERE container = ? AND key = ?")
                .execute(arguments: [Self.seconds(Expiry(lifetime, from: now)), parts.container, parts.key])
        case .put(let payload, _, .keep):
            try database.cachedStatement(sql: "UPDATE kvcache SET value = ? WHERE container = ? AND key = ?")
                .execute(arguments: [payload.blob, parts.container, parts.key])
        case .put(let payload, _, .renew(let lifetime)):
            // As score writes it; a row that is left from an expired or invalidated key is written over.
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO kvcache (container, key, value, expire) VALUES (?, ?, ?, ?)"
            ).execute(
                arguments: [
                    parts.container, parts.key, payload.blob, Self.seconds(Expiry(lifetime, from: now)),
                ])
        }
    }

    func remove(_ key: RecordKey, in database: Database) throws {
        guard let parts = parts(of: key) else { return }
        try database.cachedStatement(sql: "DELETE FROM kvcache WHERE container = ? AND key = ?")
            .execute(arguments: [parts.container, parts.key])
    }

    func expired(at now: Timestamp, in database: Database) throws -> [RecordKey] {
        let statement = try database.cachedStatement(sql: "SELECT container, key FROM kvcache WHERE expire <= ?")
        let cursor = try Row.fetchCursor(statement, arguments: [Double(now.milliseconds) / 1000])
        var keys: [RecordKey] = []
        while let row = try cursor.next() {
            guard let container = row[0] as String?, let name = row[1] as String? else { continue }
            keys.append(key(container: container, key: name))
        }
        return keys
    }

    func rows(
        after rowID: Int64, limit: Int, at now: Timestamp, in database: Database
    ) throws -> (batch: ScanBatch, last: Int64)? {
        // Only short values are read: a tombstone is one of them.
        let statement = try database.cachedStatement(
            sql: """
                SELECT rowid, container, key, length(value), expire, CASE WHEN length(value) <= 4 THEN value END FROM kvcache
                WHERE rowid > ? ORDER BY rowid LIMIT ?
                """)
        return try Row.fetchCursor(statement, arguments: [rowID, limit]).batch { row, batch in
            guard let container = row[1] as String?, let name = row[2] as String?,
                let expiry = Self.expiry(row[4]), !expiry.isPast(at: now), !Self.isTombstone(Array(row.bytes(at: 5)))
            else { return }
            let key = key(container: container, key: name).bytes
            let size = (row[3] as Int64? ?? 0) + Int64(key.count)
            batch.append(key: key, size: UInt32(clamping: size), expirySeconds: expiry.seconds)
        }
    }
}

extension Revision {
    /// The revision of something that has none of its own: a digest of its content (FNV-1a of 64 bits).
    ///
    /// It tells versions apart on a screen; commits compare the content.
    init(contentOf bytes: [UInt8]) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        self.init(hash)
    }
}
