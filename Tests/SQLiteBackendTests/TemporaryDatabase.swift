import Foundation
import GRDB
import SQLiteBackend
import SessionClock
import SessionCore
import StoreLaws

/// A database file in a folder of its own, gone with the last reference.
final class TemporaryDatabase: Sendable {
    let folder: URL
    let path: String

    /// A path where no file is yet.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tidemark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: "sessions.sqlite3").path
    }

    /// A copy of a file that a real application's library wrote.
    convenience init(fixture: String) throws {
        try self.init()
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(fixture)")
        try FileManager.default.copyItem(atPath: source.path, toPath: path)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var bytes: Data { (try? Data(contentsOf: URL(filePath: path))) ?? Data() }

    func open(
        _ mode: SQLiteAddress.Mode = .readWrite, timeout: Int64 = SQLiteStore.usualTimeout,
        clock: any WallClock = SystemClock()
    ) async throws -> SQLiteStore {
        try await SQLiteStore.open(SQLiteAddress(path: path, mode: mode), timeout: timeout, clock: clock)
    }

    /// Another program on the same file.
    func outsider(_ body: (Database) throws -> Void) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction(body)
        try queue.close()
    }

    /// A transaction of another program, which lasts until it is closed; one that only reads has read.
    func outsideTransaction(_ kind: Database.TransactionKind) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.beginTransaction(kind)
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
        }
        return queue
    }

    /// The rows of a query, as another program sees them, in words.
    func rows(_ sql: String) throws -> [String] {
        var lines: [String] = []
        try outsider { database in
            lines = try Row.fetchAll(database, sql: sql).map { row in
                row.databaseValues.map { value in
                    switch value.storage {
                    case .null: "NULL"
                    case .blob(let data): "\(data.count) bytes"
                    case .string(let text): text
                    default: "\(value)"
                    }
                }.joined(separator: "|")
            }
        }
        return lines
    }
}
