internal import GRDB
internal import GRDBSQLite
internal import SessionCore
internal import Synchronization

/// Writes in a transaction that is open on a connection of their own.
final class SQLiteBatch: PreparedBatch {
    let report: CommitReport
    private let store: String
    private let connection: SQLiteConnection
    private let ended: @Sendable (SQLiteConnection, _ isFinal: Bool) async -> Void
    private let isOpen: Mutex<Bool>

    /// A batch whose transaction is open, unless `report` tells of a conflict.
    ///
    /// `ended` gets the connection back.
    init(
        report: CommitReport, of store: String, on connection: SQLiteConnection,
        ended: @escaping @Sendable (SQLiteConnection, _ isFinal: Bool) async -> Void
    ) {
        self.report = report
        self.store = store
        self.connection = connection
        self.ended = ended
        isOpen = Mutex(report.isComplete)
    }

    /// Whether this call is the one that ends the transaction.
    private func end() -> Bool {
        isOpen.withLock { open in
            defer { open = false }
            return open
        }
    }

    /// Checks what SQLite leaves to the end of a transaction, such as foreign keys that are deferred.
    func confirm() async throws(StoreError) {
        let broken = try await connection.use(writing: true) { database in
            var open: CInt = 0
            var highest: CInt = 0
            // https://sqlite.org/c3ref/c_dbstatus_options.html: zero if and only if all deferred foreign keys are resolved.
            sqlite3_db_status(database.sqliteConnection, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0)
            return open != 0
        }
        guard broken else { return }
        throw StoreError(
            .constraint, store: store,
            detail: "a column refers to a row of another table that is not there; nothing was written.")
    }

    func finish() async throws(StoreError) {
        guard end() else { return }
        do throws(StoreError) { try await connection.finish { try $0.commit() } } catch {
            try? await connection.finish { database in
                if database.isInsideTransaction { try database.rollback() }
            }
            await ended(connection, false)
            throw error
        }
        await ended(connection, true)
    }

    func rollBack() async {
        guard end() else { return }
        try? await connection.finish { try $0.rollback() }
        await ended(connection, false)
    }

    /// A batch that nobody ends is taken back, so that no other writer waits for it.
    deinit {
        guard end() else { return }
        Task { [connection, ended] in
            try? await connection.finish { try $0.rollback() }
            await ended(connection, false)
        }
    }
}
