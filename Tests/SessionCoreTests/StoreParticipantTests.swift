import SessionCore
import Testing

@Suite struct StoreParticipantTests {
    private let clock = ManualClock(Timestamp(seconds: 1_700_000_000))

    private func addition(_ key: RecordKey) -> RecordWrite {
        RecordWrite(
            key: key, expectation: .absent, change: .put(payload: [1], flags: 0, expiry: .renew(.never)))
    }

    @Test func `everything is written in the vote, and the report says what each record is`() async throws {
        let store = MemoryStore(name: "memory:", clock: clock)
        let participant = StoreParticipant(name: "live", store: store, writes: [addition("a"), addition("b")])
        #expect(await participant.hasWrites && participant.commitOrder == .oneShot)
        try await participant.begin()
        try await participant.commit()
        #expect(try await store.facts().recordCount == 0)
        try await participant.vote()
        #expect(try await store.facts().recordCount == 2)
        #expect(await participant.report?.isComplete == true)
        #expect(await participant.finish() == nil)
    }

    @Test func `a conflict names the records, and nothing is written`() async throws {
        let store = MemoryStore(name: "memory:", clock: clock)
        await store.loadInitialData(key: "b", payload: [9])
        let participant = StoreParticipant(name: "live", store: store, writes: [addition("a"), addition("b")])
        let expected = ParticipantError(participant: "live", kind: .conflict(["b": .appeared]))
        await #expect(throws: expected) { try await participant.vote() }
        #expect(!expected.mayHaveWritten && expected.isRetryable)
        #expect(await participant.report?.outcomes == ["a": .untouched, "b": .conflict(.appeared)])
        #expect(try await store.load(["a"]).isEmpty)
    }

    @Test func `a store that refuses wrote nothing, and its error is the cause`() async throws {
        let store = ReadOnlyStore(MemoryStore(name: "memory:", clock: clock))
        let participant = StoreParticipant(name: "live", store: store, writes: [addition("a")])
        await #expect {
            try await participant.vote()
        } throws: { error in
            guard let error = error as? ParticipantError, case .store(let cause) = error.kind else { return false }
            return cause.code == .readOnly && !error.mayHaveWritten && !error.isRetryable
        }
        #expect(await participant.report == nil)
    }
}
