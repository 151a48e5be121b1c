import SessionCore
import Testing

@Suite struct TransactionTests {
    private let log = CallLog()

    private func participant(
        _ name: String, _ order: CommitOrder = .undoable, failsAt phase: SampleParticipant.Phase? = nil
    ) -> SampleParticipant {
        SampleParticipant(name: name, commitOrder: order, log: log, failsAt: phase)
    }

    private func transaction(_ participants: any Participant...) async throws -> Transaction {
        let transaction = Transaction(clock: ManualClock(Timestamp(seconds: 0)))
        for participant in participants { try transaction.join(participant) }
        return transaction
    }

    @Test func `every participant is through a phase before any enters the next, undoable ones first, then by name`()
        async throws
    {
        let transaction = try await transaction(participant("z"), participant("c", .oneShot), participant("b"))
        #expect(try await transaction.commit() == [])
        #expect(
            log.all
                == ["begin", "commit", "vote", "finish"].flatMap { phase in ["b", "z", "c"].map { "\($0).\(phase)" } })
    }

    @Test(arguments: SampleParticipant.Phase.allCases, ["a", "b", "c"])
    func `a failure aborts all that began, the failed one too, last first, and leaves the transaction open`(
        phase: SampleParticipant.Phase, failing: String
    ) async throws {
        let transaction = Transaction(clock: ManualClock(Timestamp(seconds: 0)))
        for name in ["a", "b", "c"] {
            try transaction.join(participant(name, failsAt: name == failing ? phase : nil))
        }
        let cause = ParticipantError(participant: failing, kind: .refused("no"))
        await #expect(throws: TransactionError.participant(cause)) { try await transaction.commit() }
        let begun = phase == .begin ? Array(["a", "b", "c"].prefix { $0 <= failing }) : ["a", "b", "c"]
        let aborts = log.all.drop { !$0.hasSuffix(".abort") }
        #expect(Array(aborts) == begun.reversed().map { "\($0).abort" })
        #expect(log.all.dropLast(aborts.count).last == "\(failing).\(phase.rawValue)")
        #expect(!log.all.contains { $0.hasSuffix(".finish") })
        await #expect(throws: TransactionError.participant(cause)) { try await transaction.commit() }
    }

    @Test func `participants without writes take no part in a commit, but are told of an abort`() async throws {
        var idle = participant("idle")
        idle.writes = false
        let transaction = try await transaction(idle, participant("b"))
        try await transaction.commit()
        #expect(!log.all.contains { $0.hasPrefix("idle") })
        log.clear()
        let other = try await self.transaction(idle)
        try await other.abort()
        #expect(log.all == ["idle.discard"])
    }

    @Test func `two stores that cannot take back are refused by name before anything is called`() async throws {
        let transaction = try await transaction(
            participant("two", .oneShot), participant("one", .oneShot), participant("u"))
        await #expect {
            try await transaction.commit()
        } throws: { error in
            error as? TransactionError == .severalOneShotStores(["one", "two"]) && "\(error)".contains("one, two")
        }
        #expect(log.all.isEmpty)
        try await transaction.abort()
    }

    @Test func `a conflict before any write leaves the transaction open, and can be retried`() async throws {
        var loser = participant("a", .oneShot, failsAt: .vote)
        loser.failure = .conflict(["k": .changed(Revision(2))])
        let transaction = try await transaction(loser)
        await #expect {
            try await transaction.commit()
        } throws: { ($0 as? TransactionError)?.isRetryable == true }
        _ = try transaction.savepoint(optimistic: true)
        try transaction.join(participant("late"))
    }

    @Test(arguments: [
        RecordOutcome.written(nil), .overtaken, .unknown("no answer"),
    ])
    func `a failure after a write poisons the transaction until abort, and keeps the first cause`(
        outcome: RecordOutcome
    ) async throws {
        var broken = participant("a", .oneShot, failsAt: .vote)
        broken.failure = .incomplete(CommitReport(outcomes: ["k": outcome, "l": .untouched]))
        let cause = TransactionError.participant(ParticipantError(participant: "a", kind: broken.failure))
        let transaction = try await transaction(broken)
        await #expect(throws: cause) { try await transaction.commit() }
        await #expect(throws: TransactionError.failed(cause)) { try await transaction.commit() }
        #expect(throws: TransactionError.failed(cause)) { try transaction.join(participant("b")) }
        #expect(throws: TransactionError.failed(cause)) { try transaction.savepoint() }
        try await transaction.abort()
        await #expect(throws: TransactionError.ended) { try await transaction.commit() }
    }

    @Test func `what was put back was not written, so the transaction stays open`() async throws {
        var loser = participant("a", .oneShot, failsAt: .vote)
        loser.failure = .incomplete(CommitReport(outcomes: ["k": .putBack, "l": .conflict(.gone)]))
        let transaction = try await transaction(loser)
        await #expect {
            try await transaction.commit()
        } throws: { ($0 as? TransactionError)?.isRetryable == true }
        try transaction.join(participant("late"))
    }

    @Test func `a doomed transaction can only be aborted`() async throws {
        let transaction = try await transaction(participant("a"))
        try transaction.doom()
        await #expect(throws: TransactionError.doomed) { try await transaction.commit() }
        #expect(log.all.isEmpty)
        try await transaction.abort()
        #expect(log.all == ["a.discard"])
        await #expect(throws: TransactionError.ended) { try await transaction.abort() }
    }

    @Test func `a commit ends the transaction, and says what is in doubt`() async throws {
        var doubtful = participant("b")
        doubtful.doubt = "the disk is full"
        let transaction = try await transaction(participant("a"), doubtful)
        #expect(try await transaction.commit() == [InDoubt(participant: "b", cause: "the disk is full")])
        for _ in 0..<2 { await #expect(throws: TransactionError.ended) { try await transaction.commit() } }
        #expect(throws: TransactionError.ended) { try transaction.join(participant("c")) }
    }

    @Test func `one that joined already stays as it is`() async throws {
        let transaction = try await transaction(participant("a"), participant("a", failsAt: .vote))
        try await transaction.commit()
        #expect(log.all == ["a.begin", "a.commit", "a.vote", "a.finish"])
    }
}

