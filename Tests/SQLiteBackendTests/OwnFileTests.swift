import SQLiteBackend
import SessionCore
import StoreLaws
import Testing

@Suite struct OwnFileTests {
    @Test(arguments: StoreLaw.kept(by: [.scan, .atomicBatch, .counting]))
    func `keeps the store laws`(law: StoreLaw) async throws {
        let file = try TemporaryDatabase()
        let store = try await file.open(.create, timeout: 60_000)
        try await law.check(store)
        await store.close()
    }

    @Test func `a file that is made is in WAL mode and marked, and is opened again without mode`() async throws {
        let file = try TemporaryDatabase()
        let store = try await file.open(.create)
        let write = RecordWrite(
            key: "k", expectation: .absent, change: .put(payload: [0, 255], flags: 7, expiry: .renew(.never)))
        #expect(try await store.commit([write]).isComplete)
        await store.close()
        #expect(try file.rows("PRAGMA journal_mode") == ["wal"])
        #expect(try file.rows("PRAGMA application_id") == ["\(0x5449_4445)"])
        let again = try await file.open()
        let record = try #require(try await again.load(["k"])["k"])
        #expect(record.payload == [0, 255] && record.flags == 7 && record.expiry == .never)
        await again.close()
    }

    @Test func `a record that is deleted and made again is another`() async throws {
        let file = try TemporaryDatabase()
        let store = try await file.open(.create)
        let put = RecordWrite(
            key: "k", expectation: .absent, change: .put(payload: [1], flags: 0, expiry: .renew(.never)))
        _ = try await store.commit([put])
        let base = try #require(try await store.load(["k"])["k"])
        _ = try await store.commit([RecordWrite(key: "k", expectation: .unchanged(base), change: .delete)])
        _ = try await store.commit([put])
        let report = try await store.commit([
            RecordWrite(key: "k", expectation: .unchanged(base), change: .delete)
        ])
        guard case .conflict(.changed)? = report.outcomes["k"] else { Issue.record("\(report)"); return }
        await store.close()
    }
}
