import CellGrid
import FuzzCorpus
import Testing

@Suite struct CorpusTests {
    @Test func `what fuzzing found is shown without a control character`() {
        let inputs = FuzzCorpus.inputs(of: "sanitizer")
        #expect(!inputs.isEmpty)
        for input in inputs {
            let shown = Sanitizer.display(String(decoding: input.bytes, as: UTF8.self))
            #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || 0x7F...0x9F ~= $0.value }, "\(input)")
            #expect(Sanitizer.display(shown) == shown, "\(input)")
        }
    }
}
