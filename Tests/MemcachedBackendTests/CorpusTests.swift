import FuzzCorpus
import SessionCore
import Testing

@testable import MemcachedBackend

@Suite struct CorpusTests {
    @Test func `what fuzzing found as replies is the same in one piece and in two`() {
        func units(_ pieces: [[UInt8]]) -> [ReplyUnit] {
            var parser = ReplyParser()
            var units: [ReplyUnit] = []
            for piece in pieces {
                parser.append(piece)
                do { while let unit = try parser.next() { units.append(unit) } } catch { return units }
            }
            return units
        }
        let inputs = FuzzCorpus.inputs(of: "reply").map(\.bytes)
        #expect(!inputs.isEmpty)
        for bytes in inputs {
            let middle = bytes.count / 2
            #expect(units([bytes]) == units([Array(bytes[..<middle]), Array(bytes[middle...])]))
        }
    }

    @Test func `what fuzzing found as metadumps has no more keys than bytes`() {
        let inputs = FuzzCorpus.inputs(of: "metadump").map(\.bytes)
        #expect(!inputs.isEmpty)
        for bytes in inputs {
            var parser = MetadumpParser()
            _ = bytes.withUnsafeBytes { parser.read($0) }
            #expect(parser.take().count <= bytes.count)
        }
    }
}
