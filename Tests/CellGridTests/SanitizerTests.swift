import CellGrid
import RandomValues
import Testing

@Suite struct SanitizerTests {
    @Test(arguments: [
        ("plain text", "plain text"),
        ("\u{1B}[31m\u{7}\u{7F}\u{0}", "^[[31m^G^?^@"),
        ("a\r\nb\tc", "a^M^Jb^Ic"),
        ("\u{9B}31m", "<009B>31m"),
        ("abc\u{202E}def\u{2066}", "abc<202E>def<2066>"),
        ("a\u{200B}b\u{FEFF}c\u{E0041}d", "a<200B>b<FEFF>c<E0041>d"),
        ("a\u{FE0F}", "a<FE0F>"),
        ("e\u{301}\u{302}\u{303}\u{304}\u{305}!", "e\u{301}\u{302}\u{303}!"),
        ("\u{301}x", "<0301>x"),
        ("\u{1B}\u{301}", "^[<0301>"),
        ("👩‍💻 👍🏽 ❤️ 1️⃣ 🇸🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩 👍 ❤ 1 SE 🏴"),
        ("\u{1F3FB}", "<1F3FB>"),
        ("\u{E000}\u{378}\u{AD}\u{2028}\u{3164}", "<E000><0378><00AD><2028><3164>"),
        ("漢字 가 क्ष é", "漢字 가 क्ष é"),
    ])
    func `shows what would act, hide or reorder`(text: String, shown: String) {
        #expect(Array(Sanitizer.display(text).unicodeScalars) == Array(shown.unicodeScalars))
    }

    @Test func `no scalar that acts, hides or reorders comes through`() {
        let seed = freshSeed()
        var random = RandomSource(seed: seed)
        for round in 0..<4000 {
            let text = round.isMultiple(of: 2) ? random.text(upTo: 10) : random.scalars(upTo: 10)
            let shown = Sanitizer.display(text)
            #expect(Sanitizer.display(shown).unicodeScalars.elementsEqual(shown.unicodeScalars), "seed \(seed)")
            var marks = 0
            for scalar in shown.unicodeScalars {
                let properties = scalar.properties
                #expect(
                    ![.control, .format, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator]
                        .contains(properties.generalCategory) && !properties.isBidiControl
                        && !properties.isDefaultIgnorableCodePoint && !properties.isVariationSelector
                        && !(0x1F1E6...0x1F1FF).contains(scalar.value) && !(0x1F3FB...0x1F3FF).contains(scalar.value),
                    "U+\(String(scalar.value, radix: 16)) in \(text.debugDescription), seed \(seed)"
                )
                marks = [.nonspacingMark, .enclosingMark].contains(properties.generalCategory) ? marks + 1 : 0
                #expect(marks <= 3, "seed \(seed)")
            }
        }
    }
}
