internal import OrderedCollections
public import SessionCore

extension Workspace {
    /// Takes what came of an effect; gives the rest of the command's output, and further effects if it needs more.
    public mutating func receive(_ result: StoreResult) -> Reply {
        for (name, traffic) in result.traffic { stores[name]?.traffic = traffic }
        guard let purpose = pending[result.request] else { return Reply() }
        if result.isLast { pending[result.request] = nil }
        if case .locksEnded(let report) = result.outcome { lockReports[result.request] = report }
        let report = result.isLast ? lockReports.removeValue(forKey: result.request) : nil
        var reply: Reply
        do throws(CommandFailure) { reply = try receive(result.outcome, purpose) } catch {
            reply = Reply(failure: error)
        }
        if let report { reply = reply.telling(report) }
        reply.effects += keepDraft()
        return reply
    }

    /// Gives up a request that reads; what still comes of it is ignored.
    ///
    /// A commit is never given up.
    public mutating func cancel(_ request: RequestID) {
        switch pending[request] {
        case nil, .commit, .writer: return
        case .scan(let store, _):
            stores[store]?.scan = .failed("cancelled")
            stores[store]?.nextIndex = nil
        default: break
        }
        pending[request] = nil
    }

    private mutating func receive(
        _ outcome: StoreResult.Outcome, _ purpose: PendingRequest
    ) throws(CommandFailure) -> Reply {
        switch (outcome, purpose) {
        case (.attached(let store), _): return attached(store)
        case (.scanned(let batch), .scan(let store, _)):
            scanned(batch, store: store)
            return Reply()
        case (.scanEnded, .scan(let store, let purpose)): return try scanEnded(store: store, purpose)
        case (.loaded(let records), _): return try loaded(records, purpose)
        case (.committed(let inDoubt, let outcomes), .commit(let plan, let purpose)):
            return purpose.isPartial
                ? storedAlone(plan, tripsBefore: purpose.tripsBefore, inDoubt, outcomes)
                : committed(plan, tripsBefore: purpose.tripsBefore, inDoubt, outcomes)
        case (.commitFailed(let error, let outcomes), .commit(_, let purpose)):
            return try commitFailed(purpose, error, outcomes)
        case (.lockHeld(let lock, let stored), .commit(let plan, let purpose)):
            return try lockHeld(lock, stored, plan, purpose)
        case (.paused, .lockPause(let plan, let purpose)): return try commit(plan, purpose)
        case (.failed(let failure), .info(let lines, _, _)):
            return Reply(lines: lines + ["lock      not known: \(failure)"])
        case (.failed, .lookAtLocks): return Reply()
        case (.madeID(let id), .makeID(let container, let unknown)):
            return try made(id, in: container, unknown: unknown)
        case (.clockAdvanced(let now), .clock(let step)):
            let way = step < 0 ? "-" : "+"
            return Reply(lines: [
                "clock \(way)\(Quantities.lifetime(.seconds(abs(step) / 1000))): it is \(Quantities.timeOfDay(now)) now"
            ])
        case (.swept(let ids), .sweep): return swept(ids)
        case (.foundRows(let listing), .query(let container)): return found(listing, in: container)
        case (.fileWritten, .planFile(let path, let count)):
            return Reply(lines: [
                "the plan of \(Quantities.count(count, "write")) is in \(PrintableText.escaping(path)); "
                    + "everything is still staged"
            ])
        case (.revisions(let revisions, let ids), .watch): return seen(revisions, of: ids)
        case (.failed, .watch), (.failed, .watched): return Reply()
        case (.journal, .draft): return try draftKept(nil)
        case (.failed(let failure), .draft): return try draftKept(failure)
        case (.journal(.drafts(let found)), .drafts(let purpose)): return try drafts(found, purpose)
        case (.journal, .forgetDraft(let number)): return Reply(lines: ["draft \(number) is forgotten"])
        case (.journal(.commits(let commits)), .history): return listed(commits)
        case (.journal(.commits(let commits)), .commitOfHistory(let number, let purpose, let now)):
            return try found(commits, number, purpose, now: now)
        case (.written(let lines), _): return Reply(lines: lines.map { "writer: \($0)" })
        case (.failed(let failure), .scan(let store, _)):
            stores[store]?.scan = .failed(failure.message)
            stores[store]?.nextIndex = nil
            throw failure
        case (.failed, .recognise): return Reply()
        case (.failed(let failure), .afterAbort):
            // The edits are gone all the same; what is shown may be older than the store.
            return Reply(lines: ["the sessions could not be read again: \(failure)"])
        case (.failed(let failure), _): throw failure
        default: return Reply()
        }
    }

