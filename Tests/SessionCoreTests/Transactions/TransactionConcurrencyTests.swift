import OrderedCollections
import SessionCore
import Synchronization
import Testing

/// A clock that takes its time, so that other tasks get in between its caller's steps.
private final class SlowClock: WallClock {
    private let ticks = Atomic(0)
    func now() -> Timestamp {
        for _ in 0..<2000 { ticks.wrappingAdd(1, ordering: .relaxed) }
        return Timestamp(seconds: 1_700_000_000)
    }
}

/// One transaction used from many tasks: what they do comes in some order, and nothing is lost.
@Suite struct TransactionConcurrencyTests {
    @Test func `a hundred tasks that set keys of their own in one session lose none`() async throws {
        let carts = try SampleCarts()
        let transaction = carts.begin()
        let cart = try await transaction.open("id", in: carts.container)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask { try cart.update { $0["cart"][.integer(number)] = .integer(number) } }
            }
            try await group.waitForAll()
        }
        #expect(try cart["cart"].count == 100)
        try await transaction.commit()
        let stored = try #require(try await carts.stored("/cart", of: "id")?.map)
        #expect(stored.count == 100)
        for number in 0..<100 { #expect(stored[.integer(number)] == .integer(number)) }
    }

    @Test func `a hundred tasks that count up one key come to a hundred`() async throws {
        let carts = try SampleCarts()
        try await carts.write(0, at: "/cart/count", of: "id")
        let transaction = carts.begin()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    // Each task looks the session up for itself, as the parts of a request would.
                    let cart = try await transaction.open("id", in: carts.container)
                    try cart.update { draft in
                        guard case .integer(let count) = draft["cart"]["count"] else { return }
                        draft["cart"]["count"] = .integer(count + 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        try await transaction.commit()
        #expect(try await carts.stored("/cart/count", of: "id") == 100)
    }

    @Test func `many transactions that count up one key lose none`() async throws {
        let carts = try SampleCarts()
        try await carts.write(0, at: "/cart/count", of: "id")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<25 {
                group.addTask {
                    try await withTransaction(clock: carts.clock, retries: 25) { transaction in
                        let cart = try await transaction.open("id", in: carts.container)
                        try cart.update { draft in
                            guard case .integer(let count) = draft["cart"]["count"] else { return }
                            draft["cart"]["count"] = .integer(count + 1)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await carts.stored("/cart/count", of: "id") == 25)
    }

    @Test func `of many commits at once one commits, and the others are refused`() async throws {
        let log = CallLog()
        let transaction = try Transaction.sample(SampleParticipant(name: "a", log: log))
        let errors = await withTaskGroup(of: TransactionError?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do throws(TransactionError) {
                        try await transaction.commit()
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.count { $0 == nil } == 1)
        #expect(errors.allSatisfy { $0 == nil || $0 == .committing || $0 == .ended })
        #expect(log.all == ["a.begin", "a.commit", "a.vote", "a.finish"])
    }

    @Test func `an edit that was taken before a commit is in it, and one that was not is refused`() async throws {
        let carts = try SampleCarts()
        for round in 0..<200 {
            let id = "\(round)"
            let transaction = Transaction(clock: SlowClock())
            let cart = try await transaction.open(id, in: carts.container)
            try cart.set(true, at: "/cart/first")
            let taken = Task.detached {
                var taken = 0
                while (try? cart.set(true, at: "/cart/\(taken)")) != nil { taken += 1 }
                return taken
            }
            // Every round meets the other task at another moment.
            for _ in 0..<(round % 20) { await Task.yield() }
            try await transaction.commit()
            let count = await taken.value
            let stored = try #require(try await carts.stored("/cart", of: id)?.map)
            #expect(stored.count == count + 1, "round \(round)")
        }
    }

    /// A participant that takes its time to go back.
    private struct Slow: SavepointParticipant {
        let clock: SlowClock
        let name = "slow"
        let commitOrder = CommitOrder.undoable
        let hasWrites = false
        func begin() async throws(ParticipantError) {}
        func commit() async throws(ParticipantError) {}
        func vote() async throws(ParticipantError) {}
        func finish() async -> InDoubt? { nil }
        func abort() async {}
        func discard() {}

        struct Part: ParticipantSavepoint {
            let clock: SlowClock
            func rollback() { _ = clock.now() }
        }

        func makeSavepoint() -> any ParticipantSavepoint { Part(clock: clock) }
    }

    @Test func `a commit comes before a rollback or after it, not in the middle`() async throws {
        let carts = try SampleCarts()
        let clock = SlowClock()
        var rolledBack = 0
        for round in 0..<200 {
            let id = "\(round)"
            let transaction = Transaction(clock: clock)
            try transaction.join(Slow(clock: clock))
            let cart = try await transaction.open(id, in: carts.container)
            try cart.set("old", at: "/cart/state")
            let savepoint = try transaction.savepoint()
            try cart.set("new", at: "/cart/state")
            let other = Task.detached { (try? savepoint.rollback()) != nil }
            for _ in 0..<(round % 8) { await Task.yield() }
            try await transaction.commit()
            let isRolledBack = await other.value
            rolledBack += isRolledBack ? 1 : 0
            #expect(
                try await carts.stored("/cart/state", of: id) == (isRolledBack ? "old" : "new"), "round \(round)")
        }
        #expect(rolledBack > 0, "or nothing is shown")
    }
}
