import GRDB
import OrderedCollections
import SQLiteBackend
import SessionCore
import SessionFormats
import StoreLaws
import Testing

/// Files that score.session 0.4.7, 0.5.3 and score.kvcache 0.2.2 wrote with a clock at 1700000000.5.
@Suite struct ScoreFileTests {
    private static let cacheKey: RecordKey = "kvcache:score.session:b9a1aa34-e44a-4370-9d06-1431ab692b94"
    private static let rowKey: RecordKey = "table:_session:b8dd19ef054848999dc4b5946a46cd69"
    private let clock = ManualClock(Timestamp(seconds: 1_700_000_100))

    /// A commit of one edit of a session that is stored, through its profile.
    private func edit(
        _ key: RecordKey, of store: SQLiteStore, by profile: any SessionProfile,
        lifetime: Lifetime = .never, _ changes: (inout UnitOfWork, RecordID) -> Void
    ) async throws -> CommitReport {
        let id = RecordID(store: "db", key: key)
        let stored = try await store.load([key])[key]
        var work = UnitOfWork()
        work.load(
            LoadedRecord(id: id, stored: stored, profile: profile, fallback: HexFormat(), lifetime: lifetime))
        changes(&work, id)
        return try await store.commit(work.plan().writes(to: "db"))
    }

