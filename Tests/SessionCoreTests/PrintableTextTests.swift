import RandomValues
import SessionCore
import Testing

@Suite struct PrintableTextTests {
    @Test(arguments: RandomSource.seeds(10))
    func `any bytes print as harmless text that means the same bytes`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<300 {
            let bytes = random.chance(2) ? random.bytes(upTo: 12) : Array(random.escapes().utf8)
            let text = PrintableText.escaping(bytes)
            #expect(!text.unicodeScalars.contains(where: PrintableText.mustEscape), "\(text)")
            #expect(PrintableText.bytes(of: text) == bytes, "\(text)")
            if let whole = String(validating: bytes, as: UTF8.self) { #expect(PrintableText.escaping(whole) == text) }
        }
    }

    @Test(arguments: [
        ("\u{1B}[2J", "\\u001b[2J"), ("a\u{202E}b", "a\\u202eb"), ("\u{200B}", "\\u200b"), ("\u{FEFF}", "\\ufeff"),
        ("\n\r\t", "\\u000a\\u000d\\u0009"), ("App\\notes", "App\\notes"), ("\\x41", "\\x5cx41"),
        ("\u{9B}m", "\\u009bm"), ("\u{E0041}", "\\udb40\\udc41"), ("❤\u{FE0F}", "❤\\ufe0f"),
        ("Grüße, 漢字 😀", "Grüße, 漢字 😀"),
    ])
    func `what acts on a terminal, hides or reorders is an escape`(text: String, printed: String) {
        #expect(PrintableText.escaping(text) == printed)
        #expect(PrintableText.escaping(Array(text.utf8)) == printed)
    }

    @Test func `bytes that are no UTF-8 print one by one`() {
        #expect(PrintableText.escaping([0x61, 0xFF, 0xC3, 0x28, 0x0A]) == "a\\xff\\xc3(\\u000a")
        #expect(PrintableText.escaping([0xED, 0xA0, 0x80]) == "\\xed\\xa0\\x80")
        #expect(PrintableText.escaping([0xF0, 0x9F, 0x98]) == "\\xf0\\x9f\\x98")
    }

    @Test(arguments: [("\\x4", "\\x4"), ("\\xzz", "\\xzz"), ("\\u12", "\\u12"), ("\\", "\\"), ("\\ud800", "\\ud800")])
    func `half an escape is itself`(text: String, same: String) {
        #expect(PrintableText.bytes(of: text) == Array(same.utf8))
    }
}

extension RandomSource {
    /// Text in which much looks like an escape.
    fileprivate mutating func escapes() -> String {
        let pieces = [
            "\\", "x", "u", "00", "4", "1", "d83d", "de00", "\\u", "\\x", "+1", "é", "\n", "\u{E0041}", "\u{202E}",
        ]
        return (0..<number(0...8)).map { _ in pick(pieces, or: "") }.joined() + text()
    }
}
