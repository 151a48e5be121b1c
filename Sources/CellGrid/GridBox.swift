extension Grid {
    /// Draws a border with a title in its upper line and a footer at the right of its lower line.
    ///
    /// The focused box has double lines, any other single ones, so that focus shows without colour. Cells inside stay
    /// as they were. Title and footer are shortened with `…` to what the line holds. A rectangle less than two cells
    /// wide or high draws nothing; one that leaves the grid is clipped.
    public mutating func box(_ rect: GridRect, title: String, footer: String = "", focused: Bool) {
        let area = rect.clipped(to: size)
        guard rect.columns >= 2, rect.rows >= 2, !area.columns.isEmpty, !area.rows.isEmpty else { return }
        let lines = focused ? BoxLines.double : BoxLines.single
        let role: Role = focused ? .borderFocused : .border
        let right = rect.right - 1
        let bottom = rect.bottom - 1
        for column in area.columns {
            stamp(lines.horizontal, column, rect.row, role)
            stamp(lines.horizontal, column, bottom, role)
        }
        for row in area.rows {
            stamp(lines.vertical, rect.column, row, role)
            stamp(lines.vertical, right, row, role)
        }
        stamp(lines.topLeft, rect.column, rect.row, role)
        stamp(lines.topRight, right, rect.row, role)
        stamp(lines.bottomLeft, rect.column, bottom, role)
        stamp(lines.bottomRight, right, bottom, role)

        // Corner, line and blank on each side of a label.
        let room = rect.columns - 6
        guard room > 0 else { return }
        if !title.isEmpty {
            let label = " " + GlyphWidth.truncated(title, to: room) + " "
            put(label, at: GridPoint(column: rect.column + 2, row: rect.row), role: focused ? .titleFocused : .title)
        }
        if !footer.isEmpty {
            let label = " " + GlyphWidth.truncated(footer, to: room) + " "
            let column = right - 1 - GlyphWidth.cells(of: label)
            put(label, at: GridPoint(column: column, row: bottom), role: .dim)
        }
    }

    /// Draws one cell of a border where it lies in the grid.
    private mutating func stamp(_ line: Character, _ column: Int, _ row: Int, _ role: Role) {
        guard contains(GridPoint(column: column, row: row)) else { return }
        place(DisplayGlyph(character: line, width: 1), row: row, column: column, role: role)
    }
}

/// The characters of one kind of border.
private struct BoxLines {
    let horizontal: Character
    let vertical: Character
    let topLeft: Character
    let topRight: Character
    let bottomLeft: Character
    let bottomRight: Character

    static let single = BoxLines(
        horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘"
    )
    static let double = BoxLines(
        horizontal: "═", vertical: "║", topLeft: "╔", topRight: "╗", bottomLeft: "╚", bottomRight: "╝"
    )
}
