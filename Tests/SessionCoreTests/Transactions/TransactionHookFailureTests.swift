import SessionCore
import Testing

/// Hooks that fail, and hooks around a commit that fails.
@Suite struct TransactionHookFailureTests {
    private let log = CallLog()

    private struct Refusal: Error, CustomStringConvertible {
        var description: String { "not on sundays" }
    }

    /// A transaction of one participant that has a hook of every kind, each called by its name in the log.
    private func hooked(_ participant: SampleParticipant? = nil) throws -> Transaction {
        let transaction = try Transaction.sample(participant ?? SampleParticipant(name: "a", log: log))
        try transaction.beforeCommit { [log] _ in log.add("beforeCommit") }
        try transaction.afterCommit { [log] in log.add("afterCommit \($0)") }
        try transaction.beforeAbort { [log] _ in log.add("beforeAbort") }
        try transaction.afterAbort { [log] in log.add("afterAbort") }
        return transaction
    }

    @Test func `an error of a hook stops the commit with nothing written and the transaction open`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        try await transaction.open("id", in: carts.container).set(1, at: "/cart/count")
        try transaction.beforeCommit { [log] _ in log.add("1") }
        try transaction.beforeCommit { _ in throw Refusal() }
        try transaction.beforeCommit { [log] _ in log.add("3") }
        try transaction.afterCommit { [log] in log.add("after \($0)") }
        await #expect {
            try await transaction.commit()
        } throws: { error in
            error as? TransactionError == .hook("not on sundays") && "\(error)".contains("not on sundays")
        }
        #expect(log.all == ["1"])
        #expect(transaction.isOpen)
        #expect(try await carts.stored("/cart/count", of: "id") == nil)
        try await transaction.commit()
        #expect(log.all == ["1", "3", "after true"], "those that ran are not called again, the others are")
        #expect(try await carts.stored("/cart/count", of: "id") == 1)
    }

    @Test func `a hook's error that may pass has the work done again`() async throws {
        let cause = StoreError(.timedOut, store: "s", detail: "no answer")
        let participant = ParticipantError(participant: "s", kind: .store(cause))
        let errors: [any Error] = [
            cause, participant, SessionError.store(cause), TransactionError.participant(participant),
            SessionError.transaction(.participant(participant)),
        ]
        var runs = 0
        try await withTransaction(clock: ManualClock(Timestamp(seconds: 0)), retries: errors.count) { transaction in
            let error = runs < errors.count ? errors[runs] : nil
            runs += 1
            try transaction.beforeCommit { _ in if let error { throw error } }
        }
        #expect(runs == errors.count + 1)
        let transaction = try Transaction.sample()
        try transaction.beforeCommit { _ in throw SessionError.store(cause) }
        await #expect(throws: TransactionError.participant(participant)) { try await transaction.commit() }
    }

    @Test func `the commit and the abort of a hook are the end of the transaction`() async throws {
        let aborting = try hooked()
        try aborting.beforeCommit { try await $0.abort() }
        try aborting.beforeCommit { [log] _ in log.add("never") }
        await #expect(throws: TransactionError.ended) { try await aborting.commit() }
        #expect(log.all == ["beforeCommit", "beforeAbort", "a.discard", "afterAbort"])
        log.clear()
        let committing = try Transaction.sample(SampleParticipant(name: "a", log: log))
        try committing.beforeCommit { try await $0.commit() }
        await #expect(throws: TransactionError.ended) { try await committing.commit() }
        #expect(log.all == ["a.begin", "a.commit", "a.vote", "a.finish"])
    }

    @Test func `a commit that failed before any write calls no hook after it until that is decided`() async throws {
        let transaction = try hooked(SampleParticipant(name: "a", log: log, failsAt: .vote))
        for _ in 0..<2 { await #expect(throws: TransactionError.self) { try await transaction.commit() } }
        #expect(!log.all.contains { $0.hasPrefix("after") })
        #expect(log.all.count { $0 == "beforeCommit" } == 1, "what ran before the first try does not run again")
        log.clear()
        try await transaction.abort()
        #expect(log.all == ["beforeAbort", "a.discard", "afterCommit false", "afterAbort"])
    }

    @Test func `a commit that succeeds at the second try tells its hooks once that it did`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let cart = try await transaction.open("id", in: carts.container)
        try cart.set(1, at: "/cart/count")
        try transaction.afterCommit { [log] in log.add("after \($0)") }
        try await carts.write(2, at: "/cart/count", of: "id")
        await #expect(throws: TransactionError.self) { try await transaction.commit() }
        #expect(log.all.isEmpty)
        try cart.revert()
        try await transaction.commit()
        #expect(log.all == ["after true"])
    }

    @Test func `a commit that failed for good tells its hooks at once, and only then`() async throws {
        let transaction = try hooked(
            SampleParticipant(
                name: "a", log: log, failsAt: .vote,
                failure: .incomplete(CommitReport(outcomes: ["k": .overtaken]))))
        await #expect(throws: TransactionError.self) { try await transaction.commit() }
        #expect(log.all == ["beforeCommit", "a.begin", "a.commit", "a.vote", "a.abort", "afterCommit false"])
        log.clear()
        try await transaction.abort()
        #expect(log.all == ["beforeAbort", "a.discard", "afterAbort"])
    }
}
