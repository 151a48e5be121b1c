import Foundation
import GRDB
import SQLiteBackend
import SessionCore
import StoreLaws
import Testing

/// Files that are not what they should be: a clear error, and nothing changed.
@Suite struct FileFailureTests {
    private func failure(_ body: () async throws -> Void) async -> StoreError? {
        await #expect(throws: StoreError.self) { try await body() }
    }

    @Test func `a file that is not there is not made unless asked`() async throws {
        let file = try TemporaryDatabase()
        let error = await failure { _ = try await file.open() }
        #expect(error?.code == .missing && error?.detail.contains("?mode=rwc") == true)
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    @Test func `what is no database, or holds no sessions, is refused and left as it is`() async throws {
        let file = try TemporaryDatabase()
        try Data("this is no database, but long enough to look at".utf8).write(to: URL(filePath: file.path))
        let before = file.bytes
        for mode in SQLiteAddress.Mode.allCases {
            let error = await failure { _ = try await file.open(mode) }
            #expect(error?.code == .unreadable, "\(mode): \(String(describing: error))")
        }
        #expect(file.bytes == before)

        let other = try TemporaryDatabase()
        try other.outsider { try $0.execute(sql: "CREATE TABLE invoice (id INTEGER PRIMARY KEY, total REAL)") }
        let empty = other.bytes
        for mode in SQLiteAddress.Mode.allCases {
            let error = await failure { _ = try await other.open(mode) }
            #expect(error?.code == .unreadable && error?.detail.contains("the tables invoice") == true)
        }
        #expect(other.bytes == empty)
    }

    @Test func `a damaged file is an error of its own, never an empty store`() async throws {
        let file = try TemporaryDatabase()
        try file.outsider { database in
            try database.execute(sql: "CREATE TABLE session (id CHAR(32) PRIMARY KEY, data JSON NOT NULL)")
            for number in 0..<500 {
                try database.execute(
                    sql: "INSERT INTO session VALUES (?, ?)",
                    arguments: ["s\(number)", String(repeating: "x", count: 200)])
            }
        }
        var bytes = file.bytes
        bytes.replaceSubrange(4096..<(bytes.count - 4096), with: repeatElement(0xFF, count: bytes.count - 8192))
        try bytes.write(to: URL(filePath: file.path))
        let error = await failure {
            let store = try await file.open()
            _ = try await store.load(["table:session:s1"])
        }
        #expect(error?.code == .unreadable, "\(String(describing: error))")
        #expect(file.bytes == bytes)
    }

    @Test func `a lock is waited for, and then named`() async throws {
        let file = try TemporaryDatabase(fixture: "score_orm_0.5.3.sqlite3")
        let store = try await file.open(timeout: 0)
        let key: RecordKey = "table:_session:b8dd19ef054848999dc4b5946a46cd69"
        let base = try #require(try await store.load([key])[key])
        let other = try file.outsideTransaction(.exclusive)
        let delete = RecordWrite(key: key, expectation: .unchanged(base), change: .delete)
        for attempt in [{ _ = try await store.load([key]) }, { _ = try await store.commit([delete]) }]
            as [@Sendable () async throws -> Void]
        {
            let error = await failure(attempt)
            #expect(error?.code == .busy && error?.isRetryable == true)
            #expect(error?.detail.contains("another program has locked the database") == true)
        }
        try other.close()
        #expect(try await store.commit([delete]).isComplete)
        await store.close()
    }

    @Test func `a file that is read only is read, and a write says so`() async throws {
        let file = try TemporaryDatabase(fixture: "score_orm_0.5.3.sqlite3")
        let store = try await file.open(.readOnly)
        let key: RecordKey = "table:_session:b8dd19ef054848999dc4b5946a46cd69"
        let base = try #require(try await store.load([key])[key])
        let error = await failure {
            _ = try await store.commit([RecordWrite(key: key, expectation: .unchanged(base), change: .delete)])
        }
        #expect(error?.code == .readOnly)
        await store.close()
    }

    @Test func `a file of a newer version is left to newer programs`() async throws {
        let file = try TemporaryDatabase()
        await (try await file.open(.create)).close()
        try file.outsider { try $0.execute(sql: "PRAGMA user_version = 2") }
        let error = await failure { _ = try await file.open() }
        #expect(error?.code == .unreadable && error?.detail.contains("version 2") == true)
    }

    @Test(arguments: [
        ("sqlite:///var/lib/a.db", "/var/lib/a.db", "rw"), ("sqlite:a.db?mode=rwc", "a.db", "rwc"),
        ("sqlite:///a?b.db?mode=ro", "/a?b.db", "ro"),
    ])
    func `addresses are read`(text: String, path: String, mode: String) throws {
        let address = try SQLiteAddress(parsing: text)
        #expect(address.path == path && address.mode.rawValue == mode)
    }

    @Test(arguments: ["sqlite:", "sqlite://host/a.db", "sqlite:///a.db?mode=w", "sqlite:///a.db?x", "file:a.db"])
    func `what is no address says how one is written`(text: String) {
        #expect(throws: SQLiteAddressError.self) { try SQLiteAddress(parsing: text) }
    }
}
