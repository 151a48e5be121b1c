import SessionCore
import Testing

/// What is left of a transaction after a commit that failed.
@Suite struct TransactionFailureTests {
    private let log = CallLog()

    private func loser(_ failure: ParticipantError.Kind) -> SampleParticipant {
        SampleParticipant(name: "a", commitOrder: .oneShot, log: log, failsAt: .vote, failure: failure)
    }

    @Test(arguments: [
        ParticipantError.Kind.conflict(["k": .changed(Revision(2))]), .conflict(["k": .gone]),
        .store(StoreError(.timedOut, store: "s", detail: "no answer")),
        .incomplete(CommitReport(outcomes: ["k": .putBack, "l": .conflict(.gone)])),
    ])
    func `a failure before any write leaves the transaction open for everything`(
        failure: ParticipantError.Kind
    ) async throws {
        let transaction = try Transaction.sample(loser(failure))
        await #expect {
            try await transaction.commit()
        } throws: { ($0 as? TransactionError)?.isRetryable == true }
        #expect(transaction.isOpen && !transaction.hasEnded)
        _ = try transaction.savepoint(optimistic: true)
        try transaction.join(SampleParticipant(name: "late", log: log))
        try transaction.note("tried")
        try transaction.setUser("ada")
        try transaction.beforeCommit { _ in }
        #expect(transaction.notes == ["tried"] && transaction.user == "ada")
    }

    @Test func `a commit that failed before any write can be tried again and succeed`() async throws {
        let attempts = CallLog()
        var slow = SampleParticipant(name: "b", log: log)
        slow.during = { phase in if phase == .vote { attempts.add("b") } }
        let carts = try SampleCarts()
        try await carts.write(1, at: "/cart/count", of: "id")
        let transaction = carts.begin()
        try transaction.join(slow)
        let cart = try await transaction.open("id", in: carts.container)
        try cart.set(2, at: "/cart/count")
        try await carts.write("red", at: "/cart/colour", of: "id")
        await #expect {
            try await transaction.commit()
        } throws: { ($0 as? TransactionError)?.isRetryable == true }
        #expect(log.all == ["b.begin", "b.commit", "b.vote", "b.abort"])
        #expect(try cart.value(at: "/cart/count") == 2, "what is staged is kept")
        try await transaction.commit(conflicts: .merge)
        #expect(log.all.suffix(4) == ["b.begin", "b.commit", "b.vote", "b.finish"])
        #expect(attempts.all.count == 3)
        #expect(try await carts.stored("/cart", of: "id") == ["count": 2, "colour": "red"])
    }

    @Test func `savepoints survive a commit that failed before any write`() async throws {
        let carts = try SampleCarts()
        try await carts.write(1, at: "/cart/count", of: "lost")
        let transaction = carts.begin()
        let kept = try await transaction.open("kept", in: carts.container)
        try kept.set(1, at: "/cart/count")
        let savepoint = try transaction.savepoint()
        try await transaction.open("lost", in: carts.container).set(2, at: "/cart/count")
        try await carts.write(3, at: "/cart/count", of: "lost")
        await #expect(throws: TransactionError.self) { try await transaction.commit() }
        try savepoint.rollback()
        try await transaction.commit()
        #expect(try await carts.stored("/cart/count", of: "kept") == 1)
        #expect(try await carts.stored("/cart/count", of: "lost") == 3)
    }

    @Test(arguments: [
        RecordOutcome.written(nil), .overtaken, .unknown("no answer"),
    ])
    func `a failure after a write refuses every later call but abort, with the first cause`(
        outcome: RecordOutcome
    ) async throws {
        let carts = try SampleCarts()
        let broken = loser(.incomplete(CommitReport(outcomes: ["k": outcome, "l": .untouched])))
        let cause = TransactionError.participant(ParticipantError(participant: "a", kind: broken.failure))
        let failed = TransactionError.failed(cause)
        let transaction = carts.begin()
        let session = try await transaction.open("id", in: carts.container)
        try session.set(1, at: "/cart/count")
        let before = try transaction.savepoint()
        try session.revert()
        try transaction.join(broken)

        await #expect(throws: cause) { try await transaction.commit() }
        #expect(!transaction.isOpen && !transaction.hasEnded)
        for _ in 0..<2 { await #expect(throws: failed) { try await transaction.commit() } }
        await #expect(throws: failed) { try await transaction.commit(conflicts: .merge) }
        #expect(throws: failed) { try transaction.join(SampleParticipant(name: "b", log: log)) }
        #expect(throws: failed) { try transaction.savepoint() }
        #expect(throws: failed) { try transaction.savepoint(optimistic: true) }
        #expect(throws: failed) { try before.rollback() }
        #expect(!before.isValid)
        #expect(throws: failed) { try transaction.doom() }
        #expect(throws: failed) { try transaction.note("n") }
        #expect(throws: failed) { try transaction.setUser("ada") }
        #expect(throws: failed) { try transaction.beforeCommit { _ in } }
        #expect(throws: failed) { try transaction.afterCommit { _ in } }
        #expect(throws: failed) { try transaction.beforeAbort { _ in } }
        #expect(throws: failed) { try transaction.afterAbort {} }
        let refused = SessionError.transaction(failed)
        #expect(throws: refused) { try session.set(2, at: "/cart/count") }
        #expect(throws: refused) { try session.update { $0["cart"]["count"] = 2 } }
        #expect(throws: refused) { try session.clear() }
        #expect(throws: refused) { try session.destroy() }
        #expect(throws: refused) { try session.revert() }
        await #expect(throws: refused) { try await session.store() }
        await #expect(throws: refused) { try await transaction.open("other", in: carts.container) }
        await #expect(throws: refused) { try await transaction.load("other", in: carts.container) }
        #expect(throws: refused) { try transaction.create(in: carts.container) }

        log.clear()
        try await transaction.abort()
        #expect(log.all == ["a.discard"])
        await #expect(throws: TransactionError.ended) { try await transaction.commit() }
        #expect(try await carts.stored("/cart/count", of: "id") == nil)
    }

    @Test func `the sentence of a failed transaction tells the first cause and what to do`() async throws {
        let transaction = try Transaction.sample(
            loser(.incomplete(CommitReport(outcomes: ["k": .overtaken, "l": .untouched]))))
        await #expect(throws: TransactionError.self) { try await transaction.commit() }
        await #expect {
            try await transaction.commit()
        } throws: { error in
            "\(error)"
                == "the transaction failed; abort it to go on. First cause: a: k was written, then changed by someone "
                + "else before it could be put back, l was not written"
        }
    }

    @Test func `work that failed after a write is not worth doing again`() async throws {
        let broken = loser(.incomplete(CommitReport(outcomes: ["k": .overtaken])))
        let transaction = try Transaction.sample(broken)
        await #expect {
            try await transaction.commit()
        } throws: { ($0 as? TransactionError)?.isRetryable == false }
        await #expect {
            try await transaction.commit()
        } throws: { ($0 as? TransactionError)?.isRetryable == false }
    }
}
