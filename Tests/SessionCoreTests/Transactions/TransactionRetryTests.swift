import SessionCore
import Testing

/// Work in a transaction that is done again after a failure that may pass.
@Suite struct TransactionRetryTests {
    private let log = CallLog()
    private let clock = ManualClock(Timestamp(seconds: 0))

    private struct Failure: Error, Hashable { var number = 0 }

    private static let conflict = TransactionError.participant(
        ParticipantError(participant: "a", kind: .conflict(["k": .gone])))

    @Test func `work is done once and committed, and its value returned`() async throws {
        let value = try await withTransaction(clock: clock) { [log] transaction in
            try transaction.join(SampleParticipant(name: "a", log: log))
            log.add("work")
            return 42
        }
        #expect(value == 42)
        #expect(log.all == ["work", "a.begin", "a.commit", "a.vote", "a.finish"])
    }

    @Test(arguments: [0, 1, 3])
    func `retryable failures of the work are retried up to the count, each time anew, then thrown`(
        retries: Int
    ) async throws {
        var seen: [Transaction] = []
        await #expect(throws: Self.conflict) {
            try await withTransaction(clock: clock, retries: retries) { transaction in
                seen.append(transaction)
                try transaction.join(SampleParticipant(name: "a", log: log))
                throw Self.conflict
            }
        }
        #expect(seen.count == retries + 1)
        #expect(Set(seen.map { ObjectIdentifier($0) }).count == seen.count, "each run has a transaction of its own")
        #expect(seen.allSatisfy { $0.hasEnded })
        #expect(log.all == Array(repeating: "a.discard", count: retries + 1))
    }

    @Test func `work is done at most four times if nobody says how often`() async throws {
        var runs = 0
        await #expect(throws: Self.conflict) {
            try await withTransaction(clock: clock) { _ in
                runs += 1
                throw Self.conflict
            }
        }
        #expect(runs == 4)
    }

    @Test func `work that succeeds in the last run is committed`() async throws {
        var runs = 0
        let value = try await withTransaction(clock: clock, retries: 3) { transaction in
            runs += 1
            try transaction.join(SampleParticipant(name: "a", log: log))
            if runs < 4 { throw Self.conflict }
            return runs
        }
        #expect(value == 4)
        #expect(log.all == ["a.discard", "a.discard", "a.discard", "a.begin", "a.commit", "a.vote", "a.finish"])
    }

    @Test(arguments: [
        StoreError.Code.unreachable, .timedOut, .disconnected, .busy,
    ])
    func `a store that may answer later is asked again, whoever passes its error on`(
        code: StoreError.Code
    ) async throws {
        let cause = StoreError(code, store: "s", detail: "later")
        let errors: [any Error] = [
            cause, SessionError.store(cause), ParticipantError(participant: "a", kind: .store(cause)),
            TransactionError.participant(ParticipantError(participant: "a", kind: .store(cause))),
            SessionError.transaction(.participant(ParticipantError(participant: "a", kind: .store(cause)))),
        ]
        var runs = 0
        try await withTransaction(clock: clock, retries: errors.count) { _ in
            defer { runs += 1 }
            if runs < errors.count { throw errors[runs] }
        }
        #expect(runs == errors.count + 1)
    }

    @Test(arguments: [
        TransactionError.participant(ParticipantError(participant: "a", kind: .refused("no"))), .hook("no"), .doomed,
        .ended, .savepointInvalid, .severalOneShotStores(["a", "b"]),
        .participant(ParticipantError(participant: "a", kind: .incomplete(CommitReport(outcomes: ["k": .overtaken])))),
    ])
    func `other failures are thrown on at once, after an abort`(failure: TransactionError) async throws {
        var runs = 0
        await #expect(throws: failure) {
            try await withTransaction(clock: clock) { transaction in
                runs += 1
                try transaction.join(SampleParticipant(name: "a", log: log))
                throw failure
            }
        }
        #expect(runs == 1 && log.all == ["a.discard"])
    }

    @Test func `an error of the work's own is thrown on at once, after an abort`() async throws {
        var runs = 0
        await #expect(throws: Failure(number: 1)) {
            try await withTransaction(clock: clock) { transaction in
                runs += 1
                try transaction.join(SampleParticipant(name: "a", log: log))
                throw Failure(number: runs)
            }
        }
        #expect(runs == 1 && log.all == ["a.discard"])
    }

    @Test func `a participant that knows an error to pass has the work done again, and is asked before the abort`()
        async throws
    {
        var runs = 0
        try await withTransaction(clock: clock) { transaction in
            runs += 1
            for name in ["a", "b", "c"] {
                let knows: @Sendable (any Error) -> Bool = { name == "b" && $0 as? Failure == Failure(number: 1) }
                try transaction.join(SampleParticipant(name: name, log: log, knows: knows))
            }
            if runs == 1 { throw Failure(number: 1) }
        }
        #expect(runs == 2)
        #expect(
            log.all.prefix(5) == ["a.shouldRetry", "b.shouldRetry", "a.discard", "b.discard", "c.discard"],
            "one that says yes is enough")
        #expect(log.all.contains("c.finish"))
    }

    @Test func `where no participant knows the error, the work is not done again`() async throws {
        var runs = 0
        await #expect(throws: Failure(number: 1)) {
            try await withTransaction(clock: clock) { transaction in
                runs += 1
                for name in ["a", "b"] {
                    try transaction.join(SampleParticipant(name: name, log: log, knows: { _ in false }))
                }
                throw Failure(number: 1)
            }
        }
        #expect(runs == 1)
        #expect(log.all == ["a.shouldRetry", "b.shouldRetry", "a.discard", "b.discard"])
    }

    @Test func `a participant that knows an error does not raise the count`() async throws {
        var runs = 0
        await #expect(throws: Failure()) {
            try await withTransaction(clock: clock, retries: 2) { transaction in
                runs += 1
                try transaction.join(SampleParticipant(name: "a", log: log, knows: { _ in true }))
                throw Failure()
            }
        }
        #expect(runs == 3)
    }
}
