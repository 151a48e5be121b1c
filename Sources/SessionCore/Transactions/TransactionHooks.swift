/// What is called around the end of a transaction.
struct TransactionHooks: Sendable {
    var beforeCommit: [@Sendable (Transaction) async throws -> Void] = []
    var afterCommit: [@Sendable (_ isCommitted: Bool) async -> Void] = []
    var beforeAbort: [@Sendable (Transaction) async -> Void] = []
    var afterAbort: [@Sendable () async -> Void] = []
}

extension Transaction {
    /// Calls something once when a commit starts, before any participant is asked.
    ///
    /// Hooks are called in the order they were added, also those that a hook adds; they may still open sessions, edit and
    /// join. An error stops the commit with nothing written, the transaction open and the hooks that did not run yet
    /// kept; it is thrown as `hook`, one of a transaction, a session or a store as what it is.
    public func beforeCommit(_ hook: @escaping @Sendable (Transaction) async throws -> Void)
        throws(TransactionError)
    {
        try addHook { $0.beforeCommit.append(hook) }
    }

    /// Calls something once when it is known whether the transaction committed.
    ///
    /// It gets true after a commit; false after one that failed for good, or was tried and then given up by `abort`.
    /// The transaction has ended then, and what the hook does cannot change its outcome.
    public func afterCommit(_ hook: @escaping @Sendable (_ isCommitted: Bool) async -> Void)
        throws(TransactionError)
    {
        try addHook { $0.afterCommit.append(hook) }
    }

    /// Calls something once when `abort` starts, while everything staged is still there to be seen.
    public func beforeAbort(_ hook: @escaping @Sendable (Transaction) async -> Void) throws(TransactionError) {
        try addHook { $0.beforeAbort.append(hook) }
    }

    /// Calls something once when `abort` has ended.
    public func afterAbort(_ hook: @escaping @Sendable () async -> Void) throws(TransactionError) {
        try addHook { $0.afterAbort.append(hook) }
    }

    private func addHook(_ change: (inout TransactionHooks) -> Void) throws(TransactionError) {
        try withState { state throws(TransactionError) in
            try state.checkOpen()
            change(&state.hooks)
        }
    }

    func callBeforeCommit() async throws(TransactionError) {
        while let hook = withState({ $0.hooks.beforeCommit.isEmpty ? nil : $0.hooks.beforeCommit.removeFirst() }) {
            do { try await hook(self) } catch { throw Self.cause(of: error) }
        }
    }

    /// The error of a hook, so that one that may pass is still known as such.
    private static func cause(of error: any Error) -> TransactionError {
        switch error {
        case let error as TransactionError: error
        case let error as ParticipantError: .participant(error)
        case let error as StoreError: .participant(ParticipantError(participant: error.store, kind: .store(error)))
        case SessionError.transaction(let error): error
        case SessionError.store(let error): cause(of: error)
        default: .hook("\(error)")
        }
    }

    func callBeforeAbort() async {
        while let hook = withState({ $0.hooks.beforeAbort.isEmpty ? nil : $0.hooks.beforeAbort.removeFirst() }) {
            await hook(self)
        }
    }
}
