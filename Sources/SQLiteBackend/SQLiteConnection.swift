internal import GRDB
internal import SessionCore

/// One connection to a database file, used by one request at a time.
struct SQLiteConnection: Sendable {
    private let queue: DatabaseQueue
    private let failure: DatabaseFailure

    /// Opens a file that is there.
    ///
    /// The file's journal mode and schema stay as they are.
    init(_ address: SQLiteAddress, isReadOnly: Bool, failure: DatabaseFailure) throws(StoreError) {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(Double(failure.timeout) / 1000)
        // A prepared batch is a transaction that is open between two requests.
        configuration.allowsUnsafeTransactions = true
        configuration.label = "tidemark"
        self.failure = failure
        do { queue = try DatabaseQueue(path: address.path, configuration: configuration) } catch {
            throw failure.storeError(error, writing: false)
        }
    }

    /// Does something on the connection.
    func use<Result: Sendable>(
        writing: Bool = false, _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        do { return try await queue.writeWithoutTransaction(body) } catch {
            throw failure.storeError(error, writing: writing)
        }
    }

    /// Does something on the connection that must happen even if nobody waits for it any more, such as ending a transaction.
    func finish(_ body: @escaping @Sendable (Database) throws -> Void) async throws(StoreError) {
        // A cancelled task would be refused by the queue; one of its own is not cancelled.
        let result = await Task {
            do throws(StoreError) {
                try await use(writing: true, body)
                return Result<Void, StoreError>.success(())
            } catch { return .failure(error) }
        }.value
        try result.get()
    }

    /// Ends the connection.
    func close() { try? queue.close() }
}
