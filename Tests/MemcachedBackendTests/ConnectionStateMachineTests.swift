import SessionCore
import Testing

@testable import MemcachedBackend

@Suite struct ConnectionStateMachineTests {
    static let timeouts = MemcachedTimeouts(connect: 3000, read: 5000, idle: 60_000)
    static let greetingReplies: [MemcachedReply] = [
        .version("1.6.18"), .statistics(["time": "1700000000", "curr_items": "3"]),
        .statistics(["item_size_max": "1048576", "cas_enabled": "yes"]),
    ]
    static let start = MonotonicTime(microseconds: 1_000_000)

    static func batch(_ number: UInt64, _ requests: MemcachedRequest...) -> ConnectionBatch {
        ConnectionBatch(id: BatchID(number: number), purpose: .load, requests: requests)
    }

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// A machine whose greeting has been answered.
    static func opened() -> ConnectionStateMachine {
        var machine = ConnectionStateMachine(timeouts: timeouts)
        _ = machine.event(.submit(batch(1, .version)), at: start)
        _ = machine.event(.connected(generation: 1), at: start)
        _ = machine.event(
            .received(generation: 1, bytes(ScriptedPeer.greetingAnswer + "VERSION 1\r\n")), at: start)
        return machine
    }

    private let readA = Self.batch(7, .read("a"))
    private let readB = Self.batch(8, .read("b"))
    private let answerA = "VA 2 ka f5 t100 c9 s2\r\nhi\r\n"
    private let itemA = MemcachedReply.item(
        Item(payload: Array("hi".utf8), flags: 5, secondsLeft: 100, revision: Revision(9), size: 2))

