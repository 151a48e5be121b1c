import SessionCore
import Synchronization
import Testing

/// Something to be done later, which is known only after what does it was made.
private final class Delayed: Sendable {
    private let work = Mutex<@Sendable () -> Void>({})
    func set(_ body: @escaping @Sendable () -> Void) { work.withLock { $0 = body } }
    func run() { work.withLock { $0 }() }
}

/// A transaction that ends, or goes on, while one of its tasks waits for a store.
@Suite struct TransactionInterruptionTests {
    private let log = CallLog()

    private func container(_ carts: SampleCarts, in store: InterruptedStore) throws -> SessionContainer {
        try SessionContainer("carts", in: store, profile: SampleProfile())
    }

    @Test(arguments: [true, false])
    func `a session that is loaded when the transaction has ended is not opened`(isCommit: Bool) async throws {
        let carts = try SampleCarts()
        try await carts.write(1, at: "/cart/count", of: "id")
        let transaction = carts.begin()
        let store = InterruptedStore(base: carts.store) {
            do { if isCommit { try await transaction.commit() } else { try await transaction.abort() } } catch {
                Issue.record("\(error)")
            }
        }
        let container = try container(carts, in: store)
        await #expect(throws: SessionError.transaction(.ended)) { try await transaction.open("id", in: container) }
    }

    @Test func `a session that is found when the transaction has ended is not opened`() async throws {
        let carts = try SampleCarts()
        try await carts.write(1, at: "/cart/count", of: "id")
        let transaction = carts.begin()
        let store = InterruptedStore(base: carts.store) { try? await transaction.abort() }
        let container = try container(carts, in: store)
        await #expect(throws: SessionError.transaction(.ended)) { try await transaction.load("id", in: container) }
    }

    @Test func `a stored key that is loaded when the transaction has ended is not opened`() async throws {
        let carts = try SampleCarts()
        try await carts.write(1, at: "/cart/count", of: "id")
        let transaction = carts.begin()
        let store = InterruptedStore(base: carts.store) { try? await transaction.abort() }
        let container = try container(carts, in: store)
        await #expect(throws: SessionError.transaction(.ended)) {
            try await transaction.open(storedKey: "carts/id", in: container)
        }
    }

    @Test func `an abort while a session is stored by itself leaves it stored`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let store = InterruptedStore(base: carts.store, afterCommit: { try? await transaction.abort() })
        let cart = try await transaction.open("id", in: try container(carts, in: store))
        try cart.set(1, at: "/cart/count")
        try await cart.store()
        #expect(transaction.hasEnded)
        #expect(try await carts.stored("/cart/count", of: "id") == 1)
    }

    /// A store that writes and never answers.
    private struct Silent: SessionStore {
        let base: MemoryStore
        var name: String { base.name }
        var capabilities: StoreCapabilities { base.capabilities }
        func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] {
            try await base.load(keys)
        }
        func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport {
            let outcomes = writes.map { ($0.key, RecordOutcome.unknown("no answer")) }
            return CommitReport(outcomes: Dictionary(outcomes) { $1 })
        }
        func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> { [] }
        func scan() -> ScanStream { base.scan() }
        func facts() async throws(StoreError) -> StoreFacts { try await base.facts() }
        func traffic() async -> StoreTraffic { await base.traffic() }
        func close() async {}
    }

    @Test func `a session that may be stored by itself poisons the transaction, unless that has ended`() async throws {
        let carts = try SampleCarts()
        let report = CommitReport(outcomes: ["carts/id": .unknown("no answer")])
        let cause = TransactionError.participant(ParticipantError(participant: "memory:", kind: .incomplete(report)))
        for isAborted in [false, true] {
            let transaction = carts.begin()
            let store = InterruptedStore(
                base: Silent(base: carts.store), afterCommit: { if isAborted { try? await transaction.abort() } })
            let cart = try await transaction.open("id", in: try container(carts, in: store))
            try cart.set(1, at: "/cart/count")
            await #expect(throws: SessionError.transaction(cause)) { try await cart.store() }
            #expect(transaction.hasEnded == isAborted)
            let refusal = isAborted ? TransactionError.ended : .failed(cause)
            await #expect(throws: refusal) { try await transaction.commit() }
        }
    }

    @Test func `an update that a rollback came into is made again over what was rolled back to`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let cart = try await transaction.open("id", in: carts.container)
        let savepoint = try transaction.savepoint()
        try cart.set("later", at: "/cart/state")
        var runs = 0
        try cart.update { draft in
            runs += 1
            // As another task would while this one is at work.
            if runs == 1 { try savepoint.rollback() }
            draft["cart"]["count"] = 1
        }
        #expect(runs == 2)
        #expect(try cart.value(at: "/cart") == ["count": 1])
    }

    @Test func `what is edited while a session is stored by itself stays staged`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let edit = Delayed()
        let store = InterruptedStore(base: carts.store, afterCommit: { edit.run() })
        let cart = try await transaction.open("id", in: try container(carts, in: store))
        try cart.set(1, at: "/cart/count")
        edit.set { try? cart.set("red", at: "/cart/colour") }
        try await cart.store()
        edit.set {}
        #expect(try cart.value(at: "/cart") == ["count": 1, "colour": "red"])
        #expect(try await carts.stored("/cart", of: "id") == ["count": 1])
        try await transaction.commit()
        #expect(try await carts.stored("/cart", of: "id") == ["count": 1, "colour": "red"])
    }
}
