extension Grid {
    /// The rows as plain text, without blanks at their ends.
    public var lines: [String] {
        rowTexts.map { text in
            var line = Substring(text)
            while line.last == " " { line.removeLast() }
            return String(line)
        }
    }

    /// The rows as one letter per cell that stands for its role: see the legend of ``golden()``.
    public var styleMap: [String] {
        rows { String($0.role.mapLetter) }
    }

    /// The grid as text for a test to keep and a person to read.
    ///
    /// A header with size and cursor (`column,row`), the rows, each closed by `▏` so that blanks at the end show, then
    /// the roles cell by cell and what the letters used mean. Ends with a newline.
    public func golden() -> String {
        let place = cursor.map { "cursor \($0.column),\($0.row)" } ?? "no cursor"
        var text = "\(size.columns)x\(size.rows), \(place)\n"
        for row in rowTexts { text += row + "▏\n" }
        text += "roles\n"
        for row in styleMap { text += row + "▏\n" }
        let used = Set(cells.map(\.role))
        for role in Role.allCases where used.contains(role) { text += "\(role.mapLetter) \(role.rawValue)\n" }
        return text
    }

    private var rowTexts: [String] {
        rows { $0.isContinuation ? "" : String($0.glyph) }
    }

    private func rows(_ print: (Cell) -> String) -> [String] {
        (0..<size.rows).map { row in
            let start = row * size.columns
            return cells[start..<(start + size.columns)].reduce(into: "") { $0 += print($1) }
        }
    }
}
