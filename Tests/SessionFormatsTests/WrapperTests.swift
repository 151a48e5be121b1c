import OrderedCollections
import RandomValues
import SessionCore
import SessionFormats
import Testing

@Suite struct WrapperTests {
    private static let wrappers: [any PayloadWrapper] = [
        ZlibWrapper(), GzipWrapper(), Base64Wrapper(), PHPCompressionWrapper(.fastLZ), PHPCompressionWrapper(.zlib),
    ]

    /// Texts of which some compress well, some not at all.
    private static func content(_ random: inout RandomSource) -> [UInt8] {
        switch random.number(0...4) {
        case 0: return random.bytes(upTo: 400)
        case 1: return Array(repeating: UInt8(random.number(0...255)), count: random.number(0...20_000))
        case 2: return (0..<random.number(0...3000)).map { _ in UInt8(random.number(97...100)) }
        case 3:
            let piece = (0..<random.number(1...300)).map { _ in UInt8(random.number(0...255)) }
            let between = [UInt8](repeating: 1, count: random.number(0...12_000))
            return piece + between + piece + piece
        default: return Array((0..<random.number(0...2000)).map { "item \($0)" }.joined(separator: ",").utf8)
        }
    }

    @Test(arguments: RandomSource.seeds(4), wrappers.indices)
    func `what is wrapped is found again`(seed: UInt64, which: Int) throws {
        let wrapper = Self.wrappers[which]
        var random = RandomSource(seed: seed)
        for _ in 0..<6 {
            let content = Self.content(&random)
            let wrapped = try wrapper.wrap(content)
            #expect(try wrapper.unwrap(wrapped) == content)
            let other = Self.content(&random)
            let rewrapped = try wrapper.rewrap(other, like: wrapped)
            #expect(try wrapper.unwrap(rewrapped) == other)
            #expect(try wrapper.rewrap(content, like: wrapped) == wrapped)
        }
    }

    @Test func `what Python wrapped is read, and wrapped again to the same bytes`() throws {
        let all = try WrittenPayload.all(in: "wrapped/python.tsv")
        #expect(all.count > 20)
        for one in all {
            let (format, content) = FormatCatalog.read(one.payload, flags: 0)
            #expect(format.name == one.writer)
            #expect(content.tree == one.expected, "\(one)")
            // There and back: the stored bytes, whatever level and window made them. A pickle loses a memo number on the way;
            // base64 without padding cannot be told where the edited text needs none.
            let isAmbiguous =
                one.writer.hasPrefix("pickle") || (one.writer == "json in base64" && one.payload.count % 4 != 0)
            let there = try #require(Edit.setting("ann", at: [.key("user")], base: content.tree, edit: nil))
            let edited = try format.splice(there, into: one.payload, tree: content.tree)
            let tree = try format.decode(edited)
            #expect(tree.map?["user"] == "ann", "\(one)")
            let back = try #require(Edit.setting("jdoe", at: [.key("user")], base: tree, edit: nil))
            let again = try format.splice(back, into: edited, tree: tree)
            #expect(again == one.payload || isAmbiguous, "\(one.writer) \(one.payload.prefix(4))")
        }
    }

    private struct Compressed {
        var name: String
        var flags: UInt32
        var payload: [UInt8]
        var content: [UInt8]
    }

    private static func compressedByPHP() throws -> [Compressed] {
        let text = String(decoding: try Fixture(name: "wrapped/php.tsv").bytes(), as: UTF8.self)
        return try text.split(separator: "\n").map { line in
            let columns = line.split(separator: "\t")
            return Compressed(
                name: String(columns[0]), flags: UInt32(columns[1]) ?? 0,
                payload: WrittenPayload.bytes(parsing: columns[2]),
                content: try ZlibWrapper().unwrap(WrittenPayload.bytes(parsing: columns[3])))
        }
    }

