import SessionCore
import Testing

/// Savepoints across all participants that are there when they are made.
@Suite struct TransactionSavepointTests {
    private let log = CallLog()

    private func able(
        _ name: String, failsAt call: SampleSavepointParticipant.Call? = nil
    ) -> SampleSavepointParticipant {
        SampleSavepointParticipant(name: name, log: log, failsAt: call)
    }

    @Test func `savepoint and rollback ask all participants, in the order of joining`() throws {
        let transaction = try Transaction.sample(able("b"), able("a"))
        let savepoint = try transaction.savepoint()
        try savepoint.rollback()
        #expect(log.all == ["b.savepoint", "a.savepoint", "b.rollback", "a.rollback"])
    }

    @Test func `a savepoint can be made when nothing has joined`() async throws {
        let transaction = try Transaction.sample()
        let savepoint = try transaction.savepoint()
        #expect(savepoint.number == 1 && savepoint.isValid)
        try savepoint.rollback()
        #expect(try transaction.savepoint().number == 2)
        try await transaction.commit()
    }

    @Test func `a savepoint is rolled back to again and again`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let table = SampleTable("t")
        try table.set("name", "bob", in: transaction)
        let cart = try await transaction.open("id", in: carts.container)
        try cart.set(1, at: "/cart/count")
        let savepoint = try transaction.savepoint()
        for number in 0..<3 {
            try table.set("name", "\(number)", in: transaction)
            try table.set("job", "geek", in: transaction)
            try cart.set(.integer(number), at: "/cart/count")
            try cart.set(true, at: "/other/flag")
            try savepoint.rollback()
            #expect(table.staged == ["name": "bob"])
            #expect(try cart.value(at: "") == ["cart": ["count": 1]])
            #expect(savepoint.isValid)
        }
        try await transaction.commit()
        #expect(table.committed == ["name": "bob"] && table.misuse.isEmpty)
        #expect(try await carts.stored("", of: "id") == ["cart": ["count": 1]])
    }

    @Test func `a rollback ends the later savepoints, and no earlier one`() throws {
        let transaction = try Transaction.sample(able("a"))
        let savepoints = try (0..<10).map { _ in try transaction.savepoint() }
        #expect(savepoints.map(\.number) == Array(1...10))
        try savepoints[1].rollback()
        #expect(savepoints.map(\.isValid) == [true, true] + Array(repeating: false, count: 8))
        log.clear()
        for savepoint in savepoints[2...] {
            #expect(throws: TransactionError.savepointInvalid) { try savepoint.rollback() }
        }
        #expect(log.all.isEmpty, "nothing is rolled back by one that ended")
        let later = try transaction.savepoint()
        #expect(later.number == 11)
        try savepoints[0].rollback()
        #expect(!later.isValid && !savepoints[1].isValid && savepoints[0].isValid)
    }

    @Test func `commit and abort end all savepoints`() async throws {
        for isCommit in [true, false] {
            let transaction = try Transaction.sample(able("a"))
            let savepoints = try (0..<10).map { _ in try transaction.savepoint() }
            if isCommit { try await transaction.commit() } else { try await transaction.abort() }
            #expect(savepoints.allSatisfy { !$0.isValid })
            log.clear()
            for savepoint in savepoints {
                #expect(throws: TransactionError.ended) { try savepoint.rollback() }
            }
            #expect(log.all.isEmpty)
            #expect(throws: TransactionError.ended) { try transaction.savepoint() }
        }
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

    @Test func `an optimistic savepoint lets it pass, and the rollback is refused with nothing rolled back`() async throws {
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

    @Test func `a participant that cannot remember its state refuses the savepoint, and all stays as it was`() async throws {
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
        await #expect(throws: SessionError.transaction(failed)) { try await transaction.open("id", in: carts.container) }
        log.clear()
        try await transaction.abort()
        #expect(log.all == ["a.discard", "b.discard", "c.discard"])
    }

    @Test func `a savepoint rolls back its own transaction only`() async throws {
        let carts = try SampleCarts()
        let (first, second) = (carts.begin(), carts.begin())
        let mine = try await first.open("id", in: carts.container)
        let other = try await second.open("id", in: carts.container)
        let savepoint = try first.savepoint()
        let sameNumber = try second.savepoint()
        try mine.set(1, at: "/cart/count")
        try other.set(2, at: "/cart/count")
        try savepoint.rollback()
        #expect(try !mine.contains("/cart/count"))
        #expect(try other.value(at: "/cart/count") == 2)
        try await first.commit()
        #expect(sameNumber.isValid, "the end of one transaction is none of another's")
        #expect(throws: TransactionError.ended) { try savepoint.rollback() }
        #expect(try other.value(at: "/cart/count") == 2)
    }
}
