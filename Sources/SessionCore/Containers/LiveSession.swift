/// A session without a transaction: every read sees the newest stored value, and every change is stored at once.
///
/// For what several processes look at while they run, such as the progress of a job. Nothing is kept between two calls.
public struct LiveSession: Sendable {
    /// The session's id.
    public let id: String
    /// Where it is.
    public let container: SessionContainer
    /// The packages that are loaded, where each has a record of its own.
    public let packages: [String]
    let clock: any WallClock

    /// Something is read from the newest stored state.
    ///
    /// One round trip, one more where the session's life is to be refreshed.
    ///
    /// - Parameter body: Reads; what it changes is dropped.
    /// - Returns: What the closure returned.
    /// - Throws: The closure's own error; `SessionError` if the store cannot be asked, `TransactionError` if the life
    ///   cannot be refreshed.
    public func read<Value>(_ body: (Session) throws -> Value) async throws -> Value {
        let transaction = Transaction(clock: clock)
        let session = try await transaction.open(id, in: container, packages: packages)
        let value = try body(session)
        try session.revert()
        try await transaction.commit()
        return value
    }

    /// Something is changed in the newest stored state, and stored.
    ///
    /// One round trip to load, and those of a commit; again for each writer that was faster.
    ///
    /// - Parameters:
    ///   - retries: How often it is done again at most when another writer was faster.
    ///   - body: Changes the draft; may run several times.
    /// - Returns: What the closure returned.
    /// - Throws: The closure's own error; `SessionError` if the store cannot be asked or an edit is refused,
    ///   `TransactionError` if the last try could not be stored.
    @discardableResult
    public func update<Value>(
        retries: Int = 100, _ body: (inout SessionDraft) throws -> Value
    ) async throws -> Value {
        var left = retries
        while true {
            let transaction = Transaction(clock: clock)
            let session = try await transaction.open(id, in: container, packages: packages)
            let value = try session.update(body)
            do throws(TransactionError) {
                try await transaction.commitForSure()
                return value
            } catch {
                guard error.isRetryable, left > 0, !Task.isCancelled else { throw error }
                left -= 1
            }
        }
    }
}

extension SessionContainer {
    /// A session whose reads always see the newest stored value, and whose changes are stored at once.
    public func live(_ id: String, packages: [String] = [], clock: any WallClock) -> LiveSession {
        LiveSession(id: id, container: self, packages: packages, clock: clock)
    }
}
