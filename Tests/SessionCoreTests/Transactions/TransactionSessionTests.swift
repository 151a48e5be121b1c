import SessionCore
import Testing

/// Sessions and other participants in one transaction.
@Suite struct TransactionSessionTests {
    private let log = CallLog()

    @Test func `sessions and participants commit together, sessions last`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        try await transaction.open("id", in: carts.container).set(1, at: "/cart/count")
        var participant = SampleParticipant(name: "z", log: log)
        participant.during = { [log] phase in
            guard phase == .vote else { return }
            let stored = try? await carts.stored("/cart/count", of: "id")
            log.add(stored == nil ? "nothing stored yet" : "stored too early")
        }
        try transaction.join(participant)
        try await transaction.commit()
        #expect(log.all == ["z.begin", "z.commit", "z.vote", "nothing stored yet", "z.finish"])
        #expect(try await carts.stored("/cart/count", of: "id") == 1)
    }

    @Test func `where a participant says no, no session is stored`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        try await transaction.open("id", in: carts.container).set(1, at: "/cart/count")
        try transaction.join(SampleParticipant(name: "z", log: log, failsAt: .vote))
        await #expect(throws: TransactionError.self) { try await transaction.commit() }
        #expect(try await carts.stored("/cart/count", of: "id") == nil)
    }

    @Test func `where one session lost a race, no other is stored, and participants take back`() async throws {
        let carts = try SampleCarts()
        try await carts.write(1, at: "/cart/count", of: "lost")
        let transaction = carts.begin()
        for session in try await transaction.open(["lost", "new"], in: carts.container) {
            try session.set(2, at: "/cart/count")
        }
        try transaction.join(SampleParticipant(name: "z", log: log))
        try await carts.write(3, at: "/cart/count", of: "lost")
        await #expect {
            try await transaction.commit()
        } throws: { error in
            guard case .participant(let error) = error as? TransactionError, error.participant == "memory:",
                case .conflict(let records) = error.kind
            else { return false }
            return records.keys.sorted() == ["carts/lost"]
        }
        #expect(log.all.suffix(2) == ["z.vote", "z.abort"])
        #expect(try await carts.stored("/cart/count", of: "new") == nil)
    }

    @Test func `sessions of two stores are refused by the stores' names, until those of one are reverted`() async throws {
        let (carts, others) = (try SampleCarts(store: "one:"), try SampleCarts(store: "two:"))
        let transaction = carts.begin()
        let cart = try await transaction.open("id", in: carts.container)
        let other = try await transaction.open("id", in: others.container)
        try cart.set(1, at: "/cart/count")
        try other.set(2, at: "/cart/count")
        await #expect(throws: TransactionError.severalOneShotStores(["one:", "two:"])) { try await transaction.commit() }
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
        let sessions = [
            try await transaction.open("id", in: carts.container), try await transaction.open("id", in: others.container),
        ]
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

    @Test func `a participant without savepoints among sessions refuses one, and edits go on`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let cart = try await transaction.open("id", in: carts.container)
        try transaction.join(SampleParticipant(name: "plain", log: log))
        #expect(throws: TransactionError.savepointsUnsupported("plain")) { try transaction.savepoint() }
        try cart.set(1, at: "/cart/count")
        try await transaction.commit()
        #expect(try await carts.stored("/cart/count", of: "id") == 1)
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

    @Test func `a commit with nothing changed writes nothing and asks no store`() async throws {
        let carts = try SampleCarts()
        try await carts.write(1, at: "/cart/count", of: "id")
        let transaction = carts.begin()
        let cart = try await transaction.open("id", in: carts.container)
        try cart.set(2, at: "/cart/count")
        try cart.set(1, at: "/cart/count")
        let before = await carts.store.traffic().total
        #expect(try await transaction.commit() == [])
        #expect(await carts.store.traffic().total == before)
    }
}
