import Foundation
import GRDB
import SQLiteBackend
import SessionCommands
import SessionCore
import SessionFormats
import SessionJournal
import StoreLaws

/// A journal and a database in a folder of their own, gone with the last reference.
final class JournalFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "tidemark-\(UUID().uuidString)")
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The journal's path, in a folder that is not there yet.
    var journalPath: String { url.appending(path: "state/tidemark/journal.sqlite3").path }
    var hasJournal: Bool { FileManager.default.fileExists(atPath: journalPath) }
    var databasePath: String { url.appending(path: "sessions.sqlite3").path }

    /// A program that has ended.
    static let ended = ProgramOwner(text: "1 0 another-boot")

    func journal(
        owner: ProgramOwner = .current, limits: SessionJournal.Limits = SessionJournal.Limits(),
        clock: any WallClock = ManualClock(Timestamp(seconds: 1_700_000_000))
    ) throws -> SessionJournal {
        try SessionJournal(path: journalPath, owner: owner, limits: limits, clock: clock)
    }

    /// The rows of a query of the journal's file.
    func rows(_ sql: String) throws -> [String] {
        let queue = try DatabaseQueue(path: journalPath)
        defer { try? queue.close() }
        return try queue.read { try String.fetchAll($0, sql: sql) }
    }

    /// Changes the journal's file behind its back.
    func write(_ sql: String) throws {
        let queue = try DatabaseQueue(path: journalPath)
        defer { try? queue.close() }
        try queue.write { try $0.execute(sql: sql) }
    }

    /// Permissions of a path, as in `0600`.
    func rights(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }
}

/// An operator with a journal: a workspace over the same store, as a program has it.
struct Operator {
    let store: any SessionStore
    let executor: Executor
    var workspace: Workspace
    let clock: any WallClock

    init(
        _ store: any SessionStore, _ journal: any TransactionJournal, clock: any WallClock, keepsDrafts: Bool = true,
        mark: StoreMark? = nil
    )
        async
    {
        let catalog = ProfileCatalog(FrameworkProfiles.all, last: PlainProfile(), fallback: HexFormat())
        self.store = store
        self.clock = clock
        let runner = Runner(catalog: catalog, clock: clock, journal: journal) { _ throws(CommandFailure) in
            OpenedStore(store: store, allowsWriter: true, isReadOnly: false, mark: mark)
        }
        executor = Executor(runner: runner, clock: clock)
        workspace = Workspace(catalog: catalog)
        workspace.keepsDrafts = keepsDrafts
        _ = await executor.run(line: "attach \(store.name)", in: &workspace)
    }

    /// Runs lines; returns all they print, failures with `! ` before them.
    @discardableResult
    mutating func run(_ lines: String...) async -> [String] {
        var output: [String] = []
        for line in lines {
            let reply = await executor.run(line: line, in: &workspace)
            output += reply.lines + (reply.failure.map { ["! \($0.message)"] } ?? [])
        }
        return output
    }

    /// What the store holds under a key, as text.
    func stored(_ key: RecordKey) async throws -> String? {
        try await store.load([key])[key].map { String(decoding: $0.payload, as: UTF8.self) }
    }
}

extension MemoryStore {
    func put(_ key: RecordKey, _ text: String, lifetime: Lifetime = .never) async {
        loadInitialData(key: key, payload: Array(text.utf8), flags: 0, lifetime: lifetime)
    }
}
