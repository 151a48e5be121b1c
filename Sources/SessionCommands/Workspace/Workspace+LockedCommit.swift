internal import OrderedCollections
internal import SessionCore

/// Commits under the locks of the sessions' frameworks.
extension Workspace {
    /// Asks for a commit of a plan, under locks if its options say so.
    mutating func commit(_ plan: Plan, _ purpose: CommitPurpose) throws(CommandFailure) -> Reply {
        var terms = try terms(of: plan, purpose.options)
        var lines: [String] = []
        if purpose.options.lockTries != nil, !plan.isEmpty {
            let found = try locks(of: plan)
            terms.locks = found.locks
            if purpose.failedTries == 0 { lines = found.without }
        }
        return Reply(lines: lines, effects: [request(.commit(plan, terms), .commit(plan, purpose))])
    }

    /// The locks of the sessions that a plan writes, and in words which sessions have none; refused where none has.
    private func locks(of plan: Plan) throws(CommandFailure) -> (locks: [SessionLock], without: [String]) {
        let written = Set(plan.steps.map(\.id))
        var locks: [SessionLock] = []
        var without: [String] = []
        for (session, open) in sessions where open.parts.contains(where: { written.contains($0.record) }) {
            guard let lock = lock(of: session) else {
                without.append("\(title(of: open)) has no lock: the \(session.container.profile) profile knows none")
                continue
            }
            guard lock.record != nil else {
                throw CommandFailure(
                    .refused,
                    "the \(lock.profile) profile says where the lock \(lock.id.key) is and not what it holds, so it can be looked at "
                        + "and not taken; commit without --lock")
            }
            if let store = stores[lock.id.store] { try checkKey(lock.id.key, store: store) }
            locks.append(lock)
        }
        guard !locks.isEmpty else {
            throw CommandFailure(
                .refused, "nothing was written: \(without.joined(separator: "; ")). Commit without --lock")
        }
        return (locks, without)
    }

    /// A try in which a running request held a lock: waits for the next, or gives up.
    mutating func lockHeld(
        _ lock: SessionLock, _ stored: StoredRecord?, _ plan: Plan, _ purpose: CommitPurpose
    ) throws(CommandFailure) -> Reply {
        var patience = LockPatience(tries: purpose.options.lockTries ?? 1, made: purpose.failedTries)
        if let record = lock.record, let pause = patience.failed(record.pause) {
            var purpose = purpose
            purpose.failedTries = patience.made
            return Reply(effects: [request(.pause(milliseconds: pause), .lockPause(plan, purpose))])
        }
        let state = stored.map { lock.words($0, at: purpose.now) } ?? "it changed hands as often as it was looked at"
        let tries = patience.made == 1 ? "" : ", in each of \(Quantities.count(patience.made)) tries"
        throw CommandFailure(
            .refused,
            "locked by a running request: \(lock.id.key), \(state)\(tries). Nothing was written and your edits are kept; "
                + "commit --lock=\(min(LockPatience.mostTries, max(10, patience.made * 2))) waits for it")
    }
}
