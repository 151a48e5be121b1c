import SessionCore
import Testing

/// Savepoints across all participants that are there when they are made.
@Suite struct TransactionSavepointTests {
    private let log = CallLog()

    private func able(_ name: String) -> SampleSavepointParticipant { SampleSavepointParticipant(name: name, log: log) }

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
