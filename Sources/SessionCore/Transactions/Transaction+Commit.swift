extension Transaction {
    /// Asks every participant to write, in two phases, and ends the transaction.
    ///
    /// One round trip a store with a single record whose life is set anew, two with several or with foreign ones, none
    /// where nothing is staged; one more a store that has lives to refresh.
    ///
    /// - Returns: What could not be made sure of when part of the commit stood already; empty when all is well.
    /// - Throws: A `participant` error, which says by `isRetryable` whether the work may succeed if it is done again;
    ///   `severalOneShotStores`, `hook`, `doomed`, `ended`, `failed`, `committing`. The transaction stays open, with
    ///   everything staged and every savepoint, unless something may have been written: then it has failed.
    @discardableResult
    public func commit() async throws(TransactionError) -> [InDoubt] {
        try withState { state throws(TransactionError) in try state.checkCommittable() }
        try await callBeforeCommit()
        let joined = try await afterRollbacks { state throws(TransactionError) in try state.startCommit() }
        var writers: [any Participant] = []
        for participant in joined where await participant.hasWrites { writers.append(participant) }
        let oneShot = writers.filter { $0.commitOrder == .oneShot }.map(\.name).sorted()
        guard oneShot.count <= 1 else {
            withState { $0.retreat(failure: nil) }
            throw .severalOneShotStores(oneShot)
        }
        var inDoubt = try await write(writers.sorted { ($0.commitOrder, $0.name) < ($1.commitOrder, $1.name) })
        inDoubt += await sessions.refreshLives(at: clock.now())
        sessions.end(isCommitted: true)
        let hooks = withState { $0.end(isCommitted: true) }
        for hook in hooks.afterCommit { await hook(true) }
        return inDoubt
    }

    /// Commits for a caller who gets no list to look at: what is in doubt is an error, unless it is lives only.
    func commitForSure(conflicts rule: ConflictRule = .refuse) async throws(TransactionError) {
        let inDoubt = try await commit(conflicts: rule).filter { !$0.concernsLivesOnly }
        guard inDoubt.isEmpty else { throw .inDoubt(inDoubt) }
    }

    /// Leads the participants through the phases; what began is aborted after a failure.
    private func write(_ writers: [any Participant]) async throws(TransactionError) -> [InDoubt] {
        var sequence = CommitSequence(count: writers.count)
        var inDoubt: [InDoubt] = []
        while case .call(let phase, let position) = sequence.next() {
            do throws(ParticipantError) {
                switch phase {
                case .begin: try await writers[position].begin()
                case .commit: try await writers[position].commit()
                case .vote: try await writers[position].vote()
                case .finish:
                    guard let doubt = await writers[position].finish() else { break }
                    // The first to finish, with nobody whose writes stand already: it can still be as if nothing had been.
                    if position == 0, let refusal = doubt.refusal,
                        !writers.contains(where: { $0.commitOrder == .oneShot })
                    {
                        throw refusal
                    }
                    inDoubt.append(doubt)
                }
            } catch {
                for position in sequence.abortedAfterFailure() { await writers[position].abort() }
                let failure = TransactionError.participant(error)
                await retreat(failure, mayHaveWritten: error.mayHaveWritten)
                throw failure
            }
        }
        return inDoubt
    }

    private func retreat(_ failure: TransactionError, mayHaveWritten: Bool) async {
        guard mayHaveWritten else { return withState { $0.retreat(failure: nil) } }
        let hooks = withState { state in
            state.retreat(failure: failure)
            defer { state.hooks.afterCommit = [] }
            return state.hooks.afterCommit
        }
        for hook in hooks { await hook(false) }
    }
}
