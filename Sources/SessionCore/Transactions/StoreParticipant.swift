/// Writes one store's part of a plan, conditionally.
///
/// A store that can take its writes back gets them in the phase `commit` and makes them final in `finish`; any other gets them in `vote`.
public actor StoreParticipant: Participant {
    /// The name under which the store is attached.
    public nonisolated let name: String
    /// First for a store that can take back what it wrote, else last.
    public nonisolated let commitOrder: CommitOrder

    private let store: any SessionStore
    private let writes: [RecordWrite]
    private let limits: [SessionLimit]
    private var prepared: (any PreparedBatch)?
    /// What became of the writes; nil before they are tried, or if the store threw before it wrote.
    public private(set) var report: CommitReport?

    /// A participant for some writes to a store; `limits` only for a store that can count.
    public init(name: String, store: any SessionStore, writes: [RecordWrite], limits: [SessionLimit] = []) {
        self.name = name
        self.store = store
        self.writes = writes
        self.limits = limits
        self.commitOrder = CommitOrder(of: store)
    }

    /// The keys that it writes.
    public nonisolated var keys: [RecordKey] { writes.map(\.key) }

    /// Whether there is any write.
    public var hasWrites: Bool { !writes.isEmpty }

    /// Nothing to prepare.
    public func begin() async throws(ParticipantError) {}

    /// Writes what can be taken back; one round trip for such a store, none for another.
    public func commit() async throws(ParticipantError) {
        guard let store = store as? any UndoableStore else { return }
        do throws(StoreError) {
            let batch = try await store.prepare(writes, limits: limits)
            prepared = batch
            report = batch.report
        } catch {
            throw ParticipantError(participant: name, kind: .store(error))
        }
        try check()
    }

    /// Confirms what was prepared, or writes all records or none; at most two round trips when nobody interferes.
    public func vote() async throws(ParticipantError) {
        do throws(StoreError) {
            if let prepared {
                try await prepared.confirm()
            } else {
                report = try await write()
            }
        } catch {
            throw ParticipantError(participant: name, kind: .store(error))
        }
        try check()
    }

    private func check() throws(ParticipantError) {
        guard let report, !report.isComplete else { return }
        let conflicts = report.outcomes.compactMapValues {
            if case .conflict(let conflict) = $0 { conflict } else { nil }
        }
        let kind: ParticipantError.Kind =
            report.wroteNothing && !conflicts.isEmpty
            ? .conflict(conflicts) : .incomplete(report)
        throw ParticipantError(participant: name, kind: kind)
    }

    private func write() async throws(StoreError) -> CommitReport {
        guard !limits.isEmpty else { return try await store.commit(writes) }
        guard let counting = store as? any CountingStore else {
            throw StoreError(
                .unsupported, store: store.name,
                detail: "a maximum number of sessions needs a store that can count them; nothing was written")
        }
        return try await counting.commit(writes, limits: limits)
    }

    /// Makes final what was prepared; one round trip for a store that can take back, none for another.
    public func finish() async -> InDoubt? {
        guard let prepared else { return nil }
        do throws(StoreError) {
            try await prepared.finish()
            return nil
        } catch {
            markUntouched()
            return InDoubt(
                participant: name, cause: error.description,
                refusal: ParticipantError(participant: name, kind: .store(error)))
        }
    }

    /// Takes back what was prepared; what another store wrote it put back itself.
    public func abort() async {
        guard let batch = prepared else { return }
        prepared = nil
        await batch.rollBack()
        if report?.isComplete == true { markUntouched() }
    }

    private func markUntouched() {
        report = report.map { CommitReport(outcomes: $0.outcomes.mapValues { _ in .untouched }) }
    }

    /// Nothing: what is staged is its maker's.
    public nonisolated func discard() {}
}

extension CommitOrder {
    /// When the turn of a store's writes comes.
    init(of store: any SessionStore) {
        self = store is any UndoableStore ? .undoable : .oneShot
    }
}
