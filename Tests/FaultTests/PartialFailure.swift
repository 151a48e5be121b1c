import FaultProxy
import MemcachedBackend
import MemcachedServer
import SQLiteBackend
import SessionClock
import SessionCore
import Synchronization

/// One transaction over a database file and a memcached behind a proxy, in which something fails.
///
/// Both hold `kept`, which is to become other content, and get `added`.
final class PartialFailure: Sendable {
    static let base = ["kept": "base"]
    let mine: [String: String]
    let file: FaultFile
    let server: MemcachedServer
    let proxy: FaultProxy
    let database: SQLiteStore
    let cache: MemcachedStore

    /// - Parameters:
    ///   - limit: What the file refuses.
    ///   - journal: The file's journal mode.
    ///   - mode: What may be done with the file.
    ///   - size: How many bytes `kept` gets.
    /// - Throws: What keeps the stores from being made.
    init(
        limit: FaultFile.Limit = .none, journal: String = "WAL", mode: SQLiteAddress.Mode = .readWrite, size: Int = 4
    ) async throws {
        mine = ["kept": String(repeating: "m", count: size), "added": "new"]
        file = try await FaultFile(
            limit, journal: journal,
            records: [
                RecordWrite(
                    key: "kept", expectation: .absent,
                    change: .put(payload: Array("base".utf8), flags: 0, expiry: .renew(.never)))
            ])
        server = try MemcachedServer()
        try RawClient(port: server.port).set("kept", "base")
        proxy = try await FaultProxy(to: server.port)
        database = try await SQLiteStore.open(
            SQLiteAddress(path: file.path, mode: mode), timeout: 20, clock: SystemClock())
        cache = MemcachedStore(
            address: .tcp(host: "127.0.0.1", port: proxy.port),
            timeouts: MemcachedTimeouts(connect: 1000, read: 100), clock: SystemClock())
    }

    private func writes(_ store: any SessionStore) async throws -> [RecordWrite] {
        let loaded = try await store.load(["added", "kept"])
        return mine.sorted { $0.key < $1.key }.map { key, payload in
            let key = RecordKey(key)
            return RecordWrite(
                key: key, expectation: loaded[key].map { .unchanged($0) } ?? .absent,
                change: .put(payload: Array(payload.utf8), flags: 0, expiry: .renew(.never)))
        }
    }

    /// Commits while something happens to one of the stores, and says what is not as it was told.
    ///
    /// - Parameters:
    ///   - store: `cache` or `database`, whose phase it is.
    ///   - phase: Before which phase it happens.
    ///   - foreign: What others make of the store's records by it.
    ///   - disturb: What happens.
    /// - Returns: How the commit ended, and what of it is not so.
    /// - Throws: What keeps the commit from being tried.
    func commit(
        disturbing store: String, before phase: DisturbedParticipant.Phase, foreign: [String: String]? = nil,
        _ disturb: @escaping @Sendable (PartialFailure) async throws -> Void
    ) async throws -> (ending: String, problems: [String]) {
        let failure = Mutex<String?>(nil)
        let participants = [
            "cache": StoreParticipant(name: "cache", store: cache, writes: try await writes(cache)),
            "database": StoreParticipant(name: "database", store: database, writes: try await writes(database)),
        ]
        let transaction = Transaction(clock: SystemClock())
        for (name, participant) in participants {
            guard name == store else {
                try transaction.join(participant)
                continue
            }
            try transaction.join(
                DisturbedParticipant(base: participant, phase: phase) { [self] in
                    do { try await disturb(self) } catch { failure.withLock { $0 = "\(error)" } }
                })
        }
        var problems: [String] = []
        var doubts: [String] = []
        let ending: CommitEnding
        do {
            let found = try await transaction.commit()
            doubts = found.map(\.participant)
            ending = found.isEmpty ? .acknowledged : .uncertain("\(found)")
        } catch {
            ending = error.mayHaveWritten ? .uncertain("\(error)") : .refused("\(error)")
        }
        problems += failure.withLock { $0 }.map { ["the disturbance failed: \($0)"] } ?? []
        try await end()
        let held = ["cache": try await cached(), "database": try file.records()]
        for (name, participant) in participants {
            let old = name == store ? foreign ?? Self.base : Self.base
            problems += Self.judge(
                name, held[name] ?? [:], old: old, mine: mine, ending, doubted: doubts.contains(name),
                report: await participant.report)
        }
        return ("\(ending)", problems)
    }

    private func end() async throws {
        await cache.close()
        await database.close()
        proxy.release()
        await proxy.waitUntilUnused()
        try await proxy.stop()
    }

    private func cached() async throws -> [String: String] {
        let client = try RawClient(port: server.port)
        while try !client.ask("stats\r\n", until: ["END\r\n"]).contains("STAT curr_connections 1\r\n") {
            await Task.yield()
        }
        let lines = try client.ask("get added kept\r\n", until: ["END\r\n"]).split(separator: "\r\n")
        var records: [String: String] = [:]
        for (line, payload) in zip(lines, lines.dropFirst()) where line.hasPrefix("VALUE ") {
            records[String(line.split(separator: " ")[1])] = String(payload)
        }
        return records
    }

    private static func judge(
        _ name: String, _ held: [String: String], old: [String: String], mine: [String: String],
        _ ending: CommitEnding, doubted: Bool, report: CommitReport?
    ) -> [String] {
        let isOld = held == old
        let isNew = held == mine
        switch ending {
        case .acknowledged: return isNew ? [] : ["\(name) holds \(held) after \(ending)"]
        case .refused: return isOld ? [] : ["\(name) holds \(held) after \(ending)"]
        case .uncertain:
            return mine.keys.compactMap { key in
                let isMine = held[key] == mine[key]
                let isTrue =
                    switch report?.outcomes[RecordKey(key)] {
                    case .written: isMine
                    case .unknown: isMine || held[key] == old[key]
                    case .overtaken: !isMine
                    case .conflict, .untouched, .putBack, nil: held[key] == old[key]
                    }
                return isTrue ? nil : "\(name) holds \(held) after \(ending)\(doubted ? ", which names it" : "")"
            }
        }
    }
}
