/// How many cells text takes on a screen.
///
/// All of these measure and give text as ``Sanitizer/display(_:)`` shows it, which is what
/// ``Grid/put(_:at:role:width:)`` draws: an escape character counts as the two cells of `^[`, a flag as its two letters.
public enum GlyphWidth {
    /// The cells a character takes as displayed.
    public static func cells(of character: Character) -> Int {
        cells(of: String(character))
    }

    /// The cells a text takes as displayed.
    public static func cells(of text: String) -> Int {
        if Sanitizer.isPlain(text) { return text.utf8.count }
        return Sanitizer.display(text).unicodeScalars.reduce(0) { $0 + cells(ofDisplayed: $1) }
    }

    /// The longest beginning of a text, as displayed, that fits in so many cells.
    ///
    /// Cut between characters, without an ellipsis; empty where `cells` is below 1.
    public static func prefix(of text: String, cells limit: Int) -> String {
        let shown = Sanitizer.display(text)
        var used = 0
        var end = shown.startIndex
        for index in shown.indices {
            used += shown[index].unicodeScalars.reduce(0) { $0 + cells(ofDisplayed: $1) }
            guard used <= limit else { break }
            end = shown.index(after: index)
        }
        return String(shown[..<end])
    }

    /// The text as displayed, shortened to so many cells with `…` as the last where it is longer.
    ///
    /// Empty where `limit` is below 1.
    public static func truncated(_ text: String, to limit: Int) -> String {
        guard limit > 0 else { return "" }
        guard cells(of: text) > limit else { return Sanitizer.display(text) }
        return prefix(of: text, cells: limit - 1) + "…"
    }

    /// The cells of one scalar of displayed text: 0 for marks, 2 for East Asian wide ones and emoji, 1 for the rest.
    ///
    /// East Asian characters of ambiguous width count as 1, as terminals do by default.
    static func cells(ofDisplayed scalar: Unicode.Scalar) -> Int {
        guard scalar.value >= 0x300 else { return 1 }
        if isMark(scalar) { return 0 }
        return WideScalars.contains(scalar) ? 2 : 1
    }

    /// Whether a scalar is drawn on top of the one before it: combining marks, and the vowels and finals that Hangul
    /// syllables are joined from.
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300: return false
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return true
        case 0x2E80...0x3029, 0x3041...0x3098, 0x309B...0xA4CF, 0xAC00...0xD7A3: return false
        default:
            let category = scalar.properties.generalCategory
            return category == .nonspacingMark || category == .enclosingMark
        }
    }
}

/// One glyph as a cell holds it: a base scalar with the marks on it.
struct DisplayGlyph {
    let character: Character
    /// 1 or 2.
    let width: Int

    static let blank = DisplayGlyph(character: " ", width: 1)

    /// The glyphs of one displayed character, from left to right.
    ///
    /// Mostly one. Some scripts join several bases in one grapheme cluster (Devanagari conjuncts, spacing vowel signs);
    /// terminals advance by each base, so each base begins a cell.
    static func split(_ character: Character) -> [DisplayGlyph] {
        let scalars = character.unicodeScalars
        if let only = scalars.first, scalars.count == 1 {
            return [DisplayGlyph(character: character, width: max(GlyphWidth.cells(ofDisplayed: only), 1))]
        }
        var glyphs: [DisplayGlyph] = []
        var cluster = String.UnicodeScalarView()
        var width = 0
        for scalar in scalars {
            let cells = GlyphWidth.cells(ofDisplayed: scalar)
            if cells > 0, !cluster.isEmpty {
                glyphs.append(DisplayGlyph(character: Character(String(cluster)), width: width))
                cluster = String.UnicodeScalarView()
            }
            if cells > 0 { width = cells }
            cluster.append(scalar)
        }
        if !cluster.isEmpty { glyphs.append(DisplayGlyph(character: Character(String(cluster)), width: max(width, 1))) }
        return glyphs
    }

    /// The first glyph of a character from anywhere, made fit for display.
    static func first(of character: Character) -> DisplayGlyph {
        Sanitizer.display(String(character)).first.flatMap { split($0).first } ?? blank
    }
}
