import SessionCore
import Testing

/// Several stores in one transaction, and their names.
@Suite struct TransactionStoreTests {
    private let log = CallLog()

    @Test func `sessions of two stores are refused by the stores' names, until those of one are reverted`()
        async throws
    {
        let (carts, others) = (try SampleCarts(store: "one:"), try SampleCarts(store: "two:"))
        let transaction = carts.begin()
        let cart = try await transaction.open("id", in: carts.container)
        let other = try await transaction.open("id", in: others.container)
        try cart.set(1, at: "/cart/count")
        try other.set(2, at: "/cart/count")
        let refusal = TransactionError.severalOneShotStores(["one:", "two:"])
        await #expect(throws: refusal) { try await transaction.commit() }
        #expect(try cart.value(at: "/cart/count") == 1 && other.value(at: "/cart/count") == 2)
        try other.revert()
        try await transaction.commit()
        #expect(try await carts.stored("/cart/count", of: "id") == 1)
        #expect(try await others.stored("/cart/count", of: "id") == nil)
    }

    @Test func `one transaction reads sessions of two stores and writes those of one`() async throws {
        let (carts, others) = (try SampleCarts(store: "one:"), try SampleCarts(store: "two:"))
        try await others.write(5, at: "/cart/count", of: "id")
        let transaction = carts.begin()
        let count = try await transaction.open("id", in: others.container).value(at: "/cart/count")
        try await transaction.open("id", in: carts.container).set(count, at: "/cart/count")
        try await transaction.commit()
        #expect(try await carts.stored("/cart/count", of: "id") == 5)
    }

    @Test func `a savepoint covers the sessions of all stores and the participants`() async throws {
        let (carts, others) = (try SampleCarts(store: "one:"), try SampleCarts(store: "two:"))
        let transaction = carts.begin()
        var sessions: [Session] = []
        for carts in [carts, others] { sessions.append(try await transaction.open("id", in: carts.container)) }
        let table = SampleTable("t")
        try table.set("name", "bob", in: transaction)
        for session in sessions { try session.set(1, at: "/cart/count") }
        let savepoint = try transaction.savepoint()
        for session in sessions { try session.set(2, at: "/cart/count") }
        try table.set("name", "sally", in: transaction)
        try savepoint.rollback()
        for session in sessions { #expect(try session.value(at: "/cart/count") == 1) }
        #expect(table.staged == ["name": "bob"])
    }

    @Test func `a participant that took the name of a store keeps no session from being written unseen`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        try transaction.join(SampleParticipant(name: "memory:", log: log))
        for _ in 0..<2 {
            await #expect(throws: SessionError.transaction(.nameTaken("memory:"))) {
                try await transaction.open("id", in: carts.container)
            }
        }
        try await transaction.commit()
        #expect(log.all.last == "memory:.finish")
    }

    @Test func `a store and its read-only view are two stores of one name`() async throws {
        let carts = try SampleCarts()
        let view = try SessionContainer("carts", in: ReadOnlyStore(carts.store), profile: SampleProfile())
        let transaction = carts.begin()
        _ = try await transaction.open("id", in: carts.container)
        await #expect(throws: SessionError.transaction(.nameTaken("memory:"))) {
            try await transaction.open("other", in: view)
        }
        let reader = carts.begin()
        _ = try await reader.open("id", in: view)
        await #expect(throws: SessionError.transaction(.nameTaken("memory:"))) {
            try await reader.open("other", in: carts.container)
        }
    }
}
