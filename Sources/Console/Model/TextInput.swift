internal import CellGrid

/// A line of text being typed.
public struct TextInput: Hashable, Sendable {
    /// The text.
    public private(set) var text: String
    /// The cursor, in characters from the start.
    public private(set) var cursor: Int

    /// A line with some text, the cursor at its end.
    public init(_ text: String = "") {
        self.text = text
        self.cursor = text.count
    }

    /// Takes a key; returns whether it was one for typing.
    mutating func handle(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .backspace:
            guard cursor > 0 else { return true }
            remove(cursor - 1..<cursor)
        case .delete: if cursor < text.count { remove(cursor..<cursor + 1) }
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(text.count, cursor + 1)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = text.count
        case .control("u"): remove(0..<cursor)
        case .control("k"): remove(cursor..<text.count)
        case .control("w"):
            let before = Array(text).prefix(cursor)
            let trimmed = before.reversed().drop { $0 == " " }.drop { $0 != " " }.count
            remove(trimmed..<cursor)
        default: return false
        }
        return true
    }

    /// Puts text at the cursor; line ends become blanks, so that a paste stays one line.
    mutating func insert(_ new: String) {
        let line = String(new.map { $0.isNewline ? " " : $0 })
        let index = text.index(text.startIndex, offsetBy: cursor)
        let before = text.count
        text.insert(contentsOf: line, at: index)
        cursor += text.count - before
    }

    private mutating func remove(_ range: Range<Int>) {
        let start = text.index(text.startIndex, offsetBy: range.lowerBound)
        let end = text.index(text.startIndex, offsetBy: range.upperBound)
        text.removeSubrange(start..<end)
        cursor = range.lowerBound
    }
}
