import GRDB
import SQLiteBackend
import SessionClock
import SessionCommands
import SessionCore
import SessionFormats
import StoreLaws
import Testing

@Suite struct FindTests {
    private func file() throws -> TemporaryDatabase {
        let file = try TemporaryDatabase()
        try file.outsider { database in
            try database.execute(
                sql: """
                    CREATE TABLE _user (id INTEGER PRIMARY KEY);
                    CREATE TABLE _session (user_id INTEGER REFERENCES _user (id), seen REAL, is_staff BOOLEAN,
                        id CHAR(32) PRIMARY KEY, data JSON NOT NULL, password VARCHAR);
                    INSERT INTO _user VALUES (14), (15);
                    INSERT INTO _session VALUES (14, 2.5, 1, 'b', '{"n": 1}', 'x'), (NULL, 1.5, 0, 'a', '{}', NULL),
                        (14, 3.5, NULL, 'c', 'no JSON at all', NULL), (15, 0.5, 1, 'd', '{}', NULL);
                    """)
        }
        return file
    }

    private func find(_ store: SQLiteStore, _ query: ColumnQuery) async throws -> [String] {
        try await store.find(query, in: Array("_session".utf8)).rows.map { $0.key.description }
    }

    @Test func `sessions are found and sorted by columns in one round trip, and no payload is read`() async throws {
        let file = try file()
        let store = try await file.open(.readOnly)
        let trips = await store.traffic().total
        let user = ColumnQuery.Condition(column: "user_id", comparison: .equal, value: 14)
        let listing = try await store.find(
            ColumnQuery(conditions: [user], order: "seen", isDescending: true), in: Array("_session".utf8))
        #expect(listing.columns == ["user_id", "seen", "is_staff", "password"])
        #expect(listing.rows.map(\.key) == ["table:_session:c", "table:_session:b"])
        #expect(listing.rows.last?.values == [14, .double(2.5), true, "x"])
        #expect(await store.traffic().total == trips + 1)
        await store.close()
    }

    @Test(arguments: [
        (ColumnQuery.Comparison.equal, SessionValue.null, ["a"]), (.unequal, .null, ["b", "c", "d"]),
        (.equal, 15, ["d"]), (.unequal, 14, ["a", "d"]), (.less, 15, ["b", "c"]), (.atMost, 15, ["b", "c", "d"]),
        (.greater, 14, ["d"]), (.atLeast, 14, ["b", "c", "d"]),
    ])
    func `every comparison`(comparison: ColumnQuery.Comparison, value: SessionValue, ids: [String]) async throws {
        let file = try file()
        let store = try await file.open()
        let found = try await find(
            store,
            ColumnQuery(
                conditions: [ColumnQuery.Condition(column: "user_id", comparison: comparison, value: value)],
                order: "id"))
        #expect(found == ids.map { "table:_session:\($0)" })
        await store.close()
    }

    @Test func `a limit is kept and told`() async throws {
        let file = try file()
        let store = try await file.open()
        let some = try await store.find(ColumnQuery(limit: 3), in: Array("_session".utf8))
        #expect(some.rows.count == 3 && some.hasMore)
        let all = try await store.find(ColumnQuery(limit: 4), in: Array("_session".utf8))
        #expect(all.rows.count == 4 && !all.hasMore)
        await store.close()
    }

    @Test(arguments: ["no_such", "data", "\"; DROP TABLE _session; --"])
    func `a column that is not there is refused with those that are`(column: String) async throws {
        let file = try file()
        let store = try await file.open()
        let query = ColumnQuery(conditions: [.init(column: column, comparison: .equal, value: 1)])
        let error = await #expect(throws: StoreError.self) { try await find(store, query) }
        #expect(error?.detail.contains("there are id, user_id, seen, is_staff, password") == true)
        #expect(try file.rows("SELECT count(*) FROM _session") == ["4"])
        await store.close()
    }

    @Test func `as a command, through a store that is only read`() async throws {
        let file = try file()
        let store = ReadOnlyStore(try await file.open())
        let catalog = ProfileCatalog(FrameworkProfiles.all, last: PlainProfile(), fallback: HexFormat())
        let runner = Runner(catalog: catalog, clock: SystemClock()) { _ throws(CommandFailure) in
            OpenedStore(store: store, allowsWriter: false, isReadOnly: true)
        }
        let executor = Executor(runner: runner, clock: SystemClock())
        var workspace = Workspace(catalog: catalog)
        for line in ["attach db:", "containers", "use _session"] { _ = await executor.run(line: line, in: &workspace) }
        let reply = await executor.run(line: "find /user_id = 14 /seen > 1 by /seen limit=1", in: &workspace)
        #expect(
            reply.lines == [
                "session  user_id  seen  is_staff  password", "b        14       2.5   true      \(Secrets.mask)",
                "the first 1 session; limit=N shows more",
            ])
        await store.close()
    }
}
