import FaultProxy
import MemcachedBackend
import SessionClock
import SessionCore
import Synchronization
import Testing

/// What goes wrong at a byte, as a test does it.
private enum FaultCase: Hashable, CaseIterable {
    case cut, truncate, drop, duplicate, garbage
    /// The rest comes late, while the client still waits.
    case delay
    /// The rest comes when the client has given up.
    case late

    var kind: Fault.Kind {
        switch self {
        case .cut: .cut
        case .truncate: .truncate
        case .drop: .drop
        case .duplicate: .duplicate
        case .garbage: .garbage
        case .delay, .late: .delay
        }
    }

    /// Whether nothing but a time-out ends the waiting.
    var needsTimeout: Bool {
        switch self {
        case .cut, .truncate, .delay: false
        case .drop, .duplicate, .garbage, .late: true
        }
    }
}

extension Faults {
    /// One thing goes wrong at each byte of a commit's traffic, and what is told of the commit is true all the same.
    @Suite(.serialized) struct CommitFaultTests {
        private struct Point {
            var fault: FaultCase
            var direction: FaultDirection
            var position: Int
        }

        /// Points that several lanes go through, each by one.
        private final class Tour: Sendable {
            private let state: Mutex<(rest: ArraySlice<Point>, counts: [String: Int])>

            init(_ points: [Point]) { state = Mutex((points[...], [:])) }

            func next() -> Point? { state.withLock { $0.rest.popFirst() } }

            /// Leaves out the rest: a report of thousands of failures is read by nobody.
            func stop() { state.withLock { $0.rest = [] } }

            func count(_ ending: String) { state.withLock { $0.counts[ending, default: 0] += 1 } }

            var counts: [String: Int] { state.withLock { $0.counts } }
        }

        /// How many servers are tried at once: most of the time goes by in waiting for time-outs.
        private static let lanes = 24

        @Test(arguments: isSoaking ? FaultScenario.all : FaultScenario.everyDay)
        func `whatever goes wrong at whatever byte, the report is true and nothing of others is lost`(
            scenario: FaultScenario
        ) async throws {
            let lengths = try await traffic(of: scenario)
            let points = FaultDirection.allCases.flatMap { direction in
                (0..<(lengths[direction] ?? 0)).flatMap { position in
                    FaultCase.allCases.map { Point(fault: $0, direction: direction, position: position) }
                }
            }
            let tour = Tour(points)
            try await withThrowingTaskGroup { group in
                for _ in 0..<Self.lanes {
                    group.addTask {
                        let lane = try await FaultLane()
                        while let point = tour.next() {
                            let (ending, isTrue) = try await Self.meet(point, in: scenario, on: lane)
                            tour.count(ending)
                            if !isTrue { tour.stop() }
                        }
                        try await lane.stop()
                    }
                }
                try await group.waitForAll()
            }
            let counts = tour.counts
            let words = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            print("fault points tried: \(counts.values.reduce(0, +)) (\(scenario.name): \(words))")
            #expect(counts.values.reduce(0, +) == points.count)
            #expect(
                Set(counts.keys).isSuperset(of: scenario.foreign == nil ? ["acknowledged", "uncertain"] : ["refused"]))
        }

        /// How many bytes a commit sends and gets when all is well.
        private func traffic(of scenario: FaultScenario) async throws -> [FaultDirection: Int] {
            let lane = try await FaultLane()
            let nothing = Point(fault: .cut, direction: .toServer, position: Int.max)
            let verdict = try await Self.tried(nothing, in: scenario, on: lane, patience: 60_000)
            #expect(verdict.problems.isEmpty && verdict.needlessDoubts.isEmpty && !verdict.hasStruck)
            if scenario.foreign == nil { #expect(verdict.ending == .acknowledged) }
            let lengths = verdict.traffic
            try await lane.stop()
            return lengths
        }

        /// Commits while something goes wrong at a point, and looks at the server; says how it ended.
        private static func meet(
            _ point: Point, in scenario: FaultScenario, on lane: FaultLane
        ) async throws -> (ending: String, isTrue: Bool) {
            var verdict = try await tried(
                point, in: scenario, on: lane, patience: point.fault.needsTimeout ? 50 : 60_000)
            if !verdict.hasStruck || !verdict.needlessDoubts.isEmpty {
                verdict = try await tried(point, in: scenario, on: lane, patience: 5000)
            }
            var problems = verdict.problems + verdict.needlessDoubts
            if !verdict.hasStruck { problems.append("the byte did not come by") }
            for problem in problems {
                Issue.record("\(scenario.name), \(point.fault), \(verdict.fault): \(problem); \(verdict.ending)")
            }
            let ending =
                switch verdict.ending {
                case .acknowledged: "acknowledged"
                case .refused: "refused"
                case .uncertain: "uncertain"
                }
            return (ending, problems.isEmpty)
        }

        private static func tried(
            _ point: Point, in scenario: FaultScenario, on lane: FaultLane, patience: Int64
        ) async throws -> FaultVerdict {
            try lane.prepare(scenario)
            let before = try lane.look(scenario)
            let store = lane.open(MemcachedTimeouts(connect: 60_000, read: patience))
            let fault = Fault(point.fault.kind, point.direction, at: point.position)
            let base = try await load(scenario, from: store)
            try lane.arm(scenario.foreign)
            let proxy = lane.proxy
            let strikes = proxy.arm(fault)
            let participant = StoreParticipant(name: "cache", store: store, writes: scenario.writes(over: base))
            let releasing = Task {
                for await _ in strikes where point.fault == .delay { proxy.release() }
            }
            let ending = await commit(participant)
            let traffic = Dictionary(uniqueKeysWithValues: FaultDirection.allCases.map { ($0, proxy.count($0)) })
            let (delivered, hasStruck) = (proxy.delivered, proxy.hasStruck)
            // What has not happened yet must not happen to the next commit.
            proxy.arm(nil)
            await releasing.value
            await store.close()
            proxy.release()
            try await lane.settle(after: fault.kind)
            return FaultVerdict(
                scenario: scenario, fault: fault, ending: ending, report: await participant.report, before: before,
                after: try lane.look(scenario), wasForeignWritten: lane.hasActed, hasStruck: hasStruck,
                traffic: traffic, delivered: delivered)
        }

        /// A machine that is busy with others may let the short time-out pass before the fault; then it is loaded again.
        private static func load(
            _ scenario: FaultScenario, from store: MemcachedStore
        ) async throws -> [RecordKey: StoredRecord] {
            let keys = scenario.changes.map { RecordKey($0.key) }
            var left = 50
            while true {
                do throws(StoreError) { return try await store.load(keys) } catch {
                    left -= 1
                    guard error.code == .timedOut, left > 0 else { throw error }
                }
            }
        }

        private static func commit(_ participant: StoreParticipant) async -> CommitEnding {
            let transaction = Transaction(clock: SystemClock())
            do {
                try transaction.join(participant)
                let doubts = try await transaction.commit()
                return doubts.isEmpty ? .acknowledged : .uncertain("\(doubts)")
            } catch {
                return error.mayHaveWritten ? .uncertain("\(error)") : .refused("\(error)")
            }
        }
    }
}
