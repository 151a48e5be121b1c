import FaultProxy
import MemcachedBackend
import MemcachedServer
import RandomValues
import SessionClock
import SessionCore
import SessionFormats
import Synchronization
import Testing

extension Faults {
    /// Writers append to lists while connections fail at random: what each was told is so in the end.
    @Suite struct AppendHistoryTests {
        private static let writers = 6
        private static let sessions = 3
        private static let appends = isSoaking ? 500 : 40
        private static let hasty = MemcachedTimeouts(connect: 1000, read: 60)

        @Test(arguments: RandomSource.seeds(1))
        func `every acknowledged append is there once, in its writer's order, and no failed one`(
            seed: UInt64
        ) async throws {
            let server = try MemcachedServer()
            let proxy = try await FaultProxy(to: server.port)
            let isDone = Mutex(false)
            let saboteur = Task { await Self.sabotage(proxy, seed: seed, until: { isDone.withLock { $0 } }) }
            let appends = try await withThrowingTaskGroup { group in
                for writer in 0..<Self.writers {
                    group.addTask { try await Self.append(as: writer, through: proxy.port, seed: seed) }
                }
                return try await group.reduce(into: [Append]()) { $0 += $1 }
            }
            isDone.withLock { $0 = true }
            proxy.arm(nil)
            let faults = await saboteur.value
            proxy.release()
            await proxy.waitUntilUnused()
            try await proxy.stop()
            let lists = try Self.lists(server)
            let history = AppendHistory(appends: appends, lists: lists)
            for problem in history.problems { Issue.record("seed \(seed): \(problem)") }
            let counts = AppendAnswer.allCases.map { answer in
                "\(appends.count { $0.answer == answer }) \(answer)"
            }
            print(
                "appends: \(counts.joined(separator: ", ")), \(lists.values.map(\.count).reduce(0, +)) there in the end, "
                    + "\(faults) faults, seed \(seed)")
            #expect(appends.count == Self.writers * Self.appends)
            #expect(appends.contains { $0.answer == .acknowledged } && appends.contains { $0.answer != .acknowledged })
        }

        /// Lets one thing after another go wrong; what a delay holds back goes on when the next one happens.
        private static func sabotage(
            _ proxy: FaultProxy, seed: UInt64, until isDone: @Sendable () -> Bool
        ) async -> Int {
            var random = RandomSource(seed: seed)
            var count = 0
            while !isDone() {
                let direction = random.pick(FaultDirection.allCases, or: .toServer)
                // What a client sends has no check sum, so garbage would be stored as what it looks like.
                let kinds: [Fault.Kind] = [.cut, .truncate, .drop, .delay, .duplicate]
                let kind = random.pick(direction == .toServer ? kinds : kinds + [.garbage], or: .cut)
                let position = random.number(0...(direction == .toServer ? 900 : 6000))
                let strikes = proxy.arm(Fault(kind, direction, at: position))
                for await _ in strikes {
                    count += 1
                    if kind != .delay { proxy.release() }
                }
            }
            return count
        }

        private static func append(as writer: Int, through port: Int, seed: UInt64) async throws -> [Append] {
            let store = MemcachedStore(
                address: .tcp(host: "127.0.0.1", port: port), timeouts: hasty, clock: SystemClock())
            let container = try SessionContainer("lists", in: store, profile: TidemarkProfile(), timeout: 0)
            var random = RandomSource(seed: seed &+ UInt64(writer) &+ 1)
            var done: [Append] = []
            for index in 0..<appends {
                let session = "s\(random.number(0...sessions - 1))"
                let number = (writer + 1) * 100_000 + index
                let answer = await append(number, to: session, in: container)
                done.append(Append(writer: writer, session: session, number: number, answer: answer))
            }
            await store.close()
            return done
        }

        private static func append(_ number: Int, to id: String, in container: SessionContainer) async -> AppendAnswer {
            do {
                try await withTransaction(clock: SystemClock(), retries: 10) { transaction in
                    let session = try await transaction.open(id, in: container)
                    var items =
                        try session.contains("/list/items")
                        ? session.value(at: "/list/items", as: [Int].self) : []
                    items.append(number)
                    try session.set(items, at: "/list/items")
                }
                return .acknowledged
            } catch {
                return (error as? TransactionError)?.mayHaveWritten == true ? .unknown : .failed
            }
        }

        /// The lists as the server holds them, read past the proxy.
        private static func lists(_ server: MemcachedServer) throws -> [String: [Int]] {
            let client = try RawClient(port: server.port)
            while try !client.ask("stats\r\n", until: ["END\r\n"]).contains("STAT curr_connections 1\r\n") {}
            var lists: [String: [Int]] = [:]
            for number in 0..<sessions {
                let lines = try client.ask("get tidemark:lists:s\(number)\r\n", until: ["END\r\n"])
                    .split(separator: "\r\n")
                let payload = lines.dropFirst().first ?? ""
                lists["s\(number)"] = payload.split { !$0.isNumber }.compactMap { Int($0) }
            }
            return lists
        }

        @Test func `a lost, a doubled, an invented and a misplaced append are each seen`() {
            func append(_ number: Int, _ answer: AppendAnswer) -> Append {
                Append(writer: 1, session: "s0", number: number, answer: answer)
            }
            func problems(_ list: [Int], _ appends: [Append]) -> Int {
                AppendHistory(appends: appends, lists: ["s0": list]).problems.count
            }
            let two = [append(1, .acknowledged), append(2, .acknowledged)]
            #expect(problems([1, 2], two) == 0)
            #expect(problems([1], two) == 1)
            #expect(problems([1, 2, 2], two) == 1)
            #expect(problems([2, 1], two) == 1)
            #expect(problems([1, 2, 3], two) == 1)
            #expect(problems([1], [append(1, .failed)]) == 1)
            #expect(problems([], [append(1, .unknown)]) == 0)
            #expect(problems([1], [append(1, .unknown)]) == 0)
            #expect(problems([1, 1], [append(1, .unknown)]) == 1)
        }
    }
}