    @Test func `a pickled session in kvcache is edited, and keeps its moment`() async throws {
        let file = try TemporaryDatabase(fixture: "score_filecache_0.2.2.sqlite3")
        let before = try file.rows("PRAGMA journal_mode")
        let store = try await file.open(clock: clock)
        let record = try #require(try await store.load([Self.cacheKey])[Self.cacheKey])
        #expect(record.expiry == .at(Timestamp(milliseconds: 1_701_000_000_500)))
        #expect(try PickleFormat().decode(record.payload) == ["parrot": "dead", "username": "sirlancelot"])
        let report = try await edit(Self.cacheKey, of: store, by: ScoreCacheProfile()) { work, id in
            work.set("pining", at: [.key("parrot")], of: id)
        }
        #expect(report.isComplete)
        await store.close()
        #expect(
            try file.rows("SELECT expire, typeof(expire) FROM kvcache WHERE key LIKE 'b9a1%'")
                == ["1701000000.5|real"])
        #expect(try file.rows("PRAGMA journal_mode") == before)
        #expect(try file.rows("SELECT name FROM sqlite_master ORDER BY name").count == 2, "the schema is as it was")
    }

    @Test func `a new session of kvcache lives as long as its container says`() async throws {
        let file = try TemporaryDatabase(fixture: "score_filecache_0.2.2.sqlite3")
        let store = try await file.open(clock: clock)
        let key: RecordKey = "kvcache:score.session:new"
        let report = try await edit(
            key, of: store, by: ScoreCacheProfile(), lifetime: .seconds(3600)
        ) { work, id in
            work.set(14, at: [.key("actor_id")], of: id)
        }
        #expect(report.isComplete)
        #expect(try file.rows("SELECT expire FROM kvcache WHERE key = 'new'") == ["1700003700"])
        clock.advance(milliseconds: 3_600_000)
        #expect(try await store.load([key]).isEmpty)
        await store.close()
    }

    @Test func `a key that score invalidated is absent, unlisted, and can be made again`() async throws {
        let file = try TemporaryDatabase(fixture: "score_filecache_0.2.2.sqlite3")
        try file.outsider { database in
            try database.execute(
                sql: "INSERT INTO kvcache VALUES ('score.session', 'gone', X'80044E2E', 3400000000.0)")
            try database.execute(sql: "INSERT INTO kvcache VALUES ('a:b%', 'k', X'80044B012E', 3400000000.0)")
        }
        let store = try await file.open(clock: clock)
        let gone: RecordKey = "kvcache:score.session:gone"
        #expect(try await store.load([gone]).isEmpty)
        var listed: Set<RecordKey> = []
        for try await batch in store.scan() { for row in 0..<batch.count { listed.insert(batch[row].key) } }
        #expect(!listed.contains(gone) && listed.contains(Self.cacheKey))
        #expect(listed.contains("kvcache:a%3Ab%25:k"), "\(listed)")
        #expect(try await store.load(["kvcache:a%3Ab%25:k"]).count == 1)
        let report = try await edit(gone, of: store, by: ScoreCacheProfile()) { work, id in
            work.set(1, at: [.key("n")], of: id)
        }
        #expect(report.isComplete)
        #expect(try await store.load([gone]).count == 1)
        await store.close()
    }

    /// The example of score.session's own documentation.
    @Test func `a column is edited as a key, and every other key goes to the JSON`() async throws {
        let file = try TemporaryDatabase(fixture: "score_db_0.4.7.sqlite3")
        let store = try await file.open(clock: clock)
        let key: RecordKey = "table:_session:a9fd7ad0-1ed0-45ab-bf5f-bb2b00741ded"
        let report = try await edit(key, of: store, by: ScoreTableProfile()) { work, id in
            work.set(14, at: [.key("actor_id")], of: id)
            work.set("ceased to be", at: [.key("parrot")], of: id)
            work.set("a\", {b: \\", at: [.key("z")], of: id)
        }
        #expect(report.isComplete)
        let rows = try file.rows("SELECT _data, actor_id, _type, id FROM _session WHERE _uuid LIKE 'a9fd7ad0%'")
        #expect(rows == [#"{"parrot": "ceased to be", "z": "a\", {b: \\"}|14|session|2"#])
        await store.close()
    }

    @Test func `a column that is deleted, once or twice, is null; a key of the JSON is gone`() async throws {
        let file = try TemporaryDatabase(fixture: "score_orm_0.5.3.sqlite3")
        let store = try await file.open(clock: clock)
        for _ in 0..<2 {
            _ = try await edit(Self.rowKey, of: store, by: ScoreTableProfile()) { work, id in
                work.set(nil, at: [.key("user_id")], of: id)
                work.set(nil, at: [.key("parrot")], of: id)
                #expect(work.node(of: id)?.child(.key("user_id"))?.value == .null)
                #expect(work.node(of: id)?.child(.key("parrot")) == nil)
            }
            #expect(try file.rows("SELECT user_id, data FROM _session") == ["NULL|{}"])
        }
        await store.close()
    }

    @Test func `what a column does not take is refused with the reason`() async throws {
        let file = try TemporaryDatabase(fixture: "score_db_0.4.7.sqlite3")
        let store = try await file.open(clock: clock)
        let key: RecordKey = "table:_session:14177423-7252-4ac9-8bef-06203f0b4aaa"
        let stored = try #require(try await store.load([key])[key])
        var work = UnitOfWork()
        let id = RecordID(store: "db", key: key)
        work.load(
            LoadedRecord(
                id: id, stored: stored, profile: ScoreTableProfile(), fallback: HexFormat(), lifetime: .never))
        func refusal(_ value: SessionValue?, _ key: SessionValue) -> String? {
            work.refusal(of: value, at: [.key(key)], of: id)
        }
        #expect(refusal("x", "actor_id") == "the column actor_id is INTEGER, which takes no str")
        #expect(refusal(nil, "_type") == "the column _type takes no null")
        #expect(refusal(.bytes([1]), "_type") == "the column _type is VARCHAR(100), which takes no bytes")
        #expect(refusal(.integer(1), "id") == "the column id names the row, and is not changed")
        #expect(refusal(nil, "actor_id") == nil && refusal(.null, "actor_id") == nil)
        #expect(refusal(.bytes([1]), "other") != nil, "JSON cannot hold bytes")
        await store.close()
    }

    @Test func `a user that is not there is refused by the foreign key, and nothing is written`() async throws {
        let file = try TemporaryDatabase(fixture: "score_orm_0.5.3.sqlite3")
        let store = try await file.open(clock: clock)
        let before = try file.rows("SELECT * FROM _session")
        let error = await #expect(throws: StoreError.self) {
            _ = try await edit(Self.rowKey, of: store, by: ScoreTableProfile()) { work, id in
                work.set(99, at: [.key("user_id")], of: id)
                work.set(1, at: [.key("n")], of: id)
            }
        }
        #expect(error?.code == .constraint)
        #expect(error?.detail.contains("refers to a row of another table that is not there") == true)
        #expect(try file.rows("SELECT * FROM _session") == before)
        await store.close()
    }

    @Test(arguments: ["immediate", "deferred"])
    func `a foreign key is checked before the vote ends, also where SQLite leaves it to the end`(
        kind: String
    ) async throws {
        let file = try TemporaryDatabase()
        try file.outsider { database in
            try database.execute(
                sql: """
                    CREATE TABLE user (id INTEGER PRIMARY KEY);
                    CREATE TABLE session (id CHAR(32) PRIMARY KEY, data JSON NOT NULL, user_id INTEGER
                        REFERENCES user (id) \(kind == "deferred" ? "DEFERRABLE INITIALLY DEFERRED" : ""));
                    INSERT INTO session VALUES ('s', '{}', NULL);
                    """)
        }
        let store = try await file.open(clock: clock)
        let record = try #require(try await store.load(["table:session:s"])["table:session:s"])
        var row = try #require(TableRow(payload: record.payload))
        row.columns[0].value = 5
        let participant = StoreParticipant(
            name: "db", store: store,
            writes: [
                RecordWrite(
                    key: record.key, expectation: .unchanged(record),
                    change: .put(payload: row.payload, flags: 0, expiry: .keep))
            ])
        await #expect(throws: ParticipantError.self) {
            try await participant.commit()
            try await participant.vote()
        }
        await participant.abort()
        #expect(try file.rows("SELECT user_id FROM session") == ["NULL"])
        await store.close()
    }

    @Test func `an application's write between loading and commit is a conflict, of the content`() async throws {
        let file = try TemporaryDatabase(fixture: "score_orm_0.5.3.sqlite3")
        let store = try await file.open(clock: clock)
        let base = try #require(try await store.load([Self.rowKey])[Self.rowKey])
        let delete = RecordWrite(key: Self.rowKey, expectation: .unchanged(base), change: .delete)
        try file.outsider { try $0.execute(sql: #"UPDATE _session SET data = '{"parrot": "lives"}'"#) }
        let report = try await store.commit([delete])
        guard case .conflict(.changed)? = report.outcomes[Self.rowKey] else { Issue.record("\(report)"); return }
        try file.outsider { try $0.execute(sql: #"UPDATE _session SET data = '{"parrot": "ceased to be"}'"#) }
        #expect(try await store.commit([delete]).isComplete, "the content is what was loaded")
        await store.close()
    }

    @Test func `an id without dashes is found by its UUID`() async throws {
        let file = try TemporaryDatabase(fixture: "score_orm_0.5.3.sqlite3")
        let store = try await file.open(clock: clock)
        let key: RecordKey = "table:_session:b8dd19ef-0548-4899-9dc4-b5946a46cd69"
        #expect(try await store.load([key])[key] != nil)
        await store.close()
    }

    @Test func `what a table cannot keep is refused by name`() async throws {
        let file = try TemporaryDatabase(fixture: "score_orm_0.5.3.sqlite3")
        let store = try await file.open(clock: clock)
        let base = try #require(try await store.load([Self.rowKey])[Self.rowKey])
        for (change, words) in [
            (RecordWrite.Change.retime(.seconds(60)), "do not expire"),
            (.put(payload: base.payload, flags: 1, expiry: .keep), "no client flags"),
            (.put(payload: [1], flags: 0, expiry: .keep), "no row of a table"),
        ] {
            let write = RecordWrite(key: base.key, expectation: .unchanged(base), change: change)
            let error = await #expect(throws: StoreError.self) { try await store.commit([write]) }
            #expect(
                error?.code == .unsupported && error?.detail.contains(words) == true, "\(String(describing: error))")
        }
        let foreign = RecordWrite(
            key: "carts:1", expectation: .absent, change: .put(payload: [1], flags: 0, expiry: .renew(.never)))
        let error = await #expect(throws: StoreError.self) { try await store.commit([foreign]) }
        #expect(error?.code == .badKey)
        await store.close()
    }
}
