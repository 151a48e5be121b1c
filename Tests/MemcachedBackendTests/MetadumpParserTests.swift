import SessionCore
import Testing

@testable import MemcachedBackend

@Suite struct MetadumpParserTests {
    private static let dump = """
        key=foo exp=-1 la=1795260442 cas=2 fetch=no cls=1 size=63
        key=a%01b%20%25%FF exp=1795260538 la=1795260438 cas=1 fetch=yes cls=1 size=69 flags=7 new=%zz
        key=z exp=0 la=1 cas=3 fetch=no cls=39 size=99999999999
        END\r\n
        """
    private static let rows = ScanBatch([
        ScanBatch.Row(key: "foo", size: 63, expiry: .never),
        ScanBatch.Row(
            key: RecordKey(Array("a\u{1}b %".utf8) + [0xFF]), size: 69, expiry: .at(Timestamp(seconds: 1_795_260_538))),
        ScanBatch.Row(key: "z", size: .max, expiry: .at(Timestamp(seconds: 0))),
    ])

    private static func parse(_ bytes: [UInt8], pieces: () -> Int) -> (ScanBatch, MetadumpEvent?) {
        var parser = MetadumpParser()
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + max(1, pieces()))
            let event = Array(bytes[start..<end]).withUnsafeBytes { parser.read($0) }
            if let event { return (parser.take(), event) }
            start = end
        }
        return (parser.take(), nil)
    }

    @Test func `keys are decoded and unknown fields skipped, in pieces of any size`() {
        let bytes = Array(Self.dump.utf8)
        for size in 1...bytes.count {
            let (batch, event) = Self.parse(bytes) { size }
            #expect(batch == Self.rows)
            #expect(event == .end)
        }
        #expect(Self.parse(Array(("OK\r\n" + Self.dump).utf8)) { 9 }.0 == Self.rows)
    }

    @Test func `refusals are told apart from nonsense`() {
        func event(_ text: String) -> MetadumpEvent? { Self.parse(Array(text.utf8)) { 1000 }.1 }
        #expect(event("BUSY currently processing crawler request\r\n") == .busy)
        #expect(event("ERROR metadump not allowed\r\n") == .refused("ERROR metadump not allowed"))
        #expect(event("CLIENT_ERROR lru crawler disabled\r\n") == .refused("CLIENT_ERROR lru crawler disabled"))
        for nonsense in [
            "hello\r\n", "key=\r\n", "key=a%2 exp=-1 size=1\n", "key=a size=5\n", "key=a exp=x size=1\n", "\n",
        ] {
            guard case .nonsense? = event(nonsense) else {
                Issue.record("\(nonsense) came to \(String(describing: event(nonsense)))")
                continue
            }
        }
        guard case .nonsense? = event("key=" + String(repeating: "a", count: 10_000)) else {
            Issue.record("a line without end was kept")
            return
        }
    }

    @Test func `truncations and mutations never yield more keys than lines`() {
        let bytes = Array(Self.dump.utf8)
        for length in 0..<bytes.count - 1 {
            #expect(Self.parse(Array(bytes[..<length])) { 5 }.1 == nil)
        }
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(state: seed)
        for round in 0..<20_000 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                let at = Int.random(in: 0..<mutated.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutated[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: mutated.remove(at: at)
                default: mutated.insert(UInt8.random(in: 0...255, using: &generator), at: at)
                }
            }
            let (batch, _) = Self.parse(mutated) { Int.random(in: 1...90, using: &generator) }
            let lines = mutated.count { $0 == 0x0A }
            #expect(batch.count <= lines, "seed \(seed), round \(round)")
            #expect(batch.keyEnds.count == batch.sizes.count && batch.sizes.count == batch.expiries.count)
        }
    }
}
