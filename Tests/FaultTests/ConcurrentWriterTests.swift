import Foundation
import Glibc
import MemcachedServer
import OrderedCollections
import RandomValues
import SQLiteBackend
import SessionClock
import SessionCore
import SessionFormats
import Testing

extension Faults {
    /// Processes that write to the same sessions at the same time: each acknowledged addition counts exactly once.
    @Suite(.serialized) struct ConcurrentWriterTests {
        /// How many additions each process makes: `TIDEMARK_INCREMENTS` in the environment, or a number for every day.
        private static let additions = getenv("TIDEMARK_INCREMENTS").flatMap { Int(String(cString: $0)) } ?? 200
        private static let sessions = 4

        private func command(_ kind: String, _ store: String, seed: UInt64) throws -> [String] {
            [
                try WriterProcess.product("session-writer"), kind, store, "\(Self.additions)", "\(Self.sessions)",
                "\(seed)",
            ]
        }

        private func run(_ commands: [[String]]) async throws -> [WriterResult] {
            let processes = try commands.map { try WriterProcess($0) }
            var results: [WriterResult] = []
            for process in processes { results.append(try await process.result()) }
            return results
        }

        private func tell(_ store: String, _ results: [WriterResult], sum: Int) {
            let acknowledged = results.map(\.acknowledged).reduce(0, +)
            let runs = results.map(\.runs).reduce(0, +)
            print(
                "\(store): \(results.count) processes, \(acknowledged) additions acknowledged in \(runs) tries, sum \(sum), "
                    + "\(acknowledged - sum) lost")
            #expect(results.allSatisfy { $0.acknowledged == Self.additions })
            #expect(sum == acknowledged)
        }

        @Test(arguments: RandomSource.seeds(1))
        func `on a memcached four of ours and four others lose nothing to each other`(seed: UInt64) async throws {
            let server = try MemcachedServer()
            let commands = try (0..<8).map { number in
                try command(number < 4 ? "tidemark" : "foreign", server.address, seed: seed &+ UInt64(number))
            }
            let results = try await run(commands)
            let client = try RawClient(port: server.port)
            var sum = 0
            for number in 0..<Self.sessions {
                let lines = try client.ask("get tidemark:shared:s\(number)\r\n", until: ["END\r\n"])
                    .split(separator: "\r\n")
                let digits = lines.dropFirst().first?.filter(\.isNumber) ?? ""
                sum += Int(digits) ?? 0
            }
            tell("memcached", results, sum: sum)
        }

        /// A path in a folder that the test removes.
        private func temporaryPath() throws -> String {
            let folder = FileManager.default.temporaryDirectory.appending(path: "tidemark-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return folder.appending(path: "sessions.sqlite3").path
        }

        private func remove(_ path: String) {
            try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent())
        }

        @Test(arguments: RandomSource.seeds(1))
        func `on one database file eight of ours lose nothing to each other`(seed: UInt64) async throws {
            let path = try temporaryPath()
            defer { remove(path) }
            let store = try await SQLiteStore.open(
                SQLiteAddress(path: path, mode: .create), clock: SystemClock())
            let commands = try (0..<8).map { try command("tidemark", path, seed: seed &+ UInt64($0)) }
            let results = try await run(commands)
            let keys = (0..<Self.sessions).map { RecordKey("tidemark:shared:s\($0)") }
            let sum = try await store.load(keys).values.map { record in
                Int(String(decoding: record.payload, as: UTF8.self).filter(\.isNumber)) ?? 0
            }.reduce(0, +)
            await store.close()
            tell("SQLite", results, sum: sum)
        }

        private static let python = (["/usr/bin/python3", "/usr/local/bin/python3"] as [String]).first {
            access($0, X_OK) == 0
        }

        @Test(.enabled(if: python != nil, "needs Python"), arguments: RandomSource.seeds(1))
        func `in score's table ours and those of Python lose nothing to each other`(seed: UInt64) async throws {
            let path = try temporaryPath()
            defer { remove(path) }
            let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Writers/counters.py").path
            func foreign(_ count: Int, seed: UInt64) throws -> [String] {
                [
                    try #require(Self.python), script, path, "\(count)", "\(Self.sessions)", "\(seed)",
                ]
            }
            _ = try await run([foreign(0, seed: seed)])
            let commands = try (0..<8).map { number in
                try number < 4
                    ? command("score", path, seed: seed &+ UInt64(number))
                    : foreign(Self.additions, seed: seed &+ UInt64(number))
            }
            let results = try await run(commands)
            let store = try await SQLiteStore.open(SQLiteAddress(path: path), clock: SystemClock())
            let keys = (0..<Self.sessions).map { RecordKey("kvcache:score.session:s\($0)") }
            let sum = try await store.load(keys).values.map { record in
                if case .integer(let number)? = try PickleFormat().decode(record.payload).map?["n"] {
                    Int(number)
                } else {
                    0
                }
            }.reduce(0, +)
            await store.close()
            tell("kvcache", results, sum: sum)
        }
    }
}
