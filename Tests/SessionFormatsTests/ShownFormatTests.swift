import RandomValues
import SessionCore
import SessionFormats
import Testing

/// The formats that are shown and not written: Ruby's Marshal, igbinary, Java's objects.
@Suite struct ShownFormatTests {
    private static let formats: [any PayloadFormat] = [MarshalFormat(), IgbinaryFormat(), JavaFormat()]

    private static func written(_ format: any PayloadFormat) throws -> [WrittenPayload] {
        try WrittenPayload.all(in: "\(format.name)/\(format.name).tsv")
    }

    @Test(arguments: formats.indices)
    func `what was written is shown as what it is`(which: Int) throws {
        let format = Self.formats[which]
        let all = try Self.written(format)
        #expect(all.count >= 19)
        for one in all {
            #expect(format.recognises(one.payload, flags: 0), "\(one)")
            #expect(try format.decode(one.payload) == one.expected, "\(one)")
            #expect(FormatCatalog.read(one.payload, flags: 0).format.name == format.name, "\(one)")
        }
    }

    @Test(arguments: formats.indices, RandomSource.seeds(3))
    func `every cut and every flipped bit is an error or a value`(which: Int, seed: UInt64) throws {
        let format = Self.formats[which]
        var random = RandomSource(seed: seed)
        for one in try Self.written(format) where one.payload.count < 2000 {
            for length in 0..<one.payload.count { _ = try? format.read(Array(one.payload[..<length])) }
            for _ in 0..<100 {
                var payload = one.payload
                payload[random.number(0...(payload.count - 1))] ^= UInt8(1 << random.number(0...7))
                guard let tree = try? format.decode(payload) else { continue }
                #expect(tree.nestingDepth <= 2 * Notation.maximumDepth)
            }
        }
    }

    @Test(arguments: formats.indices)
    func `nothing is edited, with what to do instead`(which: Int) {
        let format = Self.formats[which]
        #expect(format.readOnlyReason?.contains("set \"\" bytes(") == true)
        #expect(format.refusal(of: 1) != nil)
        #expect(throws: FormatError.self) { try format.encode(1) }
        #expect(throws: FormatError.self) { try format.splice(.replaced(1), into: [], tree: 1) }
    }

    @Test(
        arguments: [
            [4, 8, 0x5B, 0x04, 0xFF, 0xFF, 0xFF, 0x3F],
            [4, 8] + Array(repeating: 0x5B, count: 4000).flatMap { [$0, 0x06] },
            [0, 0, 0, 2, 0x16, 0xFF, 0xFF, 0xFF, 0xFF],
            [0, 0, 0, 2, 0x26, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xAC, 0xED, 0, 5, 0x7A, 0xFF, 0xFF, 0xFF, 0xFF], [0xAC, 0xED, 0, 5] + Array(repeating: 0x73, count: 5000),
        ] as [[UInt8]])
    func `what is only claimed costs nothing`(payload: [UInt8]) throws {
        let format = try #require(Self.formats.first { $0.recognises(payload, flags: 0) })
        #expect(throws: FormatError.self) { try format.decode(payload) }
    }

    @Test func `classes that attacks use are named`() throws {
        let ruby: [UInt8] = [4, 8] + Array("o:\u{0D}ERB".unicodeScalars).map { UInt8($0.value) }
        var payload = ruby
        payload[4] = 8
        payload += [0]
        #expect(try MarshalFormat().read(payload).dangers == ["a program that loads this payload would use ERB"])
    }
}
