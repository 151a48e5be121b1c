import SessionCore
import Testing

/// Participants that join after a savepoint was made.
@Suite struct TransactionLateJoinTests {
    private let log = CallLog()

    private func able(_ name: String) -> SampleSavepointParticipant { SampleSavepointParticipant(name: name, log: log) }

    @Test func `a rollback takes back what late participants hold, too`() throws {
        let transaction = try Transaction.sample()
        let table = SampleTable("t")
        try table.set("name", "bob", in: transaction)
        let savepoint = try transaction.savepoint()
        try table.set("job", "geek", in: transaction)
        _ = try transaction.savepoint()
        try table.set("salary", "fun", in: transaction)
        let (late, plain) = (SampleTable("late"), PlainTable("plain"))
        try late.set("name", "sally", in: transaction)
        try plain.set("name", "sam", in: transaction)
        #expect(table.staged.count == 3 && late.staged.count == 1 && plain.table.staged.count == 1)
        try savepoint.rollback()
        #expect(table.staged == ["name": "bob"])
        #expect(late.staged.isEmpty && plain.table.staged.isEmpty)
    }

    @Test func `one that joined after the savepoint returns to its state at joining, and stays`() async throws {
        let transaction = try Transaction.sample(able("a"))
        let savepoint = try transaction.savepoint()
        try transaction.join(able("b"))
        try savepoint.rollback()
        #expect(log.all == ["a.savepoint", "b.savepoint", "a.rollback", "b.rollback"])
        log.clear()
        try await transaction.abort()
        #expect(log.all == ["a.discard", "b.discard"])
    }

    @Test func `one without savepoints drops what it holds and leaves`() async throws {
        let transaction = try Transaction.sample(able("a"))
        let savepoint = try transaction.savepoint()
        try transaction.join(SampleParticipant(name: "plain", log: log))
        log.clear()
        try savepoint.rollback()
        #expect(log.all == ["a.rollback", "plain.discard"])
        #expect(savepoint.isValid, "who came later does not spoil it")
        try savepoint.rollback()
        try await transaction.commit()
        #expect(log.all == ["a.rollback", "plain.discard", "a.rollback"], "it takes no part any more")
    }

    @Test func `one without savepoints that joined later spoils the later savepoints only`() async throws {
        let transaction = try Transaction.sample(able("a"))
        let early = try transaction.savepoint()
        try transaction.join(able("late"))
        try transaction.join(SampleParticipant(name: "plain", log: log))
        #expect(throws: TransactionError.savepointsUnsupported("plain")) { try transaction.savepoint() }
        let savepoint = try transaction.savepoint(optimistic: true)
        log.clear()
        #expect(throws: TransactionError.savepointsUnsupported("plain")) { try savepoint.rollback() }
        #expect(log.all.isEmpty)
        try early.rollback()
        #expect(log.all == ["a.rollback", "late.rollback", "plain.discard"])
        _ = try transaction.savepoint()
        try await transaction.commit()
    }

    @Test func `what joins after a savepoint, is rolled back and changed again, is committed once`() async throws {
        let transaction = try Transaction.sample()
        let savepoint = try transaction.savepoint()
        let (table, plain) = (SampleTable("t"), PlainTable("plain"))
        try table.set("name", "bob", in: transaction)
        try plain.set("name", "bob", in: transaction)
        try savepoint.rollback()
        try table.set("name", "Bob", in: transaction)
        try plain.set("name", "Bob", in: transaction)
        try await transaction.commit()
        for table in [table, plain.table] {
            #expect(table.committed == ["name": "Bob"])
            #expect(table.misuse.isEmpty, "each call comes once and in turn")
        }
    }

    @Test func `sessions of a store that joined after a savepoint are rolled back, and committed once`() async throws {
        let carts = try SampleCarts()
        try await carts.write(1, at: "/cart/count", of: "id")
        let transaction = carts.begin()
        let savepoint = try transaction.savepoint()
        let cart = try await transaction.open("id", in: carts.container)
        for _ in 0..<2 {
            try cart.set(2, at: "/cart/count")
            try savepoint.rollback()
            #expect(try cart.value(at: "/cart/count") == 1)
            #expect(!cart.isDirty)
        }
        try cart.set(3, at: "/cart/count")
        try await transaction.commit()
        #expect(try await carts.stored("/cart/count", of: "id") == 3)
    }

    @Test func `a late participant that cannot remember its state does not join, and the transaction stays usable`()
        async throws
    {
        let transaction = try Transaction.sample(able("a"))
        let savepoint = try transaction.savepoint()
        let forgetful = SampleSavepointParticipant(name: "b", log: log, failsAt: .savepoint)
        let cause = ParticipantError(participant: "b", kind: .refused("cannot savepoint"))
        #expect(throws: TransactionError.participant(cause)) { try transaction.join(forgetful) }
        log.clear()
        try savepoint.rollback()
        try await transaction.abort()
        #expect(log.all == ["a.rollback", "a.discard"])
    }

    @Test func `one that joins while a savepoint is made belongs to it`() async throws {
        let transaction = try Transaction.sample()
        var first = able("a")
        first.during = { [log] in
            do { try transaction.join(SampleSavepointParticipant(name: "b", log: log)) } catch { log.add("\(error)") }
        }
        try transaction.join(first)
        let savepoint = try transaction.savepoint()
        try savepoint.rollback()
        #expect(log.all == ["a.savepoint", "b.savepoint", "a.rollback", "b.rollback"])
        log.clear()
        try await transaction.abort()
        #expect(log.all == ["a.discard", "b.discard"])
    }

    @Test func `sessions that come while a savepoint is made are committed after a rollback`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        var first = able("a")
        first.during = { [log] in
            do { _ = try transaction.create(in: carts.container) } catch { log.add("\(error)") }
        }
        try transaction.join(first)
        try transaction.savepoint().rollback()
        let cart = try await transaction.open("id", in: carts.container)
        try cart.set(1, at: "/cart/count")
        try await transaction.commit()
        #expect(try await carts.stored("/cart/count", of: "id") == 1)
    }
}
