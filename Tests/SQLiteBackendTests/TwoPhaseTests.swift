import SQLiteBackend
import SessionCore
import StoreLaws
import Testing

@Suite struct TwoPhaseTests {
    private func put(_ key: RecordKey, _ payload: [UInt8], over base: StoredRecord? = nil) -> RecordWrite {
        RecordWrite(
            key: key, expectation: base.map { .unchanged($0) } ?? .absent,
            change: .put(payload: payload, flags: 0, expiry: .renew(.never)))
    }

    @Test func `what is prepared is seen by nobody until it is final`() async throws {
        let file = try TemporaryDatabase()
        let store = try await file.open(.create)
        let batch = try await store.prepare([put("k", [1])], limits: [])
        #expect(batch.report.isComplete)
        #expect(try await store.load(["k"]).isEmpty)
        try await batch.confirm()
        #expect(try file.rows("SELECT count(*) FROM tidemark_records") == ["0"])
        try await batch.finish()
        #expect(try await store.load(["k"])["k"]?.payload == [1])
        await batch.rollBack()
        #expect(try file.rows("SELECT count(*) FROM tidemark_records") == ["1"], "a final batch stays")
        await store.close()
    }

    @Test func `what is taken back was never there, and the next writer need not wait`() async throws {
        let file = try TemporaryDatabase()
        let store = try await file.open(.create, timeout: 0)
        let batch = try await store.prepare([put("k", [1])], limits: [])
        await #expect(throws: StoreError.self) { try await store.commit([put("other", [2])]) }
        await batch.rollBack()
        #expect(try await store.load(["k"]).isEmpty)
        #expect(try await store.commit([put("other", [2])]).isComplete)
        await store.close()
    }

    @Test func `a conflict ends the batch at once`() async throws {
        let file = try TemporaryDatabase()
        let store = try await file.open(.create, timeout: 0)
        _ = try await store.commit([put("k", [1])])
        let batch = try await store.prepare([put("k", [2]), put("new", [3])], limits: [])
        #expect(batch.report.outcomes == ["k": .conflict(.appeared), "new": .untouched])
        #expect(try await store.commit([put("third", [3])]).isComplete, "nothing is locked")
        await store.close()
    }

    @Test(arguments: ["commit", "vote", "finish", "abort"])
    func `a participant writes in commit, and what it wrote is final in finish`(phase: String) async throws {
        let file = try TemporaryDatabase()
        let store = try await file.open(.create)
        let participant = StoreParticipant(name: "db", store: store, writes: [put("k", [1])])
        #expect(participant.commitOrder == .undoable)
        try await participant.begin()
        try await participant.commit()
        if phase != "commit" { try await participant.vote() }
        if phase == "finish" { #expect(await participant.finish() == nil) }
        if phase == "abort" { await participant.abort() }
        let count = try file.rows("SELECT count(*) FROM tidemark_records")
        #expect(count == [phase == "finish" ? "1" : "0"])
        #expect(await participant.report?.isComplete == (phase != "abort"))
        await participant.abort()
        await store.close()
    }

    @Test func `a cancelled task leaves no transaction open`() async throws {
        let file = try TemporaryDatabase()
        let store = try await file.open(.create, timeout: 0)
        let write = put("k", [1])
        let batch = try await store.prepare([write], limits: [])
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await batch.rollBack()
        }.value
        #expect(try await store.commit([write]).isComplete)
        await store.close()
    }
}
