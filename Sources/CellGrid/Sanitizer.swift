/// Makes text from anywhere fit for a screen.
///
/// What a terminal would act on, what hides, what reorders its neighbours and what terminals draw at different widths
/// is replaced by something visible of known width. The result of displaying a displayed text is that text.
public enum Sanitizer {
    /// The marks that may stand on one base; ncurses keeps four, and a pile of them paints over other rows.
    private static let markLimit = 3

    /// The text as a screen may show it.
    ///
    /// - C0 controls and DEL become `^A` … `^?`.
    /// - C1 controls, bidi controls, zero-width and other invisible characters, private use, unassigned characters, and
    ///   marks with nothing to stand on become their number, `<202E>`.
    /// - A flag becomes its letters; of any other emoji made of several parts the first glyph stays.
    /// - Marks beyond the third on one base are dropped.
    public static func display(_ text: String) -> String {
        if isPlain(text) { return text }
        var shown = String.UnicodeScalarView()
        for character in text { append(character, to: &shown) }
        return String(shown)
    }

    /// Whether a text is printable ASCII throughout, which needs no change and counts one cell a byte.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static func append(_ character: Character, to shown: inout String.UnicodeScalarView) {
        let scalars = character.unicodeScalars
        if let first = scalars.first, scalars.count > 1, isJoinedEmoji(first, scalars.dropFirst()) {
            appendBase(first, to: &shown)
            // A flag is two regional indicators; both letters are shown.
            for scalar in scalars.dropFirst() where isRegionalIndicator(scalar) { appendBase(scalar, to: &shown) }
            return
        }
        var hasBase = false
        var marks = 0
        for scalar in scalars {
            if GlyphWidth.isMark(scalar), !isHidden(scalar) {
                guard hasBase else {
                    appendNumber(of: scalar, to: &shown)
                    continue
                }
                marks += 1
                if marks <= markLimit { shown.append(scalar) }
            } else {
                hasBase = appendBase(scalar, to: &shown)
                marks = 0
            }
        }
    }

    /// Appends what stands for a scalar that is no mark; true where a mark may stand on it.
    @discardableResult
    private static func appendBase(_ scalar: Unicode.Scalar, to shown: inout String.UnicodeScalarView) -> Bool {
        switch scalar.value {
        case 0x20...0x7E:
            shown.append(scalar)
            return true
        case 0..<0x20, 0x7F:
            shown.append("^")
            shown.append(Unicode.Scalar(UInt8(scalar.value ^ 0x40)))
            return false
        case 0x1F1E6...0x1F1FF:
            shown.append(Unicode.Scalar(UInt8(0x41 + scalar.value - 0x1F1E6)))
            return false
        default:
            guard isHidden(scalar) else {
                shown.append(scalar)
                return true
            }
            appendNumber(of: scalar, to: &shown)
            return false
        }
    }

    private static func appendNumber(of scalar: Unicode.Scalar, to shown: inout String.UnicodeScalarView) {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
        shown.append(contentsOf: "<\(zeros)\(digits)>".unicodeScalars)
    }

    /// Whether nobody would see the scalar, or terminals do not agree on it.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x7F else { return false }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            return true
        default:
            return properties.isDefaultIgnorableCodePoint || isSkinTone(scalar)
        }
    }

    /// Whether a cluster is an emoji made of parts.
    ///
    /// Joined by U+200D, with a skin tone, a flag, a keycap, or with a variation selector: terminals draw these at one
    /// to eight cells.
    private static func isJoinedEmoji(_ first: Unicode.Scalar, _ rest: Substring.UnicodeScalarView) -> Bool {
        first.properties.isEmoji && rest.allSatisfy { isEmojiPart($0) || ($0.value > 0xFF && $0.properties.isEmoji) }
    }

    private static func isEmojiPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200D, 0x20E3, 0xFE0E, 0xFE0F, 0xE0020...0xE007F: true
        default: isSkinTone(scalar) || isRegionalIndicator(scalar)
        }
    }

    private static func isSkinTone(_ scalar: Unicode.Scalar) -> Bool { (0x1F3FB...0x1F3FF).contains(scalar.value) }

    private static func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar.value)
    }
}