@Suite struct TransactionSavepointTests {
    private let log = CallLog()

    private func able(_ name: String) -> SampleSavepointParticipant { SampleSavepointParticipant(name: name, log: log) }

    @Test func `a savepoint is rolled back to again and again, and ends the later ones`() async throws {
        let transaction = Transaction(clock: ManualClock(Timestamp(seconds: 0)))
        try transaction.join(able("a"))
        let first = try transaction.savepoint()
        let second = try transaction.savepoint()
        try first.rollback()
        try first.rollback()
        #expect(log.all == ["a.savepoint", "a.savepoint", "a.rollback", "a.rollback"])
        #expect(throws: TransactionError.savepointInvalid) { try second.rollback() }
        try await transaction.commit()
        #expect(throws: TransactionError.ended) { try first.rollback() }
    }

    @Test func `one that joined after the savepoint returns to its state at joining, and stays`() async throws {
        let transaction = Transaction(clock: ManualClock(Timestamp(seconds: 0)))
        try transaction.join(able("a"))
        let savepoint = try transaction.savepoint()
        try transaction.join(able("b"))
        try savepoint.rollback()
        #expect(log.all == ["a.savepoint", "b.savepoint", "a.rollback", "b.rollback"])
        log.clear()
        try await transaction.abort()
        #expect(log.all == ["a.discard", "b.discard"])
    }

    @Test func `a participant without savepoints refuses one by name, unless asked to be optimistic`() async throws {
        let transaction = Transaction(clock: ManualClock(Timestamp(seconds: 0)))
        try transaction.join(able("a"))
        let early = try transaction.savepoint()
        try transaction.join(able("late"))
        try transaction.join(SampleParticipant(name: "plain", log: log))
        #expect(throws: TransactionError.savepointsUnsupported("plain")) { try transaction.savepoint() }
        let savepoint = try transaction.savepoint(optimistic: true)
        log.clear()
        #expect(throws: TransactionError.savepointsUnsupported("plain")) { try savepoint.rollback() }
        #expect(log.all.isEmpty, "nothing is rolled back by half")
        try early.rollback()
        #expect(log.all == ["a.rollback", "late.rollback", "plain.discard"])
        try await transaction.commit()
    }

    @Test func `a doomed transaction stays doomed over a rollback`() async throws {
        let transaction = Transaction(clock: ManualClock(Timestamp(seconds: 0)))
        try transaction.join(able("a"))
        let savepoint = try transaction.savepoint()
        try transaction.doom()
        try savepoint.rollback()
        await #expect(throws: TransactionError.doomed) { try await transaction.commit() }
    }
}