    @Test func `the first request connects, and the greeting and everything waiting go out in one write`() {
        var machine = ConnectionStateMachine(timeouts: Self.timeouts)
        #expect(machine.event(.submit(readA), at: Self.start) == [.connect(generation: 1)])
        #expect(machine.nextDeadline == Self.start.adding(milliseconds: 3000))
        #expect(machine.event(.submit(readB), at: Self.start) == [])
        let sent = ScriptedPeer.greeting + "mg a k v f t c s u\r\nmg b k v f t c s u\r\n"
        #expect(machine.event(.connected(generation: 1), at: Self.start) == [.write(Self.bytes(sent))])
        let later = MonotonicTime(microseconds: Self.start.microseconds + 250)
        let received = Self.bytes(ScriptedPeer.greetingAnswer + answerA + "EN kb\r\n")
        let greeting = ConnectionBatch(id: .greeting, purpose: .facts, requests: ServerFacts.questions)
        #expect(
            machine.event(.received(generation: 1, received), at: later) == [
                .complete(
                    greeting, Self.greetingReplies,
                    BatchCost(
                        bytesOut: ScriptedPeer.greeting.utf8.count, bytesIn: ScriptedPeer.greetingAnswer.utf8.count,
                        microseconds: 250)),
                .complete(readA, [itemA], BatchCost(bytesOut: 20, bytesIn: answerA.utf8.count, microseconds: 250)),
                .complete(readB, [.missing], BatchCost(bytesOut: 20, bytesIn: 7, microseconds: 250)),
            ])
    }

    @Test func `a later batch is sent before the earlier one is answered`() {
        var machine = Self.opened()
        #expect(machine.event(.submit(readA), at: Self.start) == [.write(Self.bytes("mg a k v f t c s u\r\n"))])
        #expect(machine.event(.submit(readB), at: Self.start) == [.write(Self.bytes("mg b k v f t c s u\r\n"))])
    }

    @Test func `answers may come byte by byte or all at once`() {
        let stream = Self.bytes(answerA + "EN kb\r\n")
        for size in 1...stream.count {
            var machine = Self.opened()
            _ = machine.event(.submit(readA), at: Self.start)
            _ = machine.event(.submit(readB), at: Self.start)
            var actions: [ConnectionAction] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                let piece = Array(stream[start..<min(start + size, stream.count)])
                actions += machine.event(.received(generation: 1, piece), at: Self.start)
            }
            #expect(
                actions == [
                    .complete(readA, [itemA], BatchCost(bytesOut: 20, bytesIn: answerA.utf8.count)),
                    .complete(readB, [.missing], BatchCost(bytesOut: 20, bytesIn: 7)),
                ])
            #expect(machine.phase == .open)
        }
    }

    @Test(arguments: [
        ("VA 2 kb f5 t100 c9 s2\r\nhi\r\n", StoreError.Code.nonsense),  // another key
        ("VA 2 f5 t100 c9 s2\r\nhi\r\n", .nonsense),  // no key
        ("VA 3 ka f5 t100 c9 s2\r\nhix\r\n", .nonsense),  // sizes that disagree
        ("VA 2 ka f5 t100 s2\r\nhi\r\n", .nonsense),  // no revision
        ("VA 2 ka f4294967296 t1 c1 s2\r\nhi\r\n", .nonsense),  // flags of 33 bits
        ("VA 2 ka f5 t-2 c9 s2\r\nhi\r\n", .nonsense),
        ("VA 2000000000 ka f5 t1 c9 s2\r\n", .nonsense),
        ("VA -1 ka f5 t1 c9 s2\r\n", .nonsense),
        ("VA 99999999999999999999999 ka\r\n", .nonsense),
        ("VA 2 ka f5 t100 c9 s2\r\nhi!!", .nonsense),
        ("HD ka f5 t100 c9 s2\r\n", .nonsense), ("STORED\r\n", .nonsense), ("EN kA\r\n", .nonsense),
        ("\r\n", .nonsense), ("EN ka\n", .nonsense), ("HTTP/1.1 400 Bad Request\r\n", .nonsense),
        ("EN ka\r\nEN ka\r\n", .nonsense), ("EN ka\r\nx", .nonsense),
        ("ERROR\r\n", .serverFailure), ("CLIENT_ERROR bad command line format\r\n", .serverFailure),
    ])
    func `an answer that does not fit ends the connection and fails all that waits`(
        answer: String, code: StoreError.Code
    ) throws {
        var machine = Self.opened()
        _ = machine.event(.submit(readA), at: Self.start)
        let isUnasked = answer.hasPrefix("EN ka\r\n")
        if !isUnasked { _ = machine.event(.submit(readB), at: Self.start) }
        let actions = machine.event(.received(generation: 1, Self.bytes(answer)), at: Self.start)
        #expect(actions.contains(.close(generation: 1)))
        let failures = actions.compactMap { if case .fail(_, let failure, _) = $0 { failure } else { nil } }
        #expect(failures.map(\.code) == (isUnasked ? [] : [code, code]))
        #expect(machine.phase == .down)
        #expect(machine.event(.received(generation: 1, Self.bytes("EN ka\r\n")), at: Self.start) == [])
        #expect(machine.backoff.failures == 1)
    }

    @Test func `a line without end is given up at its limit`() {
        var machine = Self.opened()
        _ = machine.event(.submit(readA), at: Self.start)
        var received = 0
        while machine.phase == .open, received < 1 << 20 {
            received += 1000
            _ = machine.event(.received(generation: 1, [UInt8](repeating: 0x61, count: 1000)), at: Self.start)
        }
        #expect(received <= ReplyParser.lineLimit + 1000)
    }

    @Test func `a server error is the answer to its command and to no other`() {
        var machine = Self.opened()
        let both = Self.batch(9, .read("a"), .read("b"))
        _ = machine.event(.submit(both), at: Self.start)
        let actions = machine.event(
            .received(generation: 1, Self.bytes("SERVER_ERROR out of memory\r\nEN kb\r\n")), at: Self.start)
        #expect(
            actions == [
                .complete(
                    both, [.serverError("SERVER_ERROR out of memory"), .missing],
                    BatchCost(bytesOut: 40, bytesIn: 35))
            ])
    }

    @Test func `silence fails everything on its way and the connection is not used again`() {
        var machine = Self.opened()
        _ = machine.event(.submit(readA), at: Self.start)
        let deadline = Self.start.adding(milliseconds: 5000)
        #expect(machine.nextDeadline == deadline)
        // A batch sent later does not prolong the wait for the earlier one.
        _ = machine.event(.submit(readB), at: Self.start.adding(milliseconds: 4000))
        #expect(machine.nextDeadline == deadline)
        #expect(machine.event(.timePassed, at: deadline.adding(milliseconds: -1)) == [])
        let actions = machine.event(.timePassed, at: deadline)
        #expect(actions.first == .close(generation: 1))
        let failures = actions.compactMap { if case .fail(_, let failure, _) = $0 { failure } else { nil } }
        #expect(failures.map(\.code) == [.timedOut, .timedOut])
        #expect(failures.map(\.wasSent) == [true, true])
    }

    @Test func `a cancelled batch is gone from the queue, and on its way takes the connection with it`() {
        var machine = ConnectionStateMachine(timeouts: Self.timeouts)
        _ = machine.event(.submit(readA), at: Self.start)
        let queued = machine.event(.cancel(readA.id), at: Self.start)
        #expect(
            queued == [
                .fail(
                    readA, BatchFailure(code: .cancelled, detail: "the request was given up.", wasSent: false),
                    BatchCost())
            ])
        machine = Self.opened()
        _ = machine.event(.submit(readA), at: Self.start)
        _ = machine.event(.submit(readB), at: Self.start)
        let actions = machine.event(.cancel(readA.id), at: Self.start)
        #expect(actions.contains(.close(generation: 1)))
        let failures = actions.compactMap { if case .fail(_, let failure, _) = $0 { failure } else { nil } }
        #expect(failures.map(\.code) == [.cancelled, .disconnected])
        #expect(machine.phase == .down)
        #expect(machine.event(.cancel(readA.id), at: Self.start) == [])
    }

    @Test func `what was answered before the end is kept with the failure`() {
        var machine = Self.opened()
        let both = Self.batch(9, .read("a"), .read("b"))
        _ = machine.event(.submit(both), at: Self.start)
        _ = machine.event(.received(generation: 1, Self.bytes(answerA + "VA 9 kb")), at: Self.start)
        let actions = machine.event(.closed(generation: 1, reason: "reset"), at: Self.start)
        guard case .fail(both, let failure, let cost)? = actions.last else {
            Issue.record("\(actions)")
            return
        }
        #expect(failure.code == .disconnected)
        #expect(failure.replies == [itemA])
        #expect(cost.bytesIn == answerA.utf8.count)
    }

    @Test func `an idle connection closes quietly, and the next request makes another`() {
        var machine = Self.opened()
        let idle = Self.start.adding(milliseconds: 60_000)
        #expect(machine.nextDeadline == idle)
        #expect(machine.event(.timePassed, at: idle) == [.close(generation: 1)])
        #expect(machine.event(.submit(readA), at: idle) == [.connect(generation: 2)])
        // News of the first connection changes nothing.
        #expect(machine.event(.closed(generation: 1, reason: ""), at: idle) == [])
    }

    @Test func `after a failure a request waits for the end of the pause, tries once, and success resets it`() {
        var machine = ConnectionStateMachine(timeouts: Self.timeouts)
        _ = machine.event(.submit(readA), at: Self.start)
        let failed = machine.event(.connectFailed(generation: 1, reason: "refused"), at: Self.start)
        #expect(failed.count == 2)
        #expect(machine.event(.submit(readB), at: Self.start) == [])
        let end = Self.start.adding(milliseconds: 100)
        #expect(machine.nextDeadline == end)
        #expect(machine.event(.timePassed, at: end) == [.connect(generation: 3)])
        _ = machine.event(.connected(generation: 3), at: end)
        _ = machine.event(.received(generation: 3, Self.bytes(ScriptedPeer.greetingAnswer)), at: end)
        #expect(machine.backoff == ReconnectBackoff())
    }

    @Test func `a connection that comes after its time is closed`() {
        var machine = ConnectionStateMachine(timeouts: Self.timeouts)
        _ = machine.event(.submit(readA), at: Self.start)
        let late = Self.start.adding(milliseconds: 3000)
        let actions = machine.event(.timePassed, at: late)
        #expect(
            actions.contains { if case .fail(_, let failure, _) = $0 { failure.code == .timedOut } else { false } })
        #expect(machine.event(.connected(generation: 1), at: late) == [.close(generation: 1)])
    }

    @Test func `a closed store fails everything at once`() {
        var machine = Self.opened()
        _ = machine.event(.submit(readA), at: Self.start)
        let actions = machine.event(.shutdown, at: Self.start)
        #expect(actions.count == 2)
        #expect(machine.nextDeadline == nil)
        guard case .fail(readB, let failure, _)? = machine.event(.submit(readB), at: Self.start).first else {
            Issue.record("a batch was taken after the end")
            return
        }
        #expect(failure.code == .disconnected)
    }

    @Test func `the pause doubles from a tenth of a second to two seconds`() {
        var backoff = ReconnectBackoff()
        var pauses: [Int64] = []
        for _ in 0..<8 {
            backoff.failed(at: Self.start)
            pauses.append(((backoff.pauseEnd?.microseconds ?? 0) - Self.start.microseconds) / 1000)
        }
        #expect(pauses == [100, 200, 400, 800, 1600, 2000, 2000, 2000])
        backoff.succeeded()
        #expect(backoff.pauseEnd == nil)
    }
}
