/// Writes one store's part of a plan, conditionally, in the phase `vote`.
public actor StoreParticipant: Participant {
    /// The name under which the store is attached.
    public nonisolated let name: String
    /// Last: what a store has written stands.
    public nonisolated var commitOrder: CommitOrder { .oneShot }

    private let store: any SessionStore
    private let writes: [RecordWrite]
    private let limits: [SessionLimit]
    /// What became of the writes; nil before the vote, or if the store threw before it wrote.
    public private(set) var report: CommitReport?

    /// A participant for some writes to a store; `limits` only for a store that can count.
    public init(name: String, store: any SessionStore, writes: [RecordWrite], limits: [SessionLimit] = []) {
        self.name = name
        self.store = store
        self.writes = writes
        self.limits = limits
    }

    /// Whether there is any write.
    public var hasWrites: Bool { !writes.isEmpty }

    /// Nothing to prepare.
    public func begin() async throws(ParticipantError) {}

    /// Nothing that could be undone.
    public func commit() async throws(ParticipantError) {}

    /// Writes all records, or none; at most two round trips when nobody interferes.
    public func vote() async throws(ParticipantError) {
        let report: CommitReport
        do throws(StoreError) { report = try await write() } catch {
            throw ParticipantError(participant: name, kind: .store(error))
        }
        self.report = report
        guard !report.isComplete else { return }
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

    /// Nothing: the vote wrote everything.
    public func finish() async -> InDoubt? { nil }

    /// Nothing: the store put back what it had to.
    public func abort() async {}

    /// Nothing: what is staged is its maker's.
    public nonisolated func discard() {}
}
