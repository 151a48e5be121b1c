internal import Synchronization

/// Holds the sessions of one store for one transaction, and takes part in its commit.
///
/// There is one for each store of a transaction, so a record has one working copy however it is reached. Joins at the first look-up.
final class SessionDataManager: SavepointParticipant {
    let name: String
    let store: any SessionStore
    private let held = Mutex(HeldSessions())
    private let commitState = Mutex(CommitState())

    private struct CommitState {
        var plan: Result<Plan, PlanError>?
        var writer: StoreParticipant?
    }

    init(store: any SessionStore) {
        self.name = store.name
        self.store = store
    }

    func withHeld<Result: Sendable, Failure: Error>(
        _ body: (inout HeldSessions) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try held.withLock { held throws(Failure) in try body(&held) }
    }

    /// First for a store that can take back what it wrote, else last.
    var commitOrder: CommitOrder { CommitOrder(of: store) }

    /// Whether anything staged would be written; also true for what cannot be written, so that the commit says why.
    var hasWrites: Bool {
        get async {
            let plan = withHeld { held throws(Never) in
                do throws(PlanError) { return Result<Plan, PlanError>.success(try held.work.plan()) } catch {
                    return .failure(error)
                }
            }
            commitState.withLock { $0 = CommitState(plan: plan) }
            return (try? plan.get())?.isEmpty == false || (try? plan.get()) == nil
        }
    }

    func begin() async throws(ParticipantError) {}

    /// Encodes everything; what no format can hold fails here, with nothing written anywhere.
    ///
    /// Writes what can be taken back.
    func commit() async throws(ParticipantError) {
        try encode()
        try await explaining { writer throws(ParticipantError) in try await writer.commit() }
    }

    private func encode() throws(ParticipantError) {
        guard let plan = commitState.withLock({ $0.plan }) else { return }
        do throws(PlanError) {
            let writes = try plan.get().writes(to: name)
            let writer = StoreParticipant(name: name, store: store, writes: writes, limits: limits)
            commitState.withLock { $0.writer = writer }
        } catch {
            let problem = withHeld { $0.work.explaining(error) }
            throw ParticipantError(participant: name, kind: .refused(problem.description))
        }
    }

    private var limits: [SessionLimit] {
        withHeld { held in
            var limits: [String: SessionLimit] = [:]
            for number in held.indices {
                let container = held[number].container
                guard let limit = container.limit else { continue }
                limits["\(container.profile.name)/\(container.name)"] = SessionLimit(
                    keys: container.keys, maximum: limit)
            }
            return Array(limits.values)
        }
    }

    /// Writes all records of the store, or none.
    func vote() async throws(ParticipantError) {
        try await explaining { writer throws(ParticipantError) in try await writer.vote() }
    }

    private func explaining(
        _ step: (StoreParticipant) async throws(ParticipantError) -> Void
    ) async throws(ParticipantError) {
        let (plan, writer) = commitState.withLock { (try? $0.plan?.get(), $0.writer) }
        guard let writer else { return }
        do throws(ParticipantError) { try await step(writer) } catch {
            throw plan?.explaining(error) ?? error
        }
    }

    func finish() async -> InDoubt? { await commitState.withLock { $0.writer }?.finish() }

    func abort() async {
        let writer = commitState.withLock { state in
            defer { state.writer = nil }
            return state.writer
        }
        await writer?.abort()
    }

    func discard() {}

    /// Remembers what is staged.
    func makeSavepoint() -> any ParticipantSavepoint {
        SessionSavepoint(manager: self, mark: withHeld { $0.mark() })
    }

    /// The plan of the commit that was made, for events.
    var committedPlan: Plan? { commitState.withLock { $0.writer == nil ? nil : try? $0.plan?.get() } }
}

/// What was staged in the sessions of one store.
private struct SessionSavepoint: ParticipantSavepoint {
    let manager: SessionDataManager
    let mark: HeldSessions.Mark

    func rollback() { manager.withHeld { $0.restore(mark) } }
}
