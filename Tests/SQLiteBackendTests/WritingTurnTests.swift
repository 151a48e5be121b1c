import GRDB
import SQLiteBackend
import SessionClock
import SessionCore
import SessionFormats
import StoreLaws
import Testing

/// Those who write through one store wait for each other, in the order in which they came.
@Suite struct WritingTurnTests {
    private func put(_ key: RecordKey, life: Lifetime = .never) -> RecordWrite {
        RecordWrite(key: key, expectation: .absent, change: .put(payload: [1], flags: 0, expiry: .renew(life)))
    }

    @Test func `who waits longer than the timeout is told by whom, and one who is cancelled waits no longer`()
        async throws
    {
        let file = try TemporaryDatabase()
        let store = try await file.open(.create, timeout: 20)
        let batch = try await store.prepare([put("k")], limits: [])
        let error = await #expect(throws: StoreError.self) { try await store.commit([put("other")]) }
        #expect(error?.code == .busy && error?.detail.contains("another commit of this program") == true)
        try await batch.finish()
        await store.close()

        let patient = try await file.open(timeout: 3_600_000)
        let first = try await patient.prepare([put("a")], limits: [])
        let waiter = Task { try await patient.commit([put("b")]) }
        waiter.cancel()
        await #expect(throws: StoreError.self) { try await waiter.value }
        await first.rollBack()
        #expect(try await patient.commit([put("b")]).isComplete)
        await patient.close()
    }

    @Test func `a batch that nobody ends gives its turn to the next`() async throws {
        let file = try TemporaryDatabase()
        let store = try await file.open(.create)
        do { _ = try await store.prepare([put("k")], limits: []) }
        #expect(try await store.commit([put("other")]).isComplete)
        #expect(try file.rows("SELECT CAST(key AS TEXT) FROM tidemark_records") == ["other"])
        await store.close()
    }

    @Test func `records that expired leave the file with later commits, and the next sweep tells of them`() async throws
    {
        let file = try TemporaryDatabase()
        let clock = ManualClock(Timestamp(seconds: 1_700_000_000))
        let store = try await file.open(.create, clock: clock)
        let container = try SessionContainer("carts", in: store, profile: TidemarkProfile(), timeout: 3600)
        let keys = (0..<20).map {
            container.profile.key(container: Array("carts".utf8), session: Array("s\($0)".utf8), package: nil)
        }
        _ = try await store.commit(keys.map { put($0, life: .seconds(10)) })
        clock.advance(milliseconds: 60_000)
        _ = try await store.commit([put("fresh")])
        #expect(try file.rows("SELECT count(*) FROM tidemark_records") == ["5"], "16 of 20, and the new one")
        let taken = try await store.prepare([put("taken")], limits: [])
        await taken.rollBack()
        #expect(try file.rows("SELECT count(*) FROM tidemark_records") == ["5"], "taken back with the batch")
        #expect(try await container.sweep().sorted() == (0..<20).map { "s\($0)" }.sorted())
        #expect(try await container.sweep().isEmpty)
        #expect(try file.rows("SELECT count(*) FROM tidemark_records") == ["1"])
        await store.close()
    }

    /// Without a log of its own a file cannot be written while it is read, so its COMMIT can fail when all is checked.
    @Test func `a COMMIT that fails is a failed commit, and can be tried again`() async throws {
        let file = try TemporaryDatabase(fixture: "score_orm_0.5.3.sqlite3")
        let store = try await file.open(timeout: 0)
        let key: RecordKey = "table:_session:b8dd19ef054848999dc4b5946a46cd69"
        let base = try #require(try await store.load([key])[key])
        let delete = RecordWrite(key: key, expectation: .unchanged(base), change: .delete)
        let reader = try file.outsideTransaction(.deferred)
        let error = await #expect(throws: TransactionError.self) {
            try await withTransaction(clock: SystemClock(), retries: 0) { transaction in
                try transaction.join(StoreParticipant(name: "db", store: store, writes: [delete]))
            }
        }
        #expect(error?.isRetryable == true && error?.mayHaveWritten == false)
        guard case .participant(let failure)? = error, case .store(let problem) = failure.kind else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problem.code == .busy)
        #expect(try await store.load([key])[key]?.payload == base.payload)
        try reader.close()
        try await withTransaction(clock: SystemClock(), retries: 0) { transaction in
            try transaction.join(StoreParticipant(name: "db", store: store, writes: [delete]))
        }
        #expect(try await store.load([key]).isEmpty)
        await store.close()
    }
}
