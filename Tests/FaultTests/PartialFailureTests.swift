import FaultProxy
import Foundation
import GRDB
import MemcachedServer
import SQLiteBackend
import SessionCore
import Synchronization
import Testing

extension Faults {
    /// What fails, and in which phase of a commit over two stores: committed in both, in neither, or told.
    @Suite struct PartialFailureTests {
        private typealias Phase = DisturbedParticipant.Phase

        private struct Cell: Sendable {
            var name: String
            var store: String
            var phase: Phase
            var limit = FaultFile.Limit.none
            var journal = "WAL"
            var isReadOnly = false
            var size = 4
            var foreign: [String: String]?
            var mayEnd: Set<String>
            var disturb: @Sendable (PartialFailure) async throws -> Void = { _ in }
        }

        @Test func `every commit is in both stores, in neither, or told to be uncertain`() async throws {
            let cells = Self.cells
            // Most of the time goes by in waiting for time-outs.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, cell) in cells.enumerated() {
                    if index >= 6 { _ = try await group.next() }
                    group.addTask { try await Self.meet(cell) }
                }
                try await group.waitForAll()
            }
            print("cells of the failure matrix: \(cells.count)")
        }

        private static func meet(_ cell: Cell) async throws {
            let failure = try await PartialFailure(
                limit: cell.limit, journal: cell.journal, mode: cell.isReadOnly ? .readOnly : .readWrite,
                size: cell.size)
            let (ending, problems) = try await failure.commit(
                disturbing: cell.store, before: cell.phase, foreign: cell.foreign, cell.disturb)
            let place = "\(cell.name) before \(cell.phase) of the \(cell.store)"
            for problem in problems { Issue.record("\(place): \(problem)") }
            let kind = String(ending.prefix { $0.isLetter })
            #expect(cell.mayEnd.contains(kind), "\(place): \(ending)")
        }

        private static var cells: [Cell] { memcachedCells + memcachedRecordCells + databaseCells }

        /// A memcached writes in its vote; what comes before it is met there, and what comes after it is met by nobody.
        private static var memcachedCells: [Cell] {
            // The bytes of the check's request, of the writes, of the answer to the check, and of that to the writes.
            let places: [(String, FaultDirection, Int)] = [
                ("asking", .toServer, 10), ("writing", .toServer, 90), ("the check's answer", .toClient, 10),
                ("the writes' answer", .toClient, 45),
            ]
            let kinds: [(String, Fault.Kind)] = [
                ("a reset", .cut), ("a stall", .drop), ("a short write", .truncate), ("garbage", .garbage),
            ]
            var cells: [Cell] = []
            for phase in Phase.allCases {
                let ends: Set<String> = phase == .finish ? ["acknowledged"] : ["refused", "uncertain"]
                for (place, direction, position) in places {
                    for (name, kind) in kinds {
                        // A question with garbage in it may still be answered, if only that there is no such record.
                        let mayEnd = kind == .garbage ? ends.union(["acknowledged"]) : ends
                        cells.append(
                            Cell(name: "\(name) in \(place)", store: "cache", phase: phase, mayEnd: mayEnd) {
                                $0.proxy.arm(Fault(kind, direction, at: position))
                            })
                    }
                }
                cells.append(
                    Cell(
                        name: "a refused connection", store: "cache", phase: phase,
                        mayEnd: phase == .finish ? ["acknowledged"] : ["refused"]
                    ) { failure in
                        try await failure.proxy.stopListening()
                        failure.proxy.resetConnections()
                        await failure.proxy.waitUntilUnused()
                    })
            }
            return cells
        }

        /// What becomes of the records meanwhile.
        ///
        /// Before `finish` such a change comes after the commit, as far as a memcached is concerned: nothing to be told.
        private static var memcachedRecordCells: [Cell] {
            var cells: [Cell] = []
            for phase in [Phase.commit, .vote] {
                cells += [
                    Cell(
                        name: "a restart", store: "cache", phase: phase, foreign: [:], mayEnd: ["refused"]
                    ) { try $0.server.restart() },
                    Cell(
                        name: "an eviction", store: "cache", phase: phase, foreign: [:], mayEnd: ["refused"]
                    ) { try RawClient(port: $0.server.port).ask("delete kept\r\n") },
                    Cell(
                        name: "another writer", store: "cache", phase: phase, foreign: ["kept": "theirs"],
                        mayEnd: ["refused"]
                    ) { try RawClient(port: $0.server.port).set("kept", "theirs") },
                ]
            }
            // A size is known beforehand, so it is refused in the one phase that writes.
            cells.append(
                Cell(
                    name: "too large a value", store: "cache", phase: .vote, size: 2 << 20, mayEnd: ["refused"]))
            return cells
        }

        /// A database writes in `commit`, under a lock that it keeps to the end.
        ///
        /// So nobody can lock, change or delete anything before its vote or its finish. There is no wire that could be cut, stall or
        /// bring garbage, and no server to be restarted; a process that dies is a matter of `TwoStoreTests`, and a damaged file of
        /// `FileFailureTests`. A broken foreign key, which is all that a vote finds, needs a schema of others (`ScoreFileTests`).
        private static var databaseCells: [Cell] {
            let held = Mutex<[DatabaseQueue]>([])
            func hold(_ kind: Database.TransactionKind) -> @Sendable (PartialFailure) async throws -> Void {
                { failure in
                    let queue = try failure.file.transaction(kind)
                    held.withLock { $0.append(queue) }
                }
            }
            func outside(_ sql: String) -> @Sendable (PartialFailure) async throws -> Void {
                { failure in try failure.file.use { try $0.execute(sql: sql) } }
            }
            var cells = [
                Cell(
                    name: "a lock of another program", store: "database", phase: .commit, mayEnd: ["refused"],
                    disturb: hold(.immediate)),
                Cell(
                    name: "another writer", store: "database", phase: .commit, foreign: ["kept": "theirs"],
                    mayEnd: ["refused"],
                    disturb: outside("UPDATE tidemark_records SET payload = CAST('theirs' AS BLOB), revision = 9")),
                Cell(
                    name: "a deletion", store: "database", phase: .commit, foreign: [:], mayEnd: ["refused"],
                    disturb: outside("DELETE FROM tidemark_records")),
                Cell(
                    name: "a file that may not be written", store: "database", phase: .commit, isReadOnly: true,
                    mayEnd: ["refused"]),
                Cell(
                    name: "a full disk", store: "database", phase: .commit, limit: .pages, size: 100_000,
                    mayEnd: ["refused"]),
                Cell(
                    name: "too large a value", store: "database", phase: .commit, limit: .length, size: 100_000,
                    mayEnd: ["refused"]),
            ]
            // The cache has voted, so a COMMIT that fails cannot be as if nothing had been.
            for phase in Phase.allCases {
                cells.append(
                    Cell(
                        name: "a reader that delays COMMIT", store: "database", phase: phase, journal: "DELETE",
                        mayEnd: ["uncertain"], disturb: hold(.deferred)))
            }
            return cells
        }
    }
}
