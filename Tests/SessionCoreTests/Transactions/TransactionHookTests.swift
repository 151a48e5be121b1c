import SessionCore
import Testing

/// What is called before and after a commit.
@Suite struct TransactionHookTests {
    private let log = CallLog()

    /// A transaction of one participant that has a hook of every kind, each called by its name in the log.
    private func hooked(_ participant: SampleParticipant? = nil) throws -> Transaction {
        let transaction = try Transaction.sample(participant ?? SampleParticipant(name: "a", log: log))
        try transaction.beforeCommit { [log] _ in log.add("beforeCommit") }
        try transaction.afterCommit { [log] in log.add("afterCommit \($0)") }
        try transaction.beforeAbort { [log] _ in log.add("beforeAbort") }
        try transaction.afterAbort { [log] in log.add("afterAbort") }
        return transaction
    }

    @Test func `a commit calls the hooks of commits around all phases, and drops those of aborts`() async throws {
        let transaction = try hooked()
        try await transaction.commit()
        #expect(log.all == ["beforeCommit", "a.begin", "a.commit", "a.vote", "a.finish", "afterCommit true"])
        await #expect(throws: TransactionError.ended) { try await transaction.abort() }
        #expect(log.all.last == "afterCommit true")
    }

    @Test func `an abort calls the hooks of aborts around it, and drops those of commits`() async throws {
        let transaction = try hooked()
        try await transaction.abort()
        #expect(log.all == ["beforeAbort", "a.discard", "afterAbort"])
    }

    @Test func `hooks are called in the order they were added`() async throws {
        let transaction = try Transaction.sample()
        for number in 1...3 {
            try transaction.beforeCommit { [log] _ in log.add("before \(number)") }
            try transaction.afterCommit { [log] _ in log.add("after \(number)") }
        }
        try await transaction.commit()
        #expect(log.all == ["before 1", "before 2", "before 3", "after 1", "after 2", "after 3"])
    }

    @Test func `a hook before the commit may add another, which runs in the same commit`() async throws {
        let transaction = try Transaction.sample(SampleParticipant(name: "a", log: log))
        try transaction.beforeCommit { [log] transaction in
            log.add("1")
            try transaction.beforeCommit { [log] _ in log.add("3") }
            try transaction.afterCommit { [log] _ in log.add("after") }
        }
        try transaction.beforeCommit { [log] _ in log.add("2") }
        try await transaction.commit()
        #expect(log.all.first == "1" && log.all.dropFirst().prefix(2) == ["2", "3"] && log.all.last == "after")
    }

    @Test func `a hook before the commit may open sessions, edit and join`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        try transaction.beforeCommit { [log] transaction in
            let cart = try await transaction.open("id", in: carts.container)
            try cart.set(1, at: "/cart/count")
            try transaction.join(SampleParticipant(name: "late", log: log))
        }
        try await transaction.commit()
        #expect(try await carts.stored("/cart/count", of: "id") == 1)
        #expect(log.all == ["late.begin", "late.commit", "late.vote", "late.finish"])
    }

    @Test func `hooks are refused once the transaction has ended`() async throws {
        for isCommit in [true, false] {
            let transaction = try Transaction.sample()
            if isCommit { try await transaction.commit() } else { try await transaction.abort() }
            #expect(throws: TransactionError.ended) { try transaction.beforeCommit { _ in } }
            #expect(throws: TransactionError.ended) { try transaction.afterCommit { _ in } }
            #expect(throws: TransactionError.ended) { try transaction.beforeAbort { _ in } }
            #expect(throws: TransactionError.ended) { try transaction.afterAbort {} }
        }
    }

    @Test func `when the hook after a commit runs, the transaction has ended`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let cart = try await transaction.open("id", in: carts.container)
        try cart.set(1, at: "/cart/count")
        try transaction.afterCommit { [log] _ in
            if transaction.hasEnded { log.add("ended") }
            do { try cart.set(2, at: "/cart/count") } catch { log.add("\(error)") }
            do { try transaction.join(SampleParticipant(name: "late", log: log)) } catch { log.add("\(error)") }
        }
        try await transaction.commit()
        #expect(log.all == ["ended"] + Array(repeating: "\(TransactionError.ended)", count: 2))
        #expect(try await carts.stored("/cart/count", of: "id") == 1)
    }
}
