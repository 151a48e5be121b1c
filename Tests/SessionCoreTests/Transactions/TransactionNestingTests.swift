import SessionCore
import Testing

/// A task works in one transaction at a time.
@Suite struct TransactionNestingTests {
    private let clock = ManualClock(Timestamp(seconds: 0))

    @Test func `work inside work is refused before anything is done, and the outer goes on`() async throws {
        let log = CallLog()
        try await withTransaction(clock: clock) { outer in
            try outer.join(SampleParticipant(name: "a", log: log))
            await #expect(throws: TransactionError.nested) {
                try await withTransaction(clock: clock) { _ in log.add("inner") }
            }
            #expect(outer.isOpen)
        }
        #expect(log.all == ["a.begin", "a.commit", "a.vote", "a.finish"])
    }

    @Test func `child tasks and tasks started inside work in its transaction, too`() async throws {
        try await withTransaction(clock: clock) { _ in
            async let child: Void = withTransaction(clock: clock) { _ in }
            do {
                try await child
                Issue.record("the child task worked beside its parent")
            } catch { #expect(error as? TransactionError == .nested) }
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await withTransaction(clock: clock) { _ in } }
                await #expect(throws: TransactionError.nested) { try await group.waitForAll() }
            }
            let started = Task { try await withTransaction(clock: clock) { _ in } }
            await #expect(throws: TransactionError.nested) { try await started.value }
        }
    }

    @Test func `a detached task works by itself`() async throws {
        let value = try await withTransaction(clock: clock) { [clock] _ in
            try await Task.detached { try await withTransaction(clock: clock) { _ in 7 } }.value
        }
        #expect(value == 7)
    }

    @Test func `a task that was started inside may work once that transaction has ended`() async throws {
        let (gate, opening) = AsyncStream<Void>.makeStream()
        let started = try await withTransaction(clock: clock) { [clock] _ in
            Task {
                for await _ in gate {}
                return try await withTransaction(clock: clock) { inner in inner.isOpen }
            }
        }
        opening.finish()
        #expect(try await started.value)
    }

    @Test func `work may follow an abort inside the work`() async throws {
        let value = try await withTransaction(clock: clock) { [clock] outer in
            try await outer.abort()
            return try await withTransaction(clock: clock) { _ in 7 }
        }
        #expect(value == 7)
    }

    @Test func `work after work is not nested`() async throws {
        for _ in 0..<2 { try await withTransaction(clock: clock) { _ in } }
    }

    @Test func `a hook after the commit may do work of its own`() async throws {
        let log = CallLog()
        try await withTransaction(clock: clock) { [clock] transaction in
            try transaction.afterCommit { _ in
                do { try await withTransaction(clock: clock) { _ in log.add("work") } } catch { log.add("\(error)") }
            }
        }
        #expect(log.all == ["work"])
    }

    @Test func `a transaction that was begun by hand beside the work is nobody's business`() async throws {
        try await withTransaction(clock: clock) { [clock] _ in
            let other = Transaction(clock: clock)
            try await other.commit()
        }
    }
}