    private mutating func loaded(
        _ records: [RecordID: StoredRecord], _ purpose: PendingRequest
    ) throws(CommandFailure) -> Reply {
        switch purpose {
        case .open(let opening): return opened(opening, records: records)
        case .openSeveral(let openings): return openedSeveral(openings, records: records)
        case .loadStored(let opening, let text):
            guard opening.parts.contains(where: { records[$0.record] != nil }) else {
                return Reply(
                    effects: [request(.makeID, .makeID(opening.session.container, unknown: text))])
            }
            return opened(opening, records: records)
        case .move(let source, let opening): return try moved(from: source, opening, records)
        case .readAnew(let command, let now):
            takeNewest(records)
            defer { noteAccess(at: now) }
            return try perform(command, now: now)
        case .find(let id, let store, let packages, let now):
            return try lookedUp(id, store: store, packages: packages, now: now, records: records)
        case .findKey(let id, let now): return try lookedUp(storedKey: id, now: now, records: records)
        case .refresh(let now): return refreshed(records, now: now)
        case .merge(let decision, let now): return try merged(records, decision, now: now)
        case .mergeForCommit(let ids, let purpose): return try commit(records, of: ids, purpose)
        case .info(let lines, let lock, let now):
            return Reply(lines: lines + ["lock      \(lock.words(records[lock.id], at: now))"])
        case .sessionLock(let lock, let now): return Reply(lines: [lock.line(records[lock.id], at: now)])
        case .locks(let locks, let more, let now): return Reply(lines: lockLines(locks, records, more: more, now: now))
        case .lookAtLocks: return sawLocks(records)
        case .diffStore: return diffStore(records)
        case .apply(let steps, let ids, let isDryRun, let now):
            return try apply(steps, ids, isDryRun: isDryRun, records, now: now)
        case .watched(let ids): return watched(records, of: ids)
        case .recovered(let now): return try recovered(records, now: now)
        case .compareWithHistory(let commit, let ids, let purpose, let now):
            return try compared(commit, ids, purpose, records, now: now)
        case .recognise: return recognised(records)
        case .afterAbort:
            for (session, open) in sessions {
                for part in open.parts where !work.isDirty(part.record) {
                    take(records[part.record], as: part.record, of: session)
                }
            }
            return Reply()
        default: return Reply()
        }
    }

    private mutating func committed(
        _ plan: Plan, tripsBefore: Int, _ inDoubt: [InDoubt], _ outcomes: [RecordID: RecordOutcome]
    ) -> Reply {
        endTransaction()
        takeWritten(outcomes)
        takeRefreshed(plan.touches)
        let trips = commitTrips(plan) - tripsBefore
        var lines = [
            plan.isEmpty
                ? "committed: nothing staged, 0 writes"
                : "committed \(Quantities.count(plan.steps.count, "record")), \(Quantities.count(trips, "round trip"))"
        ]
        if !plan.touches.isEmpty {
            let count = plan.touches.count
            lines[0] += ", \(count == 1 ? "1 life" : "\(Quantities.count(count)) lives") refreshed"
        }
        lines += inDoubt.map { "in doubt: \($0.participant): \($0.cause)" }
        return Reply(lines: lines)
    }

    mutating func takeWritten(_ outcomes: [RecordID: RecordOutcome]) {
        for (session, open) in sessions {
            for part in open.parts {
                guard case .written(let stored) = outcomes[part.record] else { continue }
                take(stored, as: part.record, of: session)
            }
        }
    }

    private mutating func commitFailed(
        _ purpose: CommitPurpose, _ error: TransactionError, _ outcomes: [RecordID: RecordOutcome]
    ) throws(CommandFailure) -> Reply {
        for (id, outcome) in outcomes {
            guard case .conflict(let conflict) = outcome else { continue }
            conflicts[id] = conflict
            merges[id] = nil
        }
        var failure = CommandFailure(error)
        if failure.status == .conflict, purpose.options.merges, purpose.attempts > 0 {
            let ids = conflicts.keys.sorted()
            return Reply(effects: [request(.load(ids), .mergeForCommit(ids, purpose))])
        }
        if failure.status == .conflict {
            let titles = outcomes.compactMap { id, outcome in
                if case .conflict(let conflict) = outcome { "\(id.key) \(conflict.words)" } else { nil }
            }
            let isGone = outcomes.values.contains(.conflict(.gone))
            let advice =
                purpose.isFromFile
                ? "Nothing was written; make the plan again"
                : "Nothing was written and your edits are kept: "
                    + (isGone
                        ? "merge mine makes it anew from what you see, merge theirs drops your edits of it"
                        : "merge takes the store's changes in below your edits, and shows what both sides changed")
            failure.message = "conflict: \(titles.sorted().joined(separator: "; ")). \(advice)"
        }
        if case .participant(let inner) = error, inner.mayHaveWritten {
            failure.message += ". The edits are kept for you to compare; abort ends the transaction"
            failedCommit = failure.message
        }
        throw failure
    }
}

extension RecordConflict {
    /// What happened to the record since it was read.
    public var words: String {
        switch self {
        case .changed: "was changed by someone else since it was read"
        case .gone: "is no longer in the store"
        case .appeared: "was made by someone else since it was looked up"
        }
    }
}
