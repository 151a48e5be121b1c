import SessionCore
import Testing

/// Doomed transactions go on and end in nothing.
@Suite struct TransactionDoomTests {
    private let log = CallLog()

    @Test func `a doomed transaction can only be aborted`() async throws {
        let transaction = try Transaction.sample(SampleParticipant(name: "a", log: log))
        #expect(!transaction.isDoomed)
        try transaction.doom()
        #expect(transaction.isDoomed && transaction.isOpen)
        for _ in 0..<2 { await #expect(throws: TransactionError.doomed) { try await transaction.commit() } }
        await #expect(throws: TransactionError.doomed) { try await transaction.commit(conflicts: .merge) }
        #expect(log.all.isEmpty)
        try await transaction.abort()
        #expect(log.all == ["a.discard"])
        await #expect(throws: TransactionError.ended) { try await transaction.abort() }
    }

    @Test func `dooming twice is the same as once`() async throws {
        let transaction = try Transaction.sample()
        try transaction.doom()
        try transaction.doom()
        #expect(transaction.isDoomed)
        await #expect(throws: TransactionError.doomed) { try await transaction.commit() }
    }

    @Test func `a transaction that ended cannot be doomed`() async throws {
        let committed = try Transaction.sample()
        try await committed.commit()
        #expect(throws: TransactionError.ended) { try committed.doom() }
        let aborted = try Transaction.sample()
        try await aborted.abort()
        #expect(throws: TransactionError.ended) { try aborted.doom() }
        #expect(!committed.isDoomed && !aborted.isDoomed)
    }

    @Test func `a doomed transaction can be joined, noted and edited, and what joined is told of the abort`()
        async throws
    {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        try transaction.doom()
        try transaction.join(SampleParticipant(name: "late", log: log))
        try transaction.note("doomed")
        try transaction.setUser("ada")
        try transaction.afterAbort { [log] in log.add("afterAbort") }
        let cart = try await transaction.open("id", in: carts.container)
        try cart.set(1, at: "/cart/count")
        #expect(try cart.value(at: "/cart/count") == 1)
        await #expect(throws: SessionError.transaction(.doomed)) { try await cart.store() }
        try await transaction.abort()
        #expect(log.all == ["late.discard", "afterAbort"])
        #expect(try await carts.stored("/cart/count", of: "id") == nil)
    }

    @Test func `a doomed transaction makes savepoints and rolls back to them, and stays doomed`() async throws {
        let transaction = try Transaction.sample(SampleSavepointParticipant(name: "a", log: log))
        let earlier = try transaction.savepoint()
        try transaction.doom()
        let later = try transaction.savepoint()
        try later.rollback()
        try earlier.rollback()
        #expect(log.all == ["a.savepoint", "a.savepoint", "a.rollback", "a.rollback"])
        #expect(transaction.isDoomed && earlier.isValid && !later.isValid)
        await #expect(throws: TransactionError.doomed) { try await transaction.commit() }
    }

    @Test func `a hook before the commit can doom it`() async throws {
        let transaction = try Transaction.sample(SampleParticipant(name: "a", log: log))
        try transaction.beforeCommit { try $0.doom() }
        await #expect(throws: TransactionError.doomed) { try await transaction.commit() }
        #expect(log.all.isEmpty && transaction.isDoomed)
    }
}
