import MemcachedBackend
import MemcachedServer
import RandomValues
import SQLiteBackend
import SessionClock
import SessionCore
import SessionFormats

/// A process that adds 1 to counters in shared sessions, many times, beside others that do the same.
///
/// `session-writer tidemark|score|foreign STORE COUNT SESSIONS SEED`; prints how many additions were acknowledged, and in how many
/// runs of the work.
@main struct SessionWriter {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 5, let kind = arguments.first, let store = arguments.dropFirst().first,
            case let numbers = arguments.suffix(3).compactMap({ UInt64($0) }), numbers.count == 3
        else { throw WriterFailure(description: "session-writer tidemark|score|foreign STORE COUNT SESSIONS SEED") }
        var random = RandomSource(seed: numbers[2])
        let sessions = (0..<numbers[0]).map { _ in "s\(random.number(0...Int(numbers[1]) - 1))" }
        let (acknowledged, runs) =
            try await
            (kind == "foreign"
            ? addAsOthersDo(sessions, port: store) : add(sessions, store: store, isScore: kind == "score"))
        print("acknowledged \(acknowledged) runs \(runs)")
    }

    /// Through transactions, as an application of Tidemark does.
    ///
    /// Those of score are flat, and pickled.
    private static func add(_ sessions: [String], store address: String, isScore: Bool) async throws -> (Int, Int) {
        let store: any SessionStore =
            if address.hasPrefix("/") {
                try await SQLiteStore.open(SQLiteAddress(path: address), timeout: 60_000, clock: SystemClock())
            } else {
                MemcachedStore(
                    address: try MemcachedAddress(parsing: address),
                    timeouts: MemcachedTimeouts(connect: 60_000, read: 60_000), clock: SystemClock())
            }
        let container = try SessionContainer(
            isScore ? "score.session" : "shared", in: store,
            profile: isScore ? ScoreCacheProfile() : TidemarkProfile(), timeout: 0)
        let place = isScore ? "/n" : "/counter/n"
        var (acknowledged, runs) = (0, 0)
        for id in sessions {
            try await withTransaction(clock: SystemClock(), retries: 100_000) { transaction in
                runs += 1
                let session = try await transaction.open(id, in: container)
                let number = try session.contains(place) ? session.value(at: place, as: Int.self) : 0
                try session.set(number + 1, at: place)
            }
            acknowledged += 1
        }
        await store.close()
        return (acknowledged, runs)
    }

    /// With `gets`, `cas` and `add` on a socket, as any client of memcached does.
    private static func addAsOthersDo(_ sessions: [String], port: String) throws -> (Int, Int) {
        let client = try RawClient(port: Int(port.split(separator: ":").last ?? "") ?? 0)
        var (acknowledged, runs) = (0, 0)
        for id in sessions {
            let key = "tidemark:shared:\(id)"
            var answer = ""
            repeat {
                runs += 1
                let lines = try client.ask("gets \(key)\r\n", until: ["END\r\n"]).split(separator: "\r\n")
                guard lines.count == 3, let revision = lines[0].split(separator: " ").last else {
                    let first = #"{"counter":{"n":1}}"#
                    answer = try client.ask("add \(key) 0 0 \(first.utf8.count)\r\n\(first)\r\n")
                    continue
                }
                let next = String(lines[1]).replacing(/[0-9]+/) { "\((Int($0.output) ?? 0) + 1)" }
                answer = try client.ask("cas \(key) 0 0 \(next.utf8.count) \(revision)\r\n\(next)\r\n")
            } while answer != "STORED\r\n"
            acknowledged += 1
        }
        return (acknowledged, runs)
    }
}

/// Why the process cannot do what it was asked.
struct WriterFailure: Error, CustomStringConvertible {
    let description: String
}
