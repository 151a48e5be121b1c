internal import SessionCore

/// Commits under locks: takes them all, commits, and gives them back however that went.
extension Runner {
    /// What came of taking locks.
    private enum Taking {
        case taken([HeldLock])
        case held(SessionLock, StoredRecord?)
    }

    /// Takes the locks without waiting for any, commits, and releases them; nothing of it is left when a lock is not to be had.
    ///
    /// - Parameters:
    ///   - plan: What is written.
    ///   - terms: What the commit has to keep to, with the locks; they are taken in the order of their keys.
    /// - Returns: What came of it, and how the locks ended if there was a commit.
    /// - Throws: A failure to take a lock, or a name that was not given; nothing was written.
    func commitUnderLocks(
        _ plan: Plan, _ terms: CommitTerms
    ) async throws(CommandFailure) -> (StoreResult.Outcome, LockReport?) {
        try checkNames(plan, terms)
        switch try await take(terms.locks.sorted { $0.id < $1.id }) {
        case .held(let lock, let stored): return (.lockHeld(lock, stored), nil)
        case .taken(let held):
            let outcome: StoreResult.Outcome
            do throws(CommandFailure) { outcome = try await commit(plan, terms) } catch { outcome = .failed(error) }
            return (outcome, LockReport(entries: await release(held)))
        }
    }

    private func take(_ locks: [SessionLock]) async throws(CommandFailure) -> Taking {
        var taken: [HeldLock] = []
        for lock in locks {
            guard let record = lock.record else { continue }
            do throws(CommandFailure) {
                switch try await take(lock, record: record) {
                case .taken(let held): taken.append(held)
                case .held(let stored):
                    _ = await release(taken)
                    return .held(lock, stored)
                case .unsure(let reason):
                    throw CommandFailure(
                        .failed,
                        "nobody knows whether the lock \(lock.id.key) was taken: \(reason). Nothing else was written. "
                            + "\(lock.lifeWords)")
                case .write, .look: break
                }
            } catch {
                _ = await release(taken)
                throw error
            }
        }
        return .taken(taken)
    }

    private func take(
        _ lock: SessionLock, record: LockRecord
    ) async throws(CommandFailure) -> LockAttempt.Action {
        let store = try store(lock.id.store)
        var attempt = LockAttempt(lock, record: record)
        var action = attempt.next(.started, at: now)
        do throws(StoreError) {
            while true {
                switch action {
                case .write(let write):
                    action = attempt.next(.written(try await Self.outcome(of: write, in: store)), at: now)
                case .look: action = attempt.next(.found(try await store.load([lock.id.key])[lock.id.key]), at: now)
                case .taken, .held, .unsure: return action
                }
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    private func release(_ held: [HeldLock]) async -> [LockReport.Entry] {
        var entries: [LockReport.Entry] = []
        for held in held.reversed() {
            guard let record = held.lock.record else { continue }
            entries.append(LockReport.Entry(lock: held.lock, end: await release(held, record: record)))
        }
        return entries
    }

    private func release(_ held: HeldLock, record: LockRecord) async -> LockEnd {
        var release = LockRelease(held, record: record)
        var action = release.next(.started)
        do {
            let store = try store(held.lock.id.store)
            while true {
                switch action {
                case .write(let write):
                    action = release.next(.written(try await Self.outcome(of: write, in: store)))
                case .look:
                    action = release.next(.found(try await store.load([held.stored.key])[held.stored.key]))
                case .ended(let end): return end
                }
            }
        } catch {
            return .left("\(error)")
        }
    }

    private static func outcome(of write: RecordWrite, in store: any SessionStore) async throws(StoreError)
        -> RecordOutcome
    {
        try await store.commit([write]).outcomes[write.key] ?? .untouched
    }
}
