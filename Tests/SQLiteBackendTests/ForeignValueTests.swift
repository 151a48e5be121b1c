import GRDB
import SQLiteBackend
import SessionCore
import Testing

/// SQLite lets every column hold every type, so a file can hold what its application never wrote: an error, never a crash.
@Suite struct ForeignValueTests {
    private static let values = [
        "NULL", "7", "-1", "1.5", "9e999", "'text'", "X'00FF'", "CAST(X'6100FF' AS TEXT)", "''",
    ]

    /// A row of each kind of table, with one column to be spoilt.
    private static let cases: [(schema: String, spoil: [String], key: RecordKey)] = [
        (
            """
            CREATE TABLE kvcache (container, key, value, expire, PRIMARY KEY (container, key));
            INSERT INTO kvcache VALUES ('c', 'k', X'01', 99999999999);
            """,
            ["kvcache.container", "kvcache.key", "kvcache.value", "kvcache.expire"], "kvcache:c:k"
        ),
        (
            """
            CREATE TABLE session (id CHAR(32), data JSON, user INTEGER, name VARCHAR, seen BOOLEAN);
            INSERT INTO session VALUES ('s', '{"a": 1}', 1, 'n', 1);
            """,
            ["session.id", "session.data", "session.user", "session.name", "session.seen"], "table:session:s"
        ),
    ]

    /// Asks for everything that reads a row; gives the errors there were.
    private func use(_ store: SQLiteStore, _ key: RecordKey) async -> [StoreError] {
        var errors: [StoreError] = []
        func attempt(_ body: () async throws -> Void) async {
            do { try await body() } catch let error as StoreError { errors.append(error) } catch {
                Issue.record("\(error)")
            }
        }
        await attempt { for try await _ in store.scan() {} }
        await attempt { _ = try await store.find(ColumnQuery(), in: Array("session".utf8)) }
        await attempt {
            guard let record = try await store.load([key])[key] else { return }
            let same = RecordWrite.Change.put(payload: record.payload, flags: record.flags, expiry: .keep)
            let write = RecordWrite(key: key, expectation: .unchanged(record), change: same)
            #expect(try await store.commit([write]).isComplete)
        }
        await attempt { _ = try await store.touch([key: .seconds(60)]) }
        await attempt {
            let put = RecordWrite.Change.put(payload: [1], flags: 0, expiry: .renew(.seconds(60)))
            _ = try await store.commit([RecordWrite(key: key, expectation: .absent, change: put)])
        }
        await attempt { _ = try await store.facts() }
        return errors
    }

    @Test(arguments: cases.flatMap { made in made.spoil.map { (made.schema, $0, made.key) } })
    func `a foreign table with any value in any column`(schema: String, column: String, key: RecordKey) async throws {
        let parts = column.split(separator: ".")
        for value in Self.values {
            let file = try TemporaryDatabase()
            try file.outsider { database in
                try database.execute(sql: schema)
                try database.execute(sql: "UPDATE \(parts[0]) SET \(parts[1]) = \(value)")
            }
            let store = try await file.open()
            for error in await use(store, key) {
                #expect(
                    [.unreadable, .unsupported, .badKey].contains(error.code), "\(column) = \(value): \(error)")
            }
            await store.close()
        }
    }

    @Test(arguments: ["payload", "flags", "expiry", "revision"])
    func `our own table with any value in any column`(column: String) async throws {
        for value in Self.values {
            let file = try TemporaryDatabase()
            let store = try await file.open(.create)
            let put = RecordWrite.Change.put(payload: [1], flags: 0, expiry: .renew(.never))
            _ = try await store.commit([RecordWrite(key: "k", expectation: .absent, change: put)])
            do {
                try file.outsider { try $0.execute(sql: "UPDATE tidemark_records SET \(column) = \(value)") }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                continue
            }
            for error in await use(store, "k") {
                #expect([.unreadable, .unsupported].contains(error.code), "\(column) = \(value): \(error)")
            }
            await store.close()
        }
    }

    @Test func `the error names table and column, and says what is there`() async throws {
        let file = try TemporaryDatabase()
        try file.outsider { database in
            try database.execute(sql: Self.cases[1].schema)
            try database.execute(sql: "UPDATE session SET data = 7")
        }
        let store = try await file.open()
        let error = await #expect(throws: StoreError.self) { try await store.load(["table:session:s"]) }
        #expect(error?.code == .unreadable)
        #expect(
            error?.detail.contains("table session holds a value of type integer in its column data, where JSON") == true
        )
        await store.close()
    }
}
