import SessionCore
import Synchronization

/// A participant that keeps texts by name, committed ones and staged ones, and joins at the first change.
///
/// It notes as misuse every call that comes out of turn.
final class SampleTable: SavepointParticipant {
    private enum Phase { case idle, begun, voted }

    private struct Contents {
        var committed: [String: String] = [:]
        var staged: [String: String] = [:]
        var phase = Phase.idle
        var misuse: [String] = []

        mutating func enter(_ phase: Phase, from expected: Phase, _ call: String) {
            if self.phase != expected { misuse.append(call) }
            self.phase = phase
        }
    }

    let name: String
    private let contents = Mutex(Contents())

    init(_ name: String) { self.name = name }

    var committed: [String: String] { contents.withLock { $0.committed } }
    var staged: [String: String] { contents.withLock { $0.staged } }
    var misuse: [String] { contents.withLock { $0.misuse } }

    func set(_ key: String, _ value: String, in transaction: Transaction) throws(TransactionError) {
        try transaction.join(self)
        stage(key, value)
    }

    fileprivate func stage(_ key: String, _ value: String) { contents.withLock { $0.staged[key] = value } }

    var commitOrder: CommitOrder { .undoable }
    var hasWrites: Bool { contents.withLock { $0.staged != $0.committed } }
    func begin() async throws(ParticipantError) { contents.withLock { $0.enter(.begun, from: .idle, "begin") } }
    func commit() async throws(ParticipantError) { contents.withLock { $0.enter(.begun, from: .begun, "commit") } }
    func vote() async throws(ParticipantError) { contents.withLock { $0.enter(.voted, from: .begun, "vote") } }
    func finish() async -> InDoubt? {
        contents.withLock {
            $0.enter(.idle, from: .voted, "finish")
            $0.committed = $0.staged
        }
        return nil
    }
    func abort() async { contents.withLock { $0.phase = .idle } }
    func discard() {
        contents.withLock {
            $0.enter(.idle, from: .idle, "discard")
            $0.staged = $0.committed
        }
    }

    private struct Part: ParticipantSavepoint {
        let table: SampleTable
        let staged: [String: String]
        func rollback() { table.contents.withLock { $0.staged = staged } }
    }

    func makeSavepoint() -> any ParticipantSavepoint { Part(table: self, staged: staged) }
}

/// The same without savepoints.
struct PlainTable: Participant {
    let table: SampleTable

    init(_ name: String) { table = SampleTable(name) }

    func set(_ key: String, _ value: String, in transaction: Transaction) throws(TransactionError) {
        try transaction.join(self)
        table.stage(key, value)
    }

    var name: String { table.name }
    var commitOrder: CommitOrder { table.commitOrder }
    var hasWrites: Bool { table.hasWrites }
    func begin() async throws(ParticipantError) { try await table.begin() }
    func commit() async throws(ParticipantError) { try await table.commit() }
    func vote() async throws(ParticipantError) { try await table.vote() }
    func finish() async -> InDoubt? { await table.finish() }
    func abort() async { await table.abort() }
    func discard() { table.discard() }
}
