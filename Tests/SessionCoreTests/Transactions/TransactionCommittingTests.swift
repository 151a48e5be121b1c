import SessionCore
import Testing

/// What may not be done while a commit is under way.
@Suite struct TransactionCommittingTests {
    private let log = CallLog()

    /// The errors of everything that can be asked of a transaction, as text.
    private static func refusals(
        of transaction: Transaction, _ cart: Session, in carts: SampleCarts, _ savepoint: TransactionSavepoint
    ) async -> [String] {
        let calls: [@Sendable () async throws -> Void] = [
            { try await transaction.commit() },
            { try await transaction.abort() },
            { try transaction.join(SampleParticipant(name: "late", log: CallLog())) },
            { _ = try transaction.savepoint() },
            { try savepoint.rollback() },
            { try transaction.doom() },
            { try transaction.note("n") },
            { try transaction.setUser("ada") },
            { try transaction.beforeCommit { _ in } },
            { try transaction.afterCommit { _ in } },
            { try transaction.beforeAbort { _ in } },
            { try transaction.afterAbort {} },
            { try cart.set(2, at: "/cart/count") },
            { try await cart.store() },
            { _ = try await transaction.open("other", in: carts.container) },
            { _ = try transaction.create(in: carts.container) },
        ]
        var errors: [String] = []
        for call in calls {
            do {
                try await call()
                errors.append("none")
            } catch { errors.append("\(error)") }
        }
        return errors
    }

    @Test(arguments: SampleParticipant.Phase.allCases)
    func `everything is refused in every phase of a commit`(phase: SampleParticipant.Phase) async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let cart = try await transaction.open("id", in: carts.container)
        try cart.set(1, at: "/cart/count")
        let savepoint = try transaction.savepoint()
        var participant = SampleParticipant(name: "a", log: CallLog())
        participant.during = { [log] now in
            guard now == phase else { return }
            log.add(transaction.isOpen ? "open" : "not open")
            for error in await Self.refusals(of: transaction, cart, in: carts, savepoint) { log.add(error) }
            do { log.add(Notation.text(of: try cart.value(at: "/cart/count"))) } catch { log.add("\(error)") }
        }
        try transaction.join(participant)
        try await transaction.commit()
        #expect(log.all == ["not open"] + Array(repeating: "\(TransactionError.committing)", count: 16) + ["1"])
        #expect(try await carts.stored("/cart/count", of: "id") == 1)
    }

    @Test func `nothing can be done while participants are told of an abort`() async throws {
        let transaction = try Transaction.sample()
        struct Curious: Participant {
            let transaction: Transaction
            let log: CallLog
            let name = "curious"
            let commitOrder = CommitOrder.undoable
            let hasWrites = true
            func begin() async throws(ParticipantError) {}
            func commit() async throws(ParticipantError) {}
            func vote() async throws(ParticipantError) {}
            func finish() async -> InDoubt? { nil }
            func abort() async {}
            func discard() {
                log.add(transaction.isOpen ? "open" : "not open")
                do { try transaction.note("n") } catch { log.add("refused") }
                do { try transaction.join(self) } catch { log.add("refused") }
            }
        }
        try transaction.join(Curious(transaction: transaction, log: log))
        try await transaction.abort()
        #expect(log.all == ["not open", "refused", "refused"])
    }
}
