import SessionCore
import Testing

/// Work in a transaction: how it ends, and what it may nest.
@Suite struct TransactionWorkTests {
    private let log = CallLog()

    @Test func `a lost race is run again over what the winner wrote`() async throws {
        let carts = try SampleCarts()
        try await carts.write(1, at: "/cart/count", of: "id")
        var seen: [SessionValue] = []
        try await withTransaction(clock: carts.clock) { transaction in
            let cart = try await transaction.open("id", in: carts.container)
            let count = try cart.value(at: "/cart/count")
            seen.append(count)
            if seen.count == 1 {
                // Another writer, in a task that knows nothing of this one's transaction.
                try await Task.detached { try await carts.write(10, at: "/cart/count", of: "id") }.value
            }
            try cart.update { draft in
                guard case .integer(let number) = draft["cart"]["count"] else { return }
                draft["cart"]["count"] = .integer(number + 1)
            }
        }
        #expect(seen == [1, 10])
        #expect(try await carts.stored("/cart/count", of: "id") == 11)
    }

    @Test func `a failed commit is retried up to the count, and its error thrown`() async throws {
        let cause = ParticipantError(participant: "a", kind: .conflict(["k": .gone]))
        await #expect(throws: TransactionError.participant(cause)) {
            try await withTransaction(clock: ManualClock(Timestamp(seconds: 0)), retries: 1) { transaction in
                try transaction.join(
                    SampleParticipant(name: "a", log: log, failsAt: .vote, failure: cause.kind))
            }
        }
        let run = ["a.begin", "a.commit", "a.vote", "a.abort", "a.discard"]
        #expect(log.all == run + run)
    }

    @Test func `a commit that failed for good is aborted and not done again`() async throws {
        let failure = ParticipantError.Kind.incomplete(CommitReport(outcomes: ["k": .unknown("no answer")]))
        await #expect(throws: TransactionError.participant(ParticipantError(participant: "a", kind: failure))) {
            try await withTransaction(clock: ManualClock(Timestamp(seconds: 0))) { transaction in
                try transaction.join(SampleParticipant(name: "a", log: log, failsAt: .vote, failure: failure))
            }
        }
        #expect(log.all == ["a.begin", "a.commit", "a.vote", "a.abort", "a.discard"])
    }

    @Test func `work that aborted its transaction is not committed, and its value is returned`() async throws {
        let carts = try SampleCarts()
        let value = try await withTransaction(clock: carts.clock) { transaction in
            try await transaction.open("id", in: carts.container).set(1, at: "/cart/count")
            try await transaction.abort()
            return "given up"
        }
        #expect(value == "given up")
        #expect(try await carts.stored("/cart/count", of: "id") == nil)
    }

    @Test func `work that committed its transaction is not committed again`() async throws {
        try await withTransaction(clock: ManualClock(Timestamp(seconds: 0))) { transaction in
            try transaction.join(SampleParticipant(name: "a", log: log))
            try await transaction.commit()
        }
        #expect(log.all == ["a.begin", "a.commit", "a.vote", "a.finish"])
    }

    @Test func `work that dooms its transaction gets that error after an abort, and is not done again`() async throws {
        let carts = try SampleCarts()
        var runs = 0
        await #expect(throws: TransactionError.doomed) {
            try await withTransaction(clock: carts.clock) { transaction in
                runs += 1
                try transaction.join(SampleParticipant(name: "a", log: log))
                try await transaction.open("id", in: carts.container).set(1, at: "/cart/count")
                try transaction.doom()
            }
        }
        #expect(runs == 1 && log.all == ["a.discard"])
        #expect(try await carts.stored("/cart/count", of: "id") == nil)
    }

    @Test func `the rule for conflicts is the commit's`() async throws {
        let carts = try SampleCarts()
        try await carts.write(1, at: "/cart/count", of: "id")
        var runs = 0
        try await withTransaction(clock: carts.clock, retries: 0, conflicts: .merge) { transaction in
            runs += 1
            let cart = try await transaction.open("id", in: carts.container)
            try cart.set(2, at: "/cart/count")
            try await carts.write("red", at: "/cart/colour", of: "id")
        }
        #expect(runs == 1)
        #expect(try await carts.stored("/cart", of: "id") == ["count": 2, "colour": "red"])
    }

    @Test func `new sessions get the ids of the given source`() async throws {
        struct Known: SessionIDSource { func makeID() -> String { "known" } }
        let carts = try SampleCarts()
        let id = try await withTransaction(clock: carts.clock, ids: Known()) { transaction in
            let cart = try transaction.create(in: carts.container)
            try cart.set(1, at: "/cart/count")
            return cart.id
        }
        #expect(id == "known")
        #expect(try await carts.stored("/cart/count", of: "known") == 1)
    }

    @Test func `a cancelled task does not do the work again`() async throws {
        let conflict = TransactionError.participant(
            ParticipantError(participant: "a", kind: .conflict(["k": .gone])))
        let runs = CallLog()
        let task = Task { [log] in
            try await withTransaction(clock: ManualClock(Timestamp(seconds: 0)), retries: 100) { transaction in
                runs.add("run")
                try transaction.join(SampleParticipant(name: "a", log: log))
                if runs.all.count == 2 { withUnsafeCurrentTask { $0?.cancel() } }
                throw conflict
            }
        }
        await #expect(throws: conflict) { try await task.value }
        #expect(runs.all.count == 2)
        #expect(log.all == ["a.discard", "a.discard"], "the last run is aborted like any other")
    }
}
