import SessionCore
import Testing

/// Participants that cannot make a savepoint, or cannot return to it.
@Suite struct TransactionSavepointRefusalTests {
    private let log = CallLog()

    private func able(
        _ name: String, failsAt call: SampleSavepointParticipant.Call? = nil
    ) -> SampleSavepointParticipant {
        SampleSavepointParticipant(name: name, log: log, failsAt: call)
    }

    @Test func `a participant without savepoints refuses one by name, and the transaction stays usable`() async throws {
        let transaction = try Transaction.sample(able("a"), SampleParticipant(name: "plain", log: log))
        let refusal = TransactionError.savepointsUnsupported("plain")
        for _ in 0..<2 { #expect(throws: refusal) { try transaction.savepoint() } }
        #expect("\(refusal)" == "plain cannot do savepoints")
        #expect(transaction.isOpen)
        log.clear()
        try await transaction.commit()
        #expect(log.all.contains("plain.finish"))
    }

    @Test func `an optimistic savepoint lets it pass, and the rollback is refused with nothing rolled back`()
        async throws
    {
        let transaction = try Transaction.sample(able("a"), SampleParticipant(name: "plain", log: log))
        let savepoint = try transaction.savepoint(optimistic: true)
        #expect(!savepoint.isValid)
        log.clear()
        for _ in 0..<2 {
            #expect(throws: TransactionError.savepointsUnsupported("plain")) { try savepoint.rollback() }
        }
        #expect(log.all.isEmpty, "nothing is rolled back by half")
        try await transaction.commit()
        #expect(log.all.contains("plain.finish"))
    }

    @Test func `an optimistic savepoint of participants that all can is like any other`() throws {
        let transaction = try Transaction.sample(able("a"))
        let savepoint = try transaction.savepoint(optimistic: true)
        #expect(savepoint.isValid)
        try savepoint.rollback()
        #expect(log.all == ["a.savepoint", "a.rollback"])
    }

    @Test func `a participant that cannot remember its state refuses the savepoint, and all stays as it was`()
        async throws
    {
        let transaction = try Transaction.sample(able("a"), able("b", failsAt: .savepoint))
        let cause = ParticipantError(participant: "b", kind: .refused("cannot savepoint"))
        #expect(throws: TransactionError.participant(cause)) { try transaction.savepoint() }
        #expect(throws: TransactionError.participant(cause)) { try transaction.savepoint(optimistic: true) }
        #expect(transaction.isOpen && !log.all.contains { $0.hasSuffix(".discard") })
        try await transaction.commit()
    }

    @Test func `a rollback that fails half-way poisons the transaction until abort`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        for participant in [able("a"), able("b", failsAt: .rollback), able("c")] { try transaction.join(participant) }
        let savepoint = try transaction.savepoint()
        let later = try transaction.savepoint()
        log.clear()
        let cause = TransactionError.participant(
            ParticipantError(participant: "b", kind: .refused("cannot rollback")))
        #expect(throws: cause) { try savepoint.rollback() }
        #expect(log.all == ["a.rollback", "b.rollback"])
        let failed = TransactionError.failed(cause)
        #expect(throws: failed) { try savepoint.rollback() }
        #expect(throws: failed) { try later.rollback() }
        #expect(throws: failed) { try transaction.savepoint() }
        #expect(throws: failed) { try transaction.join(able("d")) }
        await #expect(throws: failed) { try await transaction.commit() }
        await #expect(throws: SessionError.transaction(failed)) {
            try await transaction.open("id", in: carts.container)
        }
        log.clear()
        try await transaction.abort()
        #expect(log.all == ["a.discard", "b.discard", "c.discard"])
    }
}
