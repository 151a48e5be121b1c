import Foundation
import GRDB
import GRDBSQLite
import SQLiteBackend
import SessionClock
import SessionCore

/// A database file in a folder of its own, gone with the last reference.
final class FaultFile: Sendable {
    /// What connections to the file are refused.
    enum Limit: String, Hashable, Sendable {
        case none = "sessions"
        /// More pages than the file has: a disk that is full.
        case pages = "full"
        /// Values of more than 4,096 bytes.
        case length = "small"
    }

    private let folder: URL
    let path: String

    /// A file that Tidemark made, in a journal mode, holding some records.
    init(_ limit: Limit = .none, journal: String = "WAL", records: [RecordWrite]) async throws {
        _ = Self.limiting
        folder = FileManager.default.temporaryDirectory.appending(path: "tidemark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = folder.appending(path: "made.sqlite3").path
        path = folder.appending(path: "\(limit.rawValue).sqlite3").path
        let store = try await SQLiteStore.open(SQLiteAddress(path: made, mode: .create), clock: SystemClock())
        _ = try await store.commit(records)
        await store.close()
        let queue = try DatabaseQueue(path: made)
        try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = \(journal)") }
        try queue.close()
        try FileManager.default.moveItem(atPath: made, toPath: path)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Does something on another connection.
    func use<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction(body)
    }

    /// A transaction of another program that lasts until it is closed, and has read.
    func transaction(_ kind: Database.TransactionKind) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.beginTransaction(kind)
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM tidemark_records")
        }
        return queue
    }

    /// The payloads by key, as another program reads them.
    func records() throws -> [String: String] {
        try use { database in
            let sql = "SELECT CAST(key AS TEXT), CAST(payload AS TEXT) FROM tidemark_records"
            return try Row.fetchAll(database, sql: sql).reduce(into: [:]) { $0[$1[0]] = $1[1] }
        }
    }

    /// Sets limits, which are a matter of each connection, on every one that this process opens to a file of that name.
    private static let limiting: CInt = {
        let limit: @convention(c) (OpaquePointer?, UnsafeRawPointer?, UnsafeRawPointer?) -> CInt = { database, _, _ in
            guard let database, let name = sqlite3_db_filename(database, "main") else { return SQLITE_OK }
            let path = String(cString: name)
            if path.hasSuffix("/full.sqlite3") {
                return sqlite3_exec(database, "PRAGMA max_page_count = 1", nil, nil, nil)
            }
            if path.hasSuffix("/small.sqlite3") { sqlite3_limit(database, SQLITE_LIMIT_LENGTH, 4096) }
            return SQLITE_OK
        }
        return sqlite3_auto_extension(unsafeBitCast(limit, to: (@convention(c) () -> Void).self))
    }()
}
