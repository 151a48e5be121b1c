import RandomValues
import SessionCommands
import SessionCore
import Testing

@Suite struct ByteChangeTests {
    private func changed(_ bytes: [UInt8], _ random: inout RandomSource) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<random.number(0...4) {
            let place = random.number(0...bytes.count)
            switch random.number(0...2) {
            case 0: bytes.insert(contentsOf: random.bytes(upTo: 12), at: place)
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + random.number(0...12)))
            default: if place < bytes.count { bytes[place] &+= 1 }
            }
        }
        return bytes
    }

    @Test(arguments: RandomSource.seeds(20))
    func `the differences make one of the other, and are the only ones`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<200 {
            let before = (0..<random.number(0...300)).map { _ in UInt8(random.number(0...(random.chance(2) ? 3 : 255)))
            }
            let after = changed(before, &random)
            var made: [UInt8] = []
            var position = 0
            for hunk in ByteChanges.hunks(from: before, to: after) {
                made += before[position..<hunk.before.lowerBound]
                #expect(made.count == hunk.after.lowerBound)
                #expect(!hunk.before.isEmpty || !hunk.after.isEmpty)
                made += after[hunk.after]
                position = hunk.before.upperBound
            }
            #expect(made + before[position...] == after)
        }
    }

    @Test func `a length at the front and a value at the end are two small differences`() {
        let before = Array("12:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa count 3 end of it".utf8)
        let after = Array("13:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa count 42 end of it".utf8)
        #expect(
            ByteChanges.hunks(from: before, to: after) == [
                .init(before: 1..<2, after: 1..<2), .init(before: 40..<41, after: 40..<42),
            ])
        #expect(ByteChanges.hunks(from: before, to: before).isEmpty)
    }

    @Test func `the plan names the bytes that change and the opcodes that hold them`() async throws {
        var bench = Bench()
        let pickle = "}(X\u{4}\0\0\0userX\u{4}\0\0\0jdoeX\u{5}\0\0\0countK\u{3}u."
        await bench.put("shop:1", pickle, flags: 1)
        let lines = await bench.run("attach memory:", "open shop:1", "set /count 4", "plan bytes")
        #expect(
            lines.suffix(5) == [
                #"  bytes 31..<32: b"\x03" -> b"\x04""#, "    - 30: BININT1 3", "    + 30: BININT1 4",
                "  33 bytes of 34 as before", "round trips: memory: 1",
            ], "\(lines)")
    }
}
