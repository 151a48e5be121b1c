import SessionCore
import SessionFormats
import Testing

@Suite struct RawFormatTests {
    @Test func `text is shown as text, and only text is`() throws {
        let format = TextFormat()
        for text in ["", "Grüße\r\n\t漢字", "{\"a\": "] {
            #expect(format.recognises(Array(text.utf8), flags: 0))
            #expect(try format.decode(Array(text.utf8)) == .string(text))
            #expect(try format.encode(.string(text)) == Array(text.utf8))
        }
        for bytes in [[0], [0x1B], [0x7F], [0xFF], [0x61, 0xC3]] as [[UInt8]] {
            #expect(!format.recognises(bytes, flags: 0))
        }
        #expect(throws: FormatError.self) { try format.decode([0xFF]) }
    }

    @Test func `bytes of any kind are shown, and nothing inside them is edited`() throws {
        let bytes: [UInt8] = Array(0...255)
        let format = HexFormat()
        #expect(format.recognises(bytes, flags: 7))
        #expect(try format.decode(bytes) == .bytes(bytes))
        #expect(try format.encode(.bytes(bytes)) == bytes)
    }

    @Test func `text is replaced as a whole, by text`() throws {
        let format = TextFormat()
        #expect(try format.splice(.replaced("new"), into: Array("old".utf8), tree: "old") == Array("new".utf8))
        #expect(format.refusal(of: "x") == nil && format.refusal(of: 1) != nil)
        #expect(throws: FormatError.self) { try format.encode(1) }
    }

    @Test func `bytes refuse edits, with what to do instead`() {
        let format = HexFormat()
        #expect(format.readOnlyReason?.contains("set \"\" bytes(") == true)
        #expect(throws: FormatError.self) { try format.splice(.replaced(.bytes([1])), into: [], tree: .bytes([])) }
        #expect(format.refusal(of: .bytes([1])) == nil && format.refusal(of: 1) != nil)
        #expect(throws: FormatError.self) { try format.encode(1) }
    }
}
