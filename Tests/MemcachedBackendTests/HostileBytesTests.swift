import SessionCore
import Testing

@testable import MemcachedBackend

/// A small generator whose seed can be printed and used again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct HostileBytesTests {
    private static let requests: [MemcachedRequest] = [
        .read("a"), .check("b"), .read("bin\u{1} key"), .add("a", flags: 0, expiry: 0, payload: [1]), .read("a"),
        .compareAndSwap("a", flags: 0, expiry: 0, payload: [1], revision: Revision(1)),
        .delete("a", revision: Revision(3)), .touch("a", expiry: 5), .version, .stats,
    ]
    private static let answers = Array(
        """
        VA 6 ka f4294967295 t-1 c18446744073709551615 s6\r\nab\r\ncd\r\nHD kb f0 t7 c2 s3\r\nEN kYmluASBrZXk= b\r\n\
        STORED\r\nVA 1 ka f0 t-1 c4 s1\r\nx\r\nEXISTS\r\nEX ka\r\nHD ka\r\nVERSION 1.6.18\r\n\
        STAT pid 7\r\nSTAT time 1700000000\r\nSTAT empty \r\nEND\r\n
        """.utf8)

    private static func machine() -> ConnectionStateMachine {
        var machine = ConnectionStateMachineTests.opened()
        _ = machine.event(
            .submit(ConnectionBatch(id: BatchID(number: 2), purpose: .load, requests: requests)),
            at: ConnectionStateMachineTests.start)
        return machine
    }

    /// Feeds bytes in pieces and then the end; returns how the batch ended and how often.
    private static func run(_ bytes: [UInt8], pieces: () -> Int) -> [Result<Int, BatchFailure>] {
        var machine = machine()
        var actions: [ConnectionAction] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + max(1, pieces()))
            actions += machine.event(
                .received(generation: 1, Array(bytes[start..<end])), at: ConnectionStateMachineTests.start)
            start = end
        }
        actions += machine.event(.closed(generation: 1, reason: "end"), at: ConnectionStateMachineTests.start)
        return actions.compactMap { action in
            switch action {
            case .complete(_, let replies, _): .success(replies.count)
            case .fail(_, let failure, _): .failure(failure)
            case .connect, .write, .close: nil
            }
        }
    }

    @Test func `the whole answer completes, and every truncation is a typed end with what came before it`() {
        #expect(Self.run(Self.answers) { 1000 } == [.success(Self.requests.count)])
        for length in 0..<Self.answers.count {
            let ends = Self.run(Array(Self.answers[..<length])) { 7 }
            guard ends.count == 1, case .failure(let failure) = ends[0] else {
                Issue.record("cut at \(length): \(ends)")
                continue
            }
            #expect(failure.code == .disconnected)
            #expect(failure.replies.count < Self.requests.count)
        }
    }

    @Test func `mutated answers end each batch exactly once`() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(state: seed)
        let scraps = ["VA 5 ka", "\r\n", "END\r\n", "STAT ", "SERVER_ERROR x\r\n", "kYmlu", "99999999999", "-1", "\0"]
        for round in 0..<12_000 {
            var bytes = Self.answers
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: (scraps.randomElement(using: &generator) ?? "").utf8, at: at)
                case 3: bytes.removeSubrange(at..<min(bytes.count, at + 30))
                default: bytes += bytes[at...].prefix(40)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let ends = Self.run(bytes) { Int.random(in: 1...200, using: &generator) }
            #expect(ends.count == 1, "seed \(seed), round \(round)")
            if case .failure(let failure)? = ends.first {
                #expect(
                    [.nonsense, .serverFailure, .disconnected].contains(failure.code), "seed \(seed), round \(round)")
                #expect(!failure.detail.unicodeScalars.contains(where: PrintableText.mustEscape))
            }
        }
    }

    @Test func `random bytes are nonsense or an early end`() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(state: seed)
        for round in 0..<8000 {
            let bytes = (0..<Int.random(in: 1...300, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            #expect(Self.run(bytes) { 64 }.count == 1, "seed \(seed), round \(round)")
        }
    }
}
