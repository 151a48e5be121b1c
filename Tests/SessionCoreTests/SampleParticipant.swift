import SessionCore
import Synchronization

/// The calls that participants got, in order.
final class CallLog: Sendable {
    private let calls = Mutex<[String]>([])
    var all: [String] { calls.withLock { $0 } }
    func add(_ call: String) { calls.withLock { $0.append(call) } }
    func clear() { calls.withLock { $0 = [] } }
}

/// A participant that notes its calls and fails where it is told to.
struct SampleParticipant: Participant {
    enum Phase: String, CaseIterable { case begin, commit, vote }

    let name: String
    var commitOrder = CommitOrder.undoable
    var log: CallLog
    var failsAt: Phase?
    var failure = ParticipantError.Kind.refused("no")
    var writes = true
    var doubt: String?
    /// What happens in a phase before it fails or succeeds.
    var during: (@Sendable (Phase) async -> Void)?
    /// The errors after which work may be done again; a question is noted only where this is set.
    var knows: (@Sendable (any Error) -> Bool)?

    var hasWrites: Bool { writes }
    func begin() async throws(ParticipantError) { try await call(.begin) }
    func commit() async throws(ParticipantError) { try await call(.commit) }
    func vote() async throws(ParticipantError) { try await call(.vote) }
    func finish() async -> InDoubt? {
        log.add("\(name).finish")
        return doubt.map { InDoubt(participant: name, cause: $0) }
    }
    func abort() async { log.add("\(name).abort") }
    func discard() { log.add("\(name).discard") }
    func shouldRetry(_ error: any Error) -> Bool {
        guard let knows else { return false }
        log.add("\(name).shouldRetry")
        return knows(error)
    }

    private func call(_ phase: Phase) async throws(ParticipantError) {
        log.add("\(name).\(phase.rawValue)")
        await during?(phase)
        if failsAt == phase { throw ParticipantError(participant: name, kind: failure) }
    }
}

/// A participant that can go back to a savepoint.
struct SampleSavepointParticipant: SavepointParticipant {
    enum Call: String { case savepoint, rollback }

    let name: String
    let log: CallLog
    var failsAt: Call?
    /// What happens while it makes a savepoint.
    var during: (@Sendable () -> Void)?

    var commitOrder: CommitOrder { .undoable }
    var hasWrites: Bool { true }
    func begin() async throws(ParticipantError) {}
    func commit() async throws(ParticipantError) {}
    func vote() async throws(ParticipantError) {}
    func finish() async -> InDoubt? { nil }
    func abort() async { log.add("\(name).abort") }
    func discard() { log.add("\(name).discard") }

    struct Part: ParticipantSavepoint {
        let owner: SampleSavepointParticipant
        func rollback() throws(ParticipantError) { try owner.call(.rollback) }
    }

    func makeSavepoint() throws(ParticipantError) -> any ParticipantSavepoint {
        try call(.savepoint)
        during?()
        return Part(owner: self)
    }

    private func call(_ call: Call) throws(ParticipantError) {
        log.add("\(name).\(call.rawValue)")
        if failsAt == call { throw ParticipantError(participant: name, kind: .refused("cannot \(call.rawValue)")) }
    }
}
