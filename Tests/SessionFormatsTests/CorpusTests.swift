import FuzzCorpus
import SessionCore
import SessionFormats
import Testing

@Suite struct CorpusTests {
    @Test(arguments: FormatCatalog.all.map(\.name))
    func `what fuzzing found is a tree or an error`(name: String) throws {
        let format = try #require(FormatCatalog.all.first { $0.name == name })
        let inputs = FuzzCorpus.inputs(of: name)
        #expect(!inputs.isEmpty, "every format has a corpus")
        for input in inputs {
            guard let content = try? format.read(input.bytes) else { continue }
            #expect(content.tree.nestingDepth <= 2 * Notation.maximumDepth, "\(input)")
        }
    }

    @Test func `whatever was found has some format`() {
        for input in FuzzCorpus.inputs(of: "catalog") {
            let (format, content) = FormatCatalog.read(input.bytes, flags: 0)
            #expect((try? format.decode(input.bytes)) == content.tree || format.name == "hex", "\(input)")
        }
    }
}