    @Test func `what php-memcached compressed is read, both levels of FastLZ too`() throws {
        let all = try Self.compressedByPHP()
        #expect(all.contains { $0.flags == 80 && $0.payload[4] >> 5 == 0 } && all.contains { $0.payload[4] >> 5 == 1 })
        for one in all {
            let wrapper = PHPCompressionWrapper(one.flags & 32 == 0 ? .fastLZ : .zlib)
            #expect(wrapper.recognises(one.payload, flags: one.flags), "\(one.name)")
            #expect(try wrapper.unwrap(one.payload) == one.content, "\(one.name)")
            let rewrapped = try wrapper.rewrap(one.content.reversed(), like: one.payload)
            #expect(try wrapper.unwrap(rewrapped) == one.content.reversed(), "\(one.name)")
            if one.flags == 80 { #expect(rewrapped[4] >> 5 == one.payload[4] >> 5) }
            #expect(wrapper.innerFlags(one.flags) == 0)
        }
    }

    @Test(arguments: RandomSource.seeds(8))
    func `damaged bytes are an error or a value`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let all =
            try WrittenPayload.all(in: "wrapped/python.tsv").map { ($0.payload, UInt32(0)) }
            + Self.compressedByPHP().filter { $0.payload.count < 3000 }.map { ($0.payload, $0.flags) }
        for _ in 0..<300 {
            var (payload, flags) = all[random.number(0...(all.count - 1))]
            if random.chance(2) {
                payload.removeLast(random.number(1...payload.count))
            } else {
                payload[random.number(0...(payload.count - 1))] ^= UInt8(1 << random.number(0...7))
            }
            let (format, content) = FormatCatalog.read(payload, flags: flags)
            #expect((try? format.decode(payload)) == content.tree)
        }
    }

    @Test func `FastLZ that begins as zlib's header does is read`() throws {
        let wrapper = PHPCompressionWrapper(.fastLZ)
        // Nine plain bytes, of which the first completes a header: 0x081D is a multiple of 31.
        let payload: [UInt8] = [9, 0, 0, 0, 0x08, 0x1D] + Array("ABCDEFGH".utf8)
        let content = try wrapper.unwrap(payload)
        #expect(content == [0x1D] + Array("ABCDEFGH".utf8))
        #expect(try wrapper.unwrap(wrapper.rewrap(content, like: payload)) == content)
    }

    @Test func `compressed text that could be read as it is stays compressed`() throws {
        let wrapper = PHPCompressionWrapper(.fastLZ)
        let text = Array(#"user|s:3:"ann";n|i:5;"#.utf8)
        let payload = try wrapper.wrap(text)
        // All of it is plain behind the length, so it reads as session text whose first name is odd.
        #expect((try? PHPSessionFormat().decode(payload)) != nil)
        let found = FormatCatalog.read(payload, flags: 80).format
        let claimed = [PlainProfile().formats, SymfonyProfile().formats].compactMap { formats in
            formats.first { $0.recognises(payload, flags: 80) && (try? $0.read(payload)) != nil }
        }
        #expect(claimed.count == 2)
        for format in claimed + [found] {
            let tree = try format.decode(payload)
            let edit = try #require(Edit.setting(60, at: [.key("n")], base: tree, edit: nil))
            let spliced = try format.splice(edit, into: payload, tree: tree)
            #expect(try wrapper.unwrap(spliced) == Array(#"user|s:3:"ann";n|i:60;"#.utf8), "\(format.name)")
        }
    }

    @Test func `a bomb ends in an error`() throws {
        let bomb = try ZlibWrapper().wrap([UInt8](repeating: 0, count: 65 << 20))
        #expect(bomb.count < 100_000)
        #expect(throws: FormatError.self) { try ZlibWrapper().unwrap(bomb) }
        #expect(throws: FormatError.self) {
            try PHPCompressionWrapper(.fastLZ).unwrap([0xFF, 0xFF, 0xFF, 0x7F] + Array(repeating: 0xE0, count: 5000))
        }
        #expect(throws: FormatError.self) { try PHPCompressionWrapper(.fastLZ).unwrap([5, 0, 0, 0, 0x00]) }
    }

    @Test(arguments: ["abcd", "deadbeefdeadbeef", "hello world", "YWJjZGVmZw=="])
    func `text that merely could be base64 stays text`(text: String) {
        #expect(FormatCatalog.read(Array(text.utf8), flags: 0).format.name == "text")
    }

    @Test func `flags say what a flat value is`() throws {
        let integer = FlatNumberFormat(.integer, flags: [2, 4])
        #expect(integer.recognises(Array("41".utf8), flags: 2) && !integer.recognises(Array("41".utf8), flags: 0))
        #expect(try integer.decode(Array("41 ".utf8)) == 41)
        #expect(try integer.splice(.replaced(42), into: Array("41".utf8), tree: 41) == Array("42".utf8))
        #expect(integer.refusal(of: "x") != nil)
        #expect(try FlatNumberFormat(.bool, flags: [3]).decode([]) == .bool(false))
        #expect(try FlatNumberFormat(.double, flags: [2]).encode(.double(1e25)) == Array("1.0E+25".utf8))
        #expect(ClientLibrary.phpMemcached.meaning(of: 80) == "FastLZ, string")
        #expect(ClientLibrary.python.meaning(of: 9) == "pickle, zlib")
        #expect(ClientLibrary.python.meaning(of: 80) == nil)
    }
}
