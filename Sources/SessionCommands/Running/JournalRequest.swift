public import SessionCore

/// What a journal is asked for; no round trip.
public enum JournalRequest: Hashable, Sendable {
    /// Keep what is staged; nil for nothing.
    case keep(WorkspaceDraft?, at: Timestamp)
    /// List the drafts of programs that have ended.
    case drafts
    /// Make a draft this program's own.
    case adopt(Int64)
    /// Forget a draft.
    case forget(Int64)
    /// List the newest commits.
    case commits(limit: Int)
    /// Find a commit.
    case commit(Int64)
    /// Note what became of the records of a commit that was interrupted.
    case settle(Int64, [RecordID: RecordOutcome])
}

/// What a journal answers.
public enum JournalAnswer: Hashable, Sendable {
    /// It is on disk.
    case done
    /// The drafts, newest first.
    case drafts([JournalDraft])
    /// Commits, newest first.
    case commits([JournalCommit])
}

extension TransactionJournal {
    func answer(_ request: JournalRequest) async throws(CommandFailure) -> JournalAnswer {
        do throws(JournalError) {
            switch request {
            case .keep(let draft?, let moment): try await keep(try draft.journaled(at: moment))
            case .keep(nil, _): try await keep(nil)
            case .drafts: return .drafts(try await drafts())
            case .adopt(let number): try await adopt(draft: number)
            case .forget(let number): try await forget(draft: number)
            case .commits(let limit): return .commits(try await commits(limit: limit))
            case .commit(let number): return .commits(try await commit(number).map { [$0] } ?? [])
            case .settle(let number, let outcomes): try await end(commit: number, outcomes)
            }
            return .done
        } catch { throw CommandFailure(.failed, error.description) }
    }
}

extension JournalCommit {
    /// A plan that is about to be written.
    init(_ plan: Plan, origins: [RecordID: Origin], addresses: [String: String], at moment: Timestamp) {
        self.init(
            moment: moment,
            steps: plan.steps.map { step in
                let unknown = Origin(profile: "", container: [], session: step.id.key.bytes, package: nil)
                return Step(
                    store: addresses[step.id.store] ?? step.id.store, id: step.id, origin: origins[step.id] ?? unknown,
                    write: step.write)
            })
    }
}
