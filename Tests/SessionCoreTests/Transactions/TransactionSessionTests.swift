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

    @Test func `an update sees what was changed meanwhile through the session's stored key`() async throws {
        let carts = try SampleCarts()
        let container = try SessionContainer(
            "carts", in: carts.store, profile: SampleProfile(), granularity: .package)
        let first = carts.begin()
        try await first.open("id", in: container, packages: ["cart"]).set(1, at: "/cart/count")
        try await first.commit()
        let transaction = carts.begin()
        let record = try #require(try await transaction.open(storedKey: "carts/id/cart", in: container))
        let cart = try await transaction.open("id", in: container, packages: ["cart"])
        var runs = 0
        try cart.update { draft in
            runs += 1
            // As another task would while this one is at work.
            if runs == 1 { try record.set("red", at: "/colour") }
            draft["cart"]["count"] = 2
        }
        #expect(runs == 2)
        #expect(try record.value(at: "") == ["count": 2, "colour": "red"])
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
