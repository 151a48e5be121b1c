extension Transaction {
    /// The transaction that the running task works in.
    @TaskLocal static var current: Transaction?
}

/// Runs some work in a transaction and commits it; does both again when another writer was faster.
///
/// The work may run several times, each time in a new transaction, so it must not keep anything of an earlier one. It is
/// done again only after a `RetryableError` that says so, such as a conflict: aborted, loaded anew, run and committed. Any other error
/// aborts the transaction and is thrown on. Work that aborts its transaction itself is not committed; work that dooms it
/// gets `doomed`.
///
/// - Parameters:
///   - clock: The time by which sessions time out.
///   - ids: Gives new sessions their ids; random UUIDs by default.
///   - retries: How often the work is done again at most, from 0.
///   - rule: What a commit does about records that changed since they were loaded.
///   - body: The work.
/// - Returns: What the work returned.
/// - Throws: `TransactionError.inDoubt` if it was committed and one of several stores then failed; `TransactionError.nested` if the task works in an open transaction already, before anything is done; the
///   work's own error; the commit's error after the last try.
public func withTransaction<Value>(
    clock: any WallClock, ids: any SessionIDSource = RandomSessionIDs(), retries: Int = 3,
    conflicts rule: ConflictRule = .refuse, _ body: (Transaction) async throws -> Value
) async throws -> Value {
    if let current = Transaction.current, !current.hasEnded { throw TransactionError.nested }
    var left = retries
    while true {
        let transaction = Transaction(clock: clock, ids: ids)
        do {
            let value = try await Transaction.$current.withValue(transaction) {
                let value = try await body(transaction)
                if !transaction.hasEnded { try await transaction.commitForSure(conflicts: rule) }
                return value
            }
            return value
        } catch {
            // Participants are asked before the abort, while they still know what they were doing.
            let isWorthIt = transaction.mayRetry(error)
            if !transaction.hasEnded { try await transaction.abort() }
            guard isWorthIt, left > 0, !Task.isCancelled else { throw error }
            left -= 1
        }
    }
}

extension Transaction {
    /// Whether it was committed or aborted.
    public var hasEnded: Bool { withState { $0.phase == .ended } }

    /// Whether it ended with a commit.
    public var isCommitted: Bool { withState { $0.isCommitted } }

    /// Whether the work may succeed if it is done again after an error: the error says so, or a participant does.
    public func mayRetry(_ error: any Error) -> Bool {
        if let error = error as? any RetryableError, error.isRetryable { return true }
        return withState { $0.joined }.contains { $0.participant.shouldRetry(error) }
    }
}
