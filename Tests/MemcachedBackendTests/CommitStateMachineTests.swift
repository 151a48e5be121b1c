import SessionCore
import Testing

@testable import MemcachedBackend

@Suite struct CommitStateMachineTests {
    private static let now = Timestamp(seconds: 1_700_000_000)
    private static let day: Int64 = 86400

    /// Facts of a server whose clock is this many seconds ahead of ours.
    private func facts(clockAhead: Int64 = 0) throws -> ServerFacts {
        var facts = try #require(
            ServerFacts(ConnectionStateMachineTests.greetingReplies, at: Self.now))
        facts.clockOffset = clockAhead * 1000
        return facts
    }

    private func base(_ key: RecordKey, expiry: Expiry = .never) -> StoredRecord {
        StoredRecord(key: key, payload: [1, 2], flags: 5, expiry: expiry, revision: Revision(9))
    }

    private func item(secondsLeft: Int64?, revision: UInt64 = 9, payload: [UInt8]? = nil, size: Int = 2)
        -> MemcachedReply
    {
        .item(Item(payload: payload, flags: 5, secondsLeft: secondsLeft, revision: Revision(revision), size: size))
    }

    @Test func `a single put with a new life is written at once, and several are checked first`() throws {
        let put = replacement(base("a"), "xy", expiry: .renew(.seconds(60)))
        var machine = CommitStateMachine([put], facts: try facts(), store: "s", generation: 0)
        let swap = MemcachedRequest.compareAndSwap(
            "a", flags: 5, expiry: 60, payload: Array("xy".utf8), revision: Revision(9))
        #expect(machine.begin(at: Self.now) == .send(.write, [swap, .read("a")]))
        machine = CommitStateMachine([put, deletion(base("b"))], facts: try facts(), store: "s", generation: 0)
        #expect(machine.begin(at: Self.now) == .send(.check, [.check("a"), .check("b")]))
        #expect(
            machine.answered([item(secondsLeft: nil), item(secondsLeft: nil)], on: 0, at: Self.now)
                == .send(.write, [swap, .read("a"), .delete("b", revision: Revision(9)), .check("b")]))
    }

    @Test(
        arguments: [
            (1, 0, 1), (2_592_000, 0, 2_592_000), (2_592_001, 0, 1_702_592_001), (2_592_001, 3600, 1_702_595_601),
            (400 * 86400, -50, 1_734_559_950),
        ] as [(Int64, Int64, Int64)])
    func `a life above 30 days is written as a moment of the server's clock`(
        left: Int64, clockAhead: Int64, number: Int64
    ) throws {
        let facts = try facts(clockAhead: clockAhead)
        #expect(facts.exptime(left, at: Self.now) == number)
        var machine = CommitStateMachine([replacement(base("a"), "x")], facts: facts, store: "s", generation: 0)
        _ = machine.begin(at: Self.now)
        guard
            case .send(.write, let requests) = machine.answered([item(secondsLeft: left)], on: 0, at: Self.now),
            case .compareAndSwap(_, _, let expiry, _, _)? = requests.first
        else {
            Issue.record("nothing was written")
            return
        }
        #expect(expiry == number)
    }

    @Test func `a life that is over is gone, never written as 0`() throws {
        var machine = CommitStateMachine([replacement(base("a"), "x")], facts: try facts(), store: "s", generation: 0)
        _ = machine.begin(at: Self.now)
        let gone = CommitStateMachine.Step.finish(CommitReport(outcomes: ["a": .conflict(.gone)]))
        #expect(machine.answered([item(secondsLeft: 0)], on: 0, at: Self.now) == gone)
    }

    @Test func `lives after January 2038 are refused before anything is sent`() throws {
        for write in [
            addition("a", "x", life: .seconds(20 * 365 * Self.day)), addition("a", "x", life: .seconds(.max)),
            RecordWrite(key: "a", expectation: .unchanged(base("a")), change: .retime(.seconds(1 << 40))),
        ] {
            var machine = CommitStateMachine([write], facts: try facts(), store: "s", generation: 0)
            guard case .refuse(let error) = machine.begin(at: Self.now) else {
                Issue.record("\(write) was sent")
                continue
            }
            #expect(error.code == .unsupported)
        }
    }

    @Test func `the same revision with another size or other flags is another record`() throws {
        var machine = CommitStateMachine([replacement(base("a"), "x")], facts: try facts(), store: "s", generation: 0)
        _ = machine.begin(at: Self.now)
        #expect(
            machine.answered([item(secondsLeft: 5, size: 3)], on: 0, at: Self.now)
                == .finish(CommitReport(outcomes: ["a": .conflict(.changed(Revision(9)))])))
    }

    /// A server that was started again between the commit's begin and its check may hold other content of our number.
    @Test func `a check that went out on another connection is done again with the payload`() throws {
        var machine = CommitStateMachine([replacement(base("a"), "x")], facts: try facts(), store: "s", generation: 0)
        #expect(machine.begin(at: Self.now) == .send(.check, [.check("a")]))
        #expect(
            machine.answered([item(secondsLeft: 5)], on: 1, at: Self.now) == .send(.check, [.read("a")]))
        #expect(
            machine.answered([item(secondsLeft: 5, payload: [3, 4])], on: 1, at: Self.now)
                == .finish(CommitReport(outcomes: ["a": .conflict(.changed(Revision(9)))])))
    }

    @Test func `when the putting back is cut off each record says what is known`() throws {
        let writes = [replacement(base("a"), "x"), deletion(base("b")), replacement(base("c"), "x")]
        var machine = CommitStateMachine(writes, facts: try facts(), store: "s", generation: 0)
        _ = machine.begin(at: Self.now)
        _ = machine.answered(
            [item(secondsLeft: 60), item(secondsLeft: nil), item(secondsLeft: nil)], on: 0, at: Self.now)
        let later = Self.now.adding(milliseconds: 2000)
        let mine = item(secondsLeft: 58, revision: 10, payload: Array("x".utf8), size: 1)
        let step = machine.answered(
            [.done, mine, .done, .missing, .exists, item(secondsLeft: nil, revision: 44)], on: 0, at: later)
        #expect(
            step
                == .send(
                    .putBack,
                    [
                        .compareAndSwap("a", flags: 5, expiry: 58, payload: [1, 2], revision: Revision(10)),
                        .add("b", flags: 5, expiry: 0, payload: [1, 2]),
                    ]))
        let failure = BatchFailure(code: .timedOut, detail: "silence", wasSent: true, replies: [.done])
        guard case .finish(let report) = machine.failed(failure, at: later) else {
            Issue.record("it did not end")
            return
        }
        #expect(report.outcomes["a"] == .putBack)
        #expect(report.outcomes["c"] == .conflict(.changed(Revision(44))))
        guard case .unknown(let reason)? = report.outcomes["b"] else {
            Issue.record("\(report)")
            return
        }
        #expect(reason.contains("silence"))
    }

    @Test func `a failure before anything was sent throws, and one after is unknown`() throws {
        let put = replacement(base("a"), "x", expiry: .renew(.never))
        var machine = CommitStateMachine([put], facts: try facts(), store: "s", generation: 0)
        _ = machine.begin(at: Self.now)
        let unsent = BatchFailure(code: .unreachable, detail: "refused", wasSent: false)
        #expect(machine.failed(unsent, at: Self.now) == .refuse(unsent.error(store: "s")))
        machine = CommitStateMachine([put], facts: try facts(), store: "s", generation: 0)
        _ = machine.begin(at: Self.now)
        let sent = BatchFailure(code: .timedOut, detail: "silence", wasSent: true)
        #expect(
            machine.failed(sent, at: Self.now) == .finish(CommitReport(outcomes: ["a": .unknown("silence")])))
    }
}
