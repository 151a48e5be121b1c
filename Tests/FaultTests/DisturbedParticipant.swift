import SessionCore

/// The part of a store in a commit, with something happening right before one of its phases.
struct DisturbedParticipant: Participant {
    enum Phase: String, Hashable, Sendable, CaseIterable {
        case commit, vote, finish
    }

    let base: StoreParticipant
    let phase: Phase
    let disturb: @Sendable () async -> Void

    var name: String { base.name }
    var commitOrder: CommitOrder { base.commitOrder }
    var hasWrites: Bool { get async { await base.hasWrites } }

    func begin() async throws(ParticipantError) { try await base.begin() }

    func commit() async throws(ParticipantError) {
        if phase == .commit { await disturb() }
        try await base.commit()
    }

    func vote() async throws(ParticipantError) {
        if phase == .vote { await disturb() }
        try await base.vote()
    }

    func finish() async -> InDoubt? {
        if phase == .finish { await disturb() }
        return await base.finish()
    }

    func abort() async { await base.abort() }
    func discard() { base.discard() }
}
