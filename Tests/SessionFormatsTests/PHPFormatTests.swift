import OrderedCollections
import RandomValues
import SessionCore
import SessionFormats
import Testing

@Suite struct PHPFormatTests {
    private static func format(_ name: String) -> any PayloadFormat {
        name == "php" ? PHPSessionFormat() : PHPSerializedFormat()
    }

    private static func written() throws -> [WrittenPayload] { try WrittenPayload.all(in: "php/php.tsv") }

    @Test func `what PHP serializes is shown as what it is`() throws {
        let all = try Self.written()
        #expect(all.count > 40)
        for one in all {
            let format = Self.format(one.writer)
            #expect(format.recognises(one.payload, flags: 0), "\(one)")
            #expect(try format.decode(one.payload) == one.expected, "\(one)")
            #expect(FormatCatalog.read(one.payload, flags: 0).format.name == one.writer, "\(one)")
        }
    }

    @Test(arguments: RandomSource.seeds(10))
    func `numbers are spelled as PHP spells them`(seed: UInt64) throws {
        let format = PHPSerializedFormat()
        for one in try Self.written() where one.writer == "php_serialize" && one.expected.kind == .double {
            #expect(try format.encode(one.expected) == one.payload, "\(one)")
        }
        var random = RandomSource(seed: seed)
        for _ in 0..<500 {
            let number = SessionValue.double(random.double(finite: false))
            #expect(try format.decode(format.encode(number)) == number)
        }
    }

    @Test(arguments: RandomSource.seeds(6))
    func `an edit that is not refused gives a payload of the edited tree`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let all = try Self.written()
        var (made, refused) = (0, 0)
        for _ in 0..<150 {
            let one = all[random.number(0...(all.count - 1))]
            let format = Self.format(one.writer)
            var payload = one.payload
            if random.chance(2), let encoded = try? format.encode(.map(random.map(.php))) { payload = encoded }
            let tree = try format.decode(payload)
            var edit: Edit?
            for _ in 0..<random.number(1...5) {
                let step = random.step(on: edit?.value(over: tree) ?? tree, base: tree, .php)
                let root = EditedNode(base: tree, edit: edit)
                guard format.refusal(of: step.value, at: step.path, in: root, payload: payload) == nil else {
                    refused += 1
                    continue
                }
                edit = Edit.setting(step.value, at: step.path[...], base: tree, edit: edit)
                guard let edit else { continue }
                // Equality with the edited tree is what splice proves; here it must be possible, and readable as the same.
                let spliced = try format.splice(edit, into: payload, tree: tree)
                #expect(try format.decode(spliced).childCount == edit.value(over: tree).childCount)
                made += 1
            }
        }
        #expect(made > 2 * refused, "\(made) made, \(refused) refused")
    }

    @Test func `references before and behind an edit keep what they mean`() throws {
        let format = PHPSerializedFormat()
        let payload = Array("a:4:{i:0;s:1:\"x\";i:1;O:1:\"A\":0:{}i:2;r:3;i:3;R:2;}".utf8)
        let tree = try format.decode(payload)
        func spliced(_ value: SessionValue?, _ index: Int) throws -> String {
            let edit = try #require(Edit.setting(value, at: [.index(index)], base: tree, edit: nil))
            return String(decoding: try format.splice(edit, into: payload, tree: tree), as: UTF8.self)
        }
        #expect(try spliced("longer", 4) == "a:5:{i:0;s:1:\"x\";i:1;O:1:\"A\":0:{}i:2;r:3;i:3;R:2;i:4;s:6:\"longer\";}")
        // A list of two takes two slots more.
        let nested = Array("a:3:{i:0;i:1;i:1;O:1:\"A\":0:{}i:2;r:3;}".utf8)
        let edit = try #require(
            Edit.setting([7, 8], at: [.index(0)], base: try format.decode(nested), edit: nil))
        let result = try format.splice(edit, into: nested, tree: format.decode(nested))
        #expect(
            String(decoding: result, as: UTF8.self)
                == "a:3:{i:0;a:2:{i:0;i:7;i:1;i:8;}i:1;O:1:\"A\":0:{}i:2;r:5;}")
        #expect(throws: FormatError.self) { try spliced(1, 0) }
        #expect(throws: FormatError.self) { try spliced(nil, 1) }
    }

    @Test(arguments: [
        ("a:1:{i:0;i:1;}", "b|1", "no | can stand"), ("a|i:1;", "5", "leaves out variables"),
    ])
    func `what PHP would lose is refused`(payload: String, key: String, reason: String) throws {
        let format = PHPSessionFormat()
        let bytes = Array("a|i:1;".utf8)
        let root = EditedNode(base: try format.decode(bytes), edit: nil)
        let refusal = format.refusal(of: 1, at: [.key(.string(key))], in: root, payload: bytes)
        #expect(refusal?.contains(reason) == true, "\(refusal ?? "nil")")
    }

    @Test func `every cut of a payload is an error or a value`() throws {
        for one in try Self.written() {
            let format = Self.format(one.writer)
            for length in 0..<one.payload.count { _ = try? format.read(Array(one.payload[..<length])) }
        }
        for claim in [
            "a:999999999:{}", "s:999999999:\"a\";", "O:1:\"A\":99999999:{}", "a:-1:{}", "R:0;",
            "i:99999999999999999999;",
        ] {
            #expect(throws: FormatError.self) { try PHPSerializedFormat().decode(Array(claim.utf8)) }
        }
        let deep = String(repeating: "a:1:{i:0;", count: 100_000)
        #expect(throws: FormatError.self) { try PHPSerializedFormat().decode(Array(deep.utf8)) }
    }
}
