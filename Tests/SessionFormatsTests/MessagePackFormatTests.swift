import OrderedCollections
import RandomValues
import SessionCore
import SessionFormats
import Testing

@Suite struct MessagePackFormatTests {
    private let format = MessagePackFormat()

    private static func written() throws -> [WrittenPayload] { try WrittenPayload.all(in: "msgpack/msgpack.tsv") }

    @Test func `what msgpack packs is shown as what it is`() throws {
        let all = try Self.written()
        #expect(all.count >= 14)
        for one in all {
            #expect(format.recognises(one.payload, flags: 0), "\(one)")
            #expect(try format.decode(one.payload) == one.expected, "\(one)")
            #expect(FormatCatalog.read(one.payload, flags: 0).format.name == "msgpack", "\(one)")
        }
    }

    @Test func `values are written as msgpack packs them`() throws {
        // All but the last, in which the packer was told to write single precision.
        for one in try Self.written().dropLast() {
            #expect(try format.encode(one.expected) == one.payload, "\(one)")
        }
    }

    @Test(arguments: RandomSource.seeds(6))
    func `an edit that is not refused gives a payload of the edited tree`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let all = try Self.written()
        var made = 0
        for _ in 0..<60 {
            var payload = all[random.number(0...(all.count - 1))].payload
            if random.chance(2), let encoded = try? format.encode(.map(random.map(.json))) { payload = encoded }
            let tree = try format.decode(payload)
            var edit: Edit?
            for _ in 0..<random.number(1...6) {
                let step = random.step(on: edit?.value(over: tree) ?? tree, base: tree, .json)
                let root = EditedNode(base: tree, edit: edit)
                guard format.refusal(of: step.value, at: step.path, in: root, payload: payload) == nil else { continue }
                edit = Edit.setting(step.value, at: step.path[...], base: tree, edit: edit)
                guard let edit else { continue }
                let spliced = try format.splice(edit, into: payload, tree: tree)
                #expect(TreeModel.sameContent(try format.decode(spliced), edit.value(over: tree)))
                made += 1
            }
        }
        #expect(made > 60)
    }

    @Test func `an edit changes its own value and the count, and nothing else`() throws {
        // A map header wider than it need be, and a float of 32 bits.
        let payload: [UInt8] = [0xDE, 0, 2, 0xA1, 0x61, 0xCA, 0x3F, 0, 0, 0, 0xA1, 0x62, 0xD1, 0, 5]
        let tree = try format.decode(payload)
        #expect(tree == ["a": 0.5, "b": 5])
        let edit = try #require(Edit.setting(1, at: [.key("c")], base: tree, edit: nil))
        #expect(
            try format.splice(edit, into: payload, tree: tree)
                == [0xDE, 0, 3] + payload[3...] + [0xA1, 0x63, 1])
    }

    @Test(arguments: [
        (SessionValue.tuple([]), "no tuple"), (.set([]), "no set"), (.reference(1), "no references"),
        (.object(className: "shop.Cart", state: .emptyMap), "no instances"),
        (.object(className: "timestamp", state: "today"), "reads like"),
    ])
    func `what it cannot hold is refused with the reason`(value: SessionValue, reason: String) {
        #expect(format.refusal(of: [value])?.contains(reason) == true)
    }

    @Test func `every cut of a payload is an error or a value`() throws {
        for one in try Self.written() where one.payload.count < 3000 {
            for length in 0..<one.payload.count { _ = try? format.read(Array(one.payload[..<length])) }
        }
        for claim: [UInt8] in [
            [0xDD, 0xFF, 0xFF, 0xFF, 0xFF, 0xC0], [0xDF, 0x7F, 0xFF, 0xFF, 0xFF], [0x91, 0xDB, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x91, 0xC9, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0x91, 0xC1], [0x91],
        ] {
            #expect(throws: FormatError.self) { try format.decode(claim) }
        }
        #expect(throws: FormatError.self) { try format.decode(Array(repeating: 0x91, count: 1_000_000)) }
    }
}
