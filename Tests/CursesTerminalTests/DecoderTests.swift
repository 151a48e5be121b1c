import CNcurses
import CellGrid
import Glibc
import Testing

@testable import CursesTerminal

@Suite struct DecoderTests {
    private func events(_ input: [CursesInput]) -> [InputEvent] {
        var decoder = KeyDecoder()
        return input.compactMap { decoder.event($0) }
    }

    @Test func `control bytes are the keys people press for them`() {
        let bytes: [UInt32] = [0, 1, 8, 9, 10, 13, 26, 27, 28, 31, 32, 127, 0x9B, 0xE9]
        let keys: [Key] = [
            .control(" "), .control("a"), .backspace, .tab, .enter, .enter, .control("z"), .escape, .control("\\"),
            .control("_"), .character(" "), .backspace, .character("é"),
        ]
        #expect(events(bytes.map { .character($0) }) == keys.map { .key($0) })
    }

    @Test func `between the marks of a paste nothing is a key`() {
        let begin = CursesInput.code(Int32(TM_KEY_PASTE_BEGIN))
        let end = CursesInput.code(Int32(TM_KEY_PASTE_END))
        let paste: [CursesInput] = [begin, .character(0x79), .character(13), .code(KEY_UP), .character(3), end]
        #expect(events(paste + [.code(KEY_UP)]) == [.paste("y\n\u{3}"), .key(.up)])
        #expect(events([end, .character(0x6A)]) == [.key(.character("j"))], "an end without a beginning is nothing")
    }

    @Test func `a paste is cut at its limit`() {
        var decoder = KeyDecoder()
        _ = decoder.event(.code(Int32(TM_KEY_PASTE_BEGIN)))
        for _ in 0..<(KeyDecoder.pasteLimit + 10) { _ = decoder.event(.character(0x61)) }
        guard case .paste(let text) = decoder.event(.code(Int32(TM_KEY_PASTE_END))) else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count == KeyDecoder.pasteLimit)
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("é", "w6k=")])
    func `base 64 is that of RFC 4648`(text: String, encoded: String) {
        #expect(String(decoding: base64(text), as: UTF8.self) == encoded)
    }
}

@Suite struct WidthAgreementTests {
    /// The basic plane, emoji and CJK; elsewhere Unicode versions differ in some marks (U+1171E is one).
    @Test func `glyph widths are those of the C library`() {
        setlocale(LC_CTYPE, "C.UTF-8")
        var compared = 0
        var differences: [String] = []
        for value in [0x20...0xFFFF, 0x1F000...0x2FFFF].joined() as FlattenSequence<[ClosedRange<UInt32>]> {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let width = tm_wcwidth(value)
            let alone = String(Character(scalar))
            let onBase = "a" + alone
            if width > 0, Sanitizer.display(alone) == alone {
                compared += 1
                if GlyphWidth.cells(of: alone) != Int(width) { differences.append(String(value, radix: 16)) }
            } else if width == 0, Sanitizer.display(onBase) == onBase {
                compared += 1
                if GlyphWidth.cells(of: onBase) != 1 { differences.append(String(value, radix: 16)) }
            }
        }
        #expect(compared > 100_000)
        #expect(differences == [])
    }
}

@Suite struct ThemeTests {
    @Test func `colour is used as asked`() {
        #expect(Theme.dark.honouring(.auto, noColor: nil) == .dark)
        #expect(Theme.dark.honouring(.auto, noColor: "") == .dark)
        #expect(Theme.dark.honouring(.auto, noColor: "1") == .mono)
        #expect(Theme.light.honouring(.always, noColor: "1") == .light)
        #expect(Theme.light.honouring(.never, noColor: nil) == .mono)
    }

    @Test func `mono has no colour, and what must stand out does in every theme`() {
        for role in Role.allCases {
            let style = Theme.mono.style(of: role)
            #expect(style.foreground == nil && style.background == nil)
        }
        for theme in Theme.allCases {
            for role in [Role.selected, .header, .headerAlert, .match, .error, .conflict, .titleFocused] {
                let style = theme.style(of: role).withoutColor
                #expect(style.bold || style.reverse || style.underline, "\(theme) \(role)")
            }
            #expect(theme.style(of: .text) == Style(), "text keeps the terminal's own colours")
        }
    }
}
