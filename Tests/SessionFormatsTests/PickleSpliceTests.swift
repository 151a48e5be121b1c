import OrderedCollections
import RandomValues
import SessionCore
import SessionFormats
import Testing

@Suite struct PickleSpliceTests {
    private let format = PickleFormat()

    private static func payloads() throws -> [[UInt8]] {
        try ["python3.tsv", "python2.tsv"].flatMap { try WrittenPayload.all(in: "pickle/" + $0) }.map(\.payload)
            .filter { $0.count < 4000 }
    }

    @Test(arguments: RandomSource.seeds(6))
    func `an edit that is not refused gives a pickle of the edited tree`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let payloads = try Self.payloads()
        var made = 0
        for _ in 0..<150 {
            let payload = payloads[random.number(0...(payloads.count - 1))]
            let read = try format.read(payload)
            let tree = read.tree
            guard read.readOnlyReason == nil else { continue }
            var edit: Edit?
            for _ in 0..<random.number(1...6) {
                let step = random.step(on: edit?.value(over: tree) ?? tree, base: tree, .python)
                let root = EditedNode(base: tree, edit: edit)
                guard format.refusal(of: step.value, at: step.path, in: root, payload: payload) == nil else { continue }
                edit = Edit.setting(step.value, at: step.path[...], base: tree, edit: edit)
                guard let edit else { continue }
                let spliced = try format.splice(edit, into: payload, tree: tree)
                #expect(
                    TreeModel.sameContent(try format.decode(spliced), edit.value(over: tree)),
                    "\(payload.escaped) with \(edit) gave \(spliced.escaped)")
                made += 1
            }
        }
        #expect(made > 150)
    }

    /// Among them all numbers whose last byte is that of an opcode.
    @Test func `every number takes the place of another`() throws {
        for version: UInt8 in 2...5 {
            let head =
                [0x80, version]
                + (version >= 4 ? Array("}\u{94}(\u{8C}\u{1}a".unicodeScalars) : [])
                .map { UInt8($0.value) }
            let body: [UInt8] =
                version >= 4
                ? [0x94, 0x4B, 3, 0x8C, 1, 0x62, 0x94, 0x5D, 0x94, 0x68, 1, 0x61, 0x75, 0x2E]
                : Array("}(X\u{1}\0\0\0aq\u{1}K\u{3}X\u{1}\0\0\0b]h\u{1}au.".utf8)
            let payload = head + body
            let tree = try format.decode(payload)
            #expect(tree == ["a": 3, "b": ["a"]])
            for number in -300...300 where number != 3 {
                let edit = try #require(Edit.setting(.integer(number), at: [.key("a")], base: tree, edit: nil))
                #expect(
                    try format.decode(format.splice(edit, into: payload, tree: tree)) == [
                        "a": .integer(number), "b": ["a"],
                    ])
            }
        }
    }

    @Test(arguments: RandomSource.seeds(10))
    func `an encoded tree is read again as itself`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        for _ in 0..<200 {
            let tree = random.value(.python)
            guard format.refusal(of: tree) == nil else { continue }
            #expect(try format.decode(format.encode(tree)) == tree)
        }
    }
}

extension [UInt8] {
    /// The bytes as Python's literals have them.
    var escaped: String { Notation.text(of: .bytes(self)) }
}
