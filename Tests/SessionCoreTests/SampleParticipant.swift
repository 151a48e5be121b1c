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

    var hasWrites: Bool { writes }
    func begin() async throws(ParticipantError) { try call(.begin) }
    func commit() async throws(ParticipantError) { try call(.commit) }
    func vote() async throws(ParticipantError) { try call(.vote) }
    func finish() async -> InDoubt? {
        log.add("\(name).finish")
        return doubt.map { InDoubt(participant: name, cause: $0) }
    }
    func abort() async { log.add("\(name).abort") }
    func discard() { log.add("\(name).discard") }

    private func call(_ phase: Phase) throws(ParticipantError) {
        log.add("\(name).\(phase.rawValue)")
        if failsAt == phase { throw ParticipantError(participant: name, kind: failure) }
    }
}

/// A participant that can go back to a savepoint.
struct SampleSavepointParticipant: SavepointParticipant {
    let name: String
    let log: CallLog
    var commitOrder: CommitOrder { .undoable }
    var hasWrites: Bool { true }
    func begin() async throws(ParticipantError) {}
    func commit() async throws(ParticipantError) {}
    func vote() async throws(ParticipantError) {}
    func finish() async -> InDoubt? { nil }
    func abort() async { log.add("\(name).abort") }
    func discard() { log.add("\(name).discard") }

    struct Part: ParticipantSavepoint {
        let name: String
        let log: CallLog
        func rollback() throws(ParticipantError) { log.add("\(name).rollback") }
    }

    func makeSavepoint() throws(ParticipantError) -> any ParticipantSavepoint {
        log.add("\(name).savepoint")
        return Part(name: name, log: log)
    }
}
