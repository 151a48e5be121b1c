import CellGrid
import Testing

@Suite struct GlyphWidthTests {
    @Test(
        arguments: [
            ("a", 1), ("é", 1), ("e\u{301}", 1), ("漢", 2), ("Ａ", 2), ("👍", 2), ("👩‍💻", 2), ("🇸🇪", 2), ("❤️", 1), ("─", 1),
            ("…", 1),
            ("\u{1B}", 2), ("\u{202E}", 6), ("가", 2), ("\u{1100}\u{1161}\u{11A8}", 2), ("क्ष", 2), ("กำ", 2),
        ] as [(String, Int)])
    func `a character takes this many cells`(text: String, cells: Int) {
        #expect(GlyphWidth.cells(of: text) == cells)
        #expect(text.reduce(0) { $0 + GlyphWidth.cells(of: $1) } == cells)
    }

    @Test func `text is cut between characters`() {
        #expect(GlyphWidth.prefix(of: "漢字", cells: 3) == "漢")
        #expect(GlyphWidth.prefix(of: "漢字", cells: 0) == "")
        #expect(GlyphWidth.prefix(of: "ab", cells: -1) == "")
        #expect(GlyphWidth.prefix(of: "e\u{301}x", cells: 1) == "e\u{301}")
        #expect(GlyphWidth.truncated("session", to: 7) == "session")
        #expect(GlyphWidth.truncated("session", to: 4) == "ses…")
        #expect(GlyphWidth.truncated("漢字漢", to: 4) == "漢…")
        #expect(GlyphWidth.truncated("ab", to: 1) == "…")
        #expect(GlyphWidth.truncated("ab", to: 0) == "")
    }
}
