import SessionCore
import Testing

/// The end of a transaction without a commit, and what is let go at any end.
@Suite struct TransactionAbortTests {
    private let log = CallLog()

    @Test func `an abort tells participants in the order of joining, whatever their order in a commit`() async throws {
        let transaction = try Transaction.sample(
            SampleParticipant(name: "b", commitOrder: .oneShot, log: log), SampleParticipant(name: "c", log: log),
            SampleParticipant(name: "a", log: log))
        try await transaction.abort()
        #expect(log.all == ["b.discard", "c.discard", "a.discard"], "and nothing else: no phase had begun")
        #expect(transaction.hasEnded && !transaction.isOpen)
    }

    @Test func `an abort drops what participants and sessions hold`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let table = SampleTable("t")
        try table.set("name", "bob", in: transaction)
        let cart = try await transaction.open("id", in: carts.container)
        try cart.set(1, at: "/cart/count")
        try await transaction.abort()
        #expect(table.staged.isEmpty && table.committed.isEmpty && table.misuse.isEmpty)
        #expect(try await carts.stored("/cart/count", of: "id") == nil)
        #expect(throws: SessionError.transaction(.ended)) { try cart.value(at: "/cart/count") }
    }

    @Test func `an ended transaction refuses everything`() async throws {
        let carts = try SampleCarts()
        for isCommit in [true, false] {
            let transaction = carts.begin()
            let cart = try await transaction.open("id", in: carts.container)
            if isCommit { try await transaction.commit() } else { try await transaction.abort() }
            for _ in 0..<2 { await #expect(throws: TransactionError.ended) { try await transaction.commit() } }
            await #expect(throws: TransactionError.ended) { try await transaction.abort() }
            #expect(throws: TransactionError.ended) { try transaction.join(SampleParticipant(name: "c", log: log)) }
            #expect(throws: TransactionError.ended) { try transaction.savepoint() }
            let ended = SessionError.transaction(.ended)
            #expect(throws: ended) { try cart.update { $0["cart"]["count"] = 1 } }
            #expect(throws: ended) { try transaction.create(in: carts.container) }
            await #expect(throws: ended) { try await transaction.open("id", in: carts.container) }
            await #expect(throws: ended) { try await transaction.open("other", in: carts.container) }
        }
    }

    @Test func `hooks before an abort still see what is staged, those after it do not`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let cart = try await transaction.open("id", in: carts.container)
        try cart.set(1, at: "/cart/count")
        let look: @Sendable () -> Void = { [log] in
            do { log.add(Notation.text(of: try cart.value(at: "/cart/count"))) } catch { log.add("\(error)") }
        }
        try transaction.beforeAbort { [log] transaction in
            log.add(transaction.isOpen ? "open" : "over")
            look()
            do { try transaction.beforeAbort { _ in log.add("added by a hook") } } catch { log.add("\(error)") }
        }
        try transaction.afterAbort { [log] in
            log.add(transaction.hasEnded ? "ended" : "not yet")
            look()
        }
        try await transaction.abort()
        #expect(log.all == ["open", "1", "added by a hook", "ended", "\(TransactionError.ended)"])
    }

    @Test func `hooks before an abort run once, in order, also those of a failed transaction`() async throws {
        let transaction = try Transaction.sample(
            SampleParticipant(
                name: "a", log: log, failsAt: .vote, failure: .incomplete(CommitReport(outcomes: ["k": .overtaken]))))
        for number in 1...2 {
            try transaction.beforeAbort { [log] _ in log.add("before \(number)") }
            try transaction.afterAbort { [log] in log.add("after \(number)") }
        }
        await #expect(throws: TransactionError.self) { try await transaction.commit() }
        log.clear()
        try await transaction.abort()
        #expect(log.all == ["before 1", "before 2", "a.discard", "after 1", "after 2"])
    }

    /// A participant whose life can be watched.
    private final class Watched: Participant {
        let name = "watched"
        let commitOrder = CommitOrder.undoable
        let hasWrites = true
        func begin() async throws(ParticipantError) {}
        func commit() async throws(ParticipantError) {}
        func vote() async throws(ParticipantError) {}
        func finish() async -> InDoubt? { nil }
        func abort() async {}
        func discard() {}
    }

    @Test(arguments: [true, false])
    func `a transaction that ended holds on to no participant and no hook`(isCommit: Bool) async throws {
        let transaction = try Transaction.sample()
        weak var participant: Watched?
        weak var captured: CallLog?
        do {
            let (watched, hooked) = (Watched(), CallLog())
            (participant, captured) = (watched, hooked)
            try transaction.join(watched)
            try transaction.beforeCommit { _ in hooked.add("beforeCommit") }
            try transaction.afterCommit { _ in hooked.add("afterCommit") }
            try transaction.beforeAbort { _ in hooked.add("beforeAbort") }
            try transaction.afterAbort { hooked.add("afterAbort") }
        }
        #expect(participant != nil && captured != nil, "an open one does")
        if isCommit { try await transaction.commit() } else { try await transaction.abort() }
        #expect(participant == nil && captured == nil)
        #expect(transaction.hasEnded)
    }
}
