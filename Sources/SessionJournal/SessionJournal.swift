internal import FoundationEssentials
internal import GRDB
public import SessionCore

/// A journal in a file of SQLite: drafts that were not committed, and commits with what they wrote over what.
///
/// The file is readable by its user alone. Several programs may share it; a draft or a commit belongs to the program that made it as long as that
/// runs. Each call is one transaction that is synced to disk before it returns, so that neither a killed program nor a lost machine takes back
/// what was acknowledged.
public actor SessionJournal: TransactionJournal {
    /// How much is kept.
    public struct Limits: Hashable, Sendable {
        /// The most bytes of commits and of drafts, each, but for the newest of them.
        public var bytes: Int
        /// For how long, in milliseconds.
        public var age: Int64
        /// After how many commits it is looked whether there is too much, which costs the number of commits kept; also when the journal is opened.
        public var interval: Int

        /// Limits; 64 MiB and 30 days unless said otherwise.
        public init(bytes: Int = 64 << 20, age: Int64 = 30 * 86_400_000, interval: Int = 64) {
            self.bytes = bytes
            self.age = age
            self.interval = max(1, interval)
        }
    }

    /// `TIDJ`, which marks the file in its header.
    static let applicationID: Int32 = 0x5449_444A
    static let version = 1

    private let queue: DatabaseQueue
    private let path: String
    private let owner: ProgramOwner
    private let limits: Limits
    private let clock: any WallClock
    private var draft: Int64?
    private var commitsBegun = 0
    /// Commits of this program that have begun and not ended.
    private var underWay: Set<Int64> = []

    /// Opens the journal of a path, and makes it, and its folder, if they are not there.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - owner: The program that writes.
    ///   - limits: How much is kept.
    ///   - clock: The time by which what is old is dropped.
    /// - Throws: If the file cannot be made, or is none of ours; what it holds is left as it is then.
    public init(
        path: String, owner: ProgramOwner, limits: Limits = Limits(), clock: any WallClock
    ) throws(JournalError) {
        self.path = path
        self.owner = owner
        self.limits = limits
        self.clock = clock
        try JournalFile.prepare(path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { try Self.makeTables(in: $0, path: path) }
            let horizon = clock.now().milliseconds - limits.age
            try queue.write { try Self.prune($0, limits: limits, horizon: horizon) }
        } catch { throw Self.failure(error, path) }
    }

    private static func makeTables(in database: Database, path: String) throws {
        let isNew = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
        if isNew {
            try database.execute(
                sql: """
                    CREATE TABLE draft (
                        number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, moment INTEGER NOT NULL, title TEXT NOT NULL,
                        stores TEXT NOT NULL, content BLOB NOT NULL);
                    CREATE TABLE transactions (
                        number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, moment INTEGER NOT NULL,
                        hasEnded INTEGER NOT NULL, content BLOB NOT NULL);
                    PRAGMA application_id = \(applicationID);
                    PRAGMA user_version = \(version);
                    """)
        }
        let found = try Int32.fetchOne(database, sql: "PRAGMA application_id")
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version")
        guard found == applicationID, version == Self.version else {
            throw JournalError("\(path) is no journal that this program knows; move it away, or use --no-journal")
        }
    }

    /// Drops what is too old or too much; what a program works on that runs stays, and so does the newest of each.
    private static func prune(_ database: Database, limits: Limits, horizon: Int64) throws {
        for table in ["draft", "transactions"] {
            let rows = try Row.fetchAll(
                database,
                sql:
                    "SELECT number, owner, moment, length(content), \(table == "draft" ? "0" : "hasEnded") FROM \(table) ORDER BY number DESC"
            )
            var total = 0
            for (position, row) in rows.enumerated() {
                total += Int(clamping: row.number(3))
                guard position > 0, total > limits.bytes || row.number(2) < horizon else { continue }
                // A commit that has ended is nobody's work any more, whoever made it.
                let isOver = row.number(4) != 0
                guard isOver || !ProgramOwner.runs(row.text(1)) else { continue }
                try database.execute(sql: "DELETE FROM \(table) WHERE number = ?", arguments: [row.number(0)])
            }
        }
    }

    private static func failure(_ error: any Error, _ path: String) -> JournalError {
        if let error = error as? JournalError { return error }
        let words = (error as? DatabaseError)?.message ?? "\(error)"
        return JournalError("the journal \(path) cannot be used: \(words). --no-journal goes on without one")
    }

    private func write<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(JournalError) -> Result {
        do { return try await queue.write(body) } catch { throw Self.failure(error, path) }
    }

    /// Keeps what this program has staged now, in place of what it kept before; nil for nothing.
    public func keep(_ draft: JournalDraft?) async throws(JournalError) {
        let (number, owner) = (self.draft, owner.text)
        guard let draft else {
            guard let number else { return }
            try await write { try $0.execute(sql: "DELETE FROM draft WHERE number = ?", arguments: [number]) }
            self.draft = nil
            return
        }
        let arguments: StatementArguments = [
            owner, draft.moment.milliseconds, draft.title, draft.stores.joined(separator: "\n"), Data(draft.content),
        ]
        self.draft = try await write { database in
            if let number {
                try database.execute(
                    sql: "UPDATE draft SET owner = ?, moment = ?, title = ?, stores = ?, content = ? WHERE number = ?",
                    arguments: arguments + [number])
                if database.changesCount > 0 { return number }
            }
            try database.execute(
                sql: "INSERT INTO draft (owner, moment, title, stores, content) VALUES (?, ?, ?, ?, ?)",
                arguments: arguments)
            return database.lastInsertedRowID
        }
    }

    /// What programs kept that have ended, newest first.
    public func drafts() async throws(JournalError) -> [JournalDraft] {
        let rows = try await write { database in
            try Row.fetchAll(
                database, sql: "SELECT owner, number, moment, title, stores, content FROM draft ORDER BY number DESC"
            )
            .map { row in
                (
                    row.text(0),
                    JournalDraft(
                        number: row.number(1), moment: Timestamp(milliseconds: row.number(2)), title: row.text(3),
                        stores: row.text(4).split(separator: "\n").map(String.init), content: row.bytes(5))
                )
            }
        }
        return rows.filter { !ProgramOwner.runs($0.0) }.map(\.1)
    }

    /// Makes a draft this program's own; throws if another program was faster.
    public func adopt(draft number: Int64) async throws(JournalError) {
        let owner = owner.text
        try await write { database in
            try Self.checkLeft(number, in: database)
            try database.execute(sql: "UPDATE draft SET owner = ? WHERE number = ?", arguments: [owner, number])
        }
        draft = number
    }

    /// Forgets a draft; throws if there is none, or its program still runs.
    public func forget(draft number: Int64) async throws(JournalError) {
        try await write { database in
            try Self.checkLeft(number, in: database)
            try database.execute(sql: "DELETE FROM draft WHERE number = ?", arguments: [number])
        }
    }

    /// Refuses what is about a draft that is not there, or that a program works on.
    private static func checkLeft(_ number: Int64, in database: Database) throws {
        let owner = try Row.fetchOne(database, sql: "SELECT owner FROM draft WHERE number = ?", arguments: [number])
        guard let owner else { throw JournalError("there is no draft \(number) any more") }
        guard !ProgramOwner.runs(owner.text(0)) else {
            throw JournalError("draft \(number) is what a program works on that runs now; it is left to that")
        }
    }

    /// Notes that a commit begins; from time to time drops what is too old or too much.
    public func begin(_ commit: JournalCommit) async throws(JournalError) -> Int64 {
        let content = try Self.content(of: commit)
        commitsBegun += 1
        let (owner, limits, mustPrune) = (owner.text, limits, commitsBegun.isMultiple(of: limits.interval))
        let horizon = clock.now().milliseconds - limits.age
        let number = try await write { database in
            try database.execute(
                sql: "INSERT INTO transactions (owner, moment, hasEnded, content) VALUES (?, ?, 0, ?)",
                arguments: [owner, commit.moment.milliseconds, content])
            let number = database.lastInsertedRowID
            if mustPrune { try Self.prune(database, limits: limits, horizon: horizon) }
            return number
        }
        underWay.insert(number)
        return number
    }

    /// Notes how a commit ended; nothing happens if the journal has it no more.
    public func end(commit number: Int64, _ outcomes: [RecordID: RecordOutcome]) async throws(JournalError) {
        underWay.remove(number)
        try await write { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT content FROM transactions WHERE number = ?", arguments: [number])
            guard let row, var commit = try? Self.commit(row.bytes(0)) else { return }
            commit.end(outcomes)
            try database.execute(
                sql: "UPDATE transactions SET hasEnded = 1, content = ? WHERE number = ?",
                arguments: [Self.content(of: commit), number])
        }
    }

    /// The newest commits, newest first; one that cannot be read is left out.
    public func commits(limit: Int) async throws(JournalError) -> [JournalCommit] {
        try await read("ORDER BY number DESC LIMIT ?", [limit])
    }

    /// A commit by its number.
    public func commit(_ number: Int64) async throws(JournalError) -> JournalCommit? {
        try await read("WHERE number = ?", [number]).first
    }

    private func read(_ clause: String, _ arguments: StatementArguments) async throws(JournalError) -> [JournalCommit] {
        let rows = try await write { database in
            try Row.fetchAll(
                database, sql: "SELECT number, owner, hasEnded, content FROM transactions \(clause)",
                arguments: arguments
            ).map { row in (row.number(0), row.text(1), row.number(2) != 0, row.bytes(3)) }
        }
        return rows.compactMap { number, owner, hasEnded, content in
            guard var commit = try? Self.commit(content) else { return nil }
            commit.number = number
            commit.hasEnded = hasEnded
            // One of our own whose end could not be noted is as good as interrupted.
            let runs = owner == self.owner.text ? underWay.contains(number) : ProgramOwner.runs(owner)
            commit.isUnderWay = !hasEnded && runs
            return commit
        }
    }

    private static func content(of commit: JournalCommit) throws(JournalError) -> Data {
        do throws(ValueCodingError) {
            return Data(Notation.text(of: try ValueCoding.value(encoding: commit)).utf8)
        } catch { throw JournalError("a commit cannot be put into the journal: \(error)") }
    }

    private static func commit(_ content: [UInt8]) throws -> JournalCommit {
        try ValueCoding.decode(JournalCommit.self, from: Notation.value(parsing: content))
    }
}

extension Row {
    /// The value of a column of another type is nothing: a journal that someone edited must not end the program.
    fileprivate func number(_ position: Int) -> Int64 {
        if case .int64(let number) = (self[position] as DatabaseValue).storage { number } else { 0 }
    }

    fileprivate func text(_ position: Int) -> String {
        if case .string(let text) = (self[position] as DatabaseValue).storage { text } else { "" }
    }

    fileprivate func bytes(_ position: Int) -> [UInt8] {
        if case .blob(let data) = (self[position] as DatabaseValue).storage { Array(data) } else { [] }
    }
}
