import Glibc
import SessionCore

/// The part of a store in a commit, which ends the process as a crash would, before or after one of its phases.
struct DyingParticipant: Participant {
    /// Where a process ends.
    struct Point: Hashable, Codable, Sendable, CustomStringConvertible {
        enum Phase: String, Hashable, Codable, Sendable, CaseIterable {
            case begin, commit, vote, finish
        }

        var store: String
        var phase: Phase
        var isAfter: Bool

        var description: String { "\(isAfter ? "after" : "before") \(phase.rawValue) of \(store)" }
    }

    let base: StoreParticipant
    let point: Point

    var name: String { base.name }
    var commitOrder: CommitOrder { base.commitOrder }
    var hasWrites: Bool { get async { await base.hasWrites } }

    private func die(_ phase: Point.Phase, isAfter: Bool) {
        if point == Point(store: name, phase: phase, isAfter: isAfter) { kill(getpid(), SIGKILL) }
    }

    func begin() async throws(ParticipantError) {
        die(.begin, isAfter: false)
        try await base.begin()
        die(.begin, isAfter: true)
    }

    func commit() async throws(ParticipantError) {
        die(.commit, isAfter: false)
        try await base.commit()
        die(.commit, isAfter: true)
    }

    func vote() async throws(ParticipantError) {
        die(.vote, isAfter: false)
        try await base.vote()
        die(.vote, isAfter: true)
    }

    func finish() async -> InDoubt? {
        die(.finish, isAfter: false)
        let doubt = await base.finish()
        die(.finish, isAfter: true)
        return doubt
    }

    func abort() async { await base.abort() }
    func discard() { base.discard() }
}
