/// A screen as a value: rows of cells and a cursor.
///
/// Views draw into a grid; a `Terminal` shows it. All text goes through ``Sanitizer``, so a grid never holds a
/// control, bidi or zero-width character. Positions outside of the grid are allowed everywhere and draw nothing.
/// A wide glyph is never halved: drawing over one half blanks the other.
public struct Grid: Hashable, Sendable {
    /// The size in cells; it changes only by ``apply(_:)``.
    public internal(set) var size: GridSize
    /// Where the cursor stands; `nil` hides it.
    public var cursor: GridPoint?
    /// The cells row by row; `size.columns * size.rows` of them.
    var cells: [Cell]

    /// Makes a blank grid.
    public init(size: GridSize) {
        self.size = size
        cells = Array(repeating: Cell(), count: size.columns * size.rows)
    }

    /// The cell at a point; outside of the grid a blank.
    public subscript(point: GridPoint) -> Cell {
        contains(point) ? cells[point.row * size.columns + point.column] : Cell()
    }

    /// Draws text and returns how many cells it used.
    ///
    /// The text is made fit for display first and cut after `width` cells or at the right edge of the grid,
    /// whichever comes first, between characters. A place outside of the grid or a `width` below 1 draws nothing.
    /// Cells behind a cut stay as they were.
    @discardableResult
    public mutating func put(
        _ text: String, at point: GridPoint, role: Role = .text, width: Int = .max
    ) -> Int {
        guard contains(point), width > 0 else { return 0 }
        let room = min(width, size.columns - point.column)
        if Sanitizer.isPlain(text) {
            let bytes = text.utf8.prefix(room)
            for (offset, byte) in bytes.enumerated() {
                let glyph = DisplayGlyph(character: Character(Unicode.Scalar(byte)), width: 1)
                place(glyph, row: point.row, column: point.column + offset, role: role)
            }
            return bytes.count
        }
        var used = 0
        for character in Sanitizer.display(text) {
            let glyphs = DisplayGlyph.split(character)
            let cells = glyphs.reduce(0) { $0 + $1.width }
            guard used + cells <= room else { break }
            for glyph in glyphs {
                place(glyph, row: point.row, column: point.column + used, role: role)
                used += glyph.width
            }
        }
        return used
    }

    /// Fills a rectangle with one glyph.
    ///
    /// A wide glyph fills pairs of cells and leaves an odd last column blank.
    public mutating func fill(_ rect: GridRect, with character: Character = " ", role: Role = .text) {
        let glyph = DisplayGlyph.first(of: character)
        let area = rect.clipped(to: size)
        for row in area.rows {
            var column = area.columns.lowerBound
            while column < area.columns.upperBound {
                let fits = column + glyph.width <= area.columns.upperBound
                let placed = fits ? glyph : DisplayGlyph.blank
                place(placed, row: row, column: column, role: role)
                column += placed.width
            }
        }
    }

    /// Gives the glyphs in a rectangle another role.
    ///
    /// A wide glyph that lies only half in the rectangle keeps its role: it has one look, and the other half is not
    /// the caller's to change.
    public mutating func restyle(_ rect: GridRect, role: Role) {
        let area = rect.clipped(to: size)
        for row in area.rows {
            for column in area.columns {
                let index = row * size.columns + column
                switch cells[index].part {
                case .whole: cells[index].role = role
                case .lead: if column + 1 < area.columns.upperBound { cells[index].role = role }
                case .trail: if column > area.columns.lowerBound { cells[index].role = role }
                }
            }
        }
    }

    /// Whether a point lies in the grid.
    func contains(_ point: GridPoint) -> Bool {
        (0..<size.columns).contains(point.column) && (0..<size.rows).contains(point.row)
    }

    /// Draws one glyph that is known to lie in the grid, and blanks what it leaves of a wide glyph under it.
    mutating func place(_ glyph: DisplayGlyph, row: Int, column: Int, role: Role) {
        let first = row * size.columns + column
        let last = first + glyph.width - 1
        if cells[first].part == .trail { cells[first - 1] = Cell(role: cells[first - 1].role) }
        if cells[last].part == .lead { cells[last + 1] = Cell(role: cells[last + 1].role) }
        if glyph.width == 2 {
            cells[first] = Cell(glyph: glyph.character, role: role, part: .lead)
            cells[last] = Cell(role: role, part: .trail)
        } else {
            cells[first] = Cell(glyph: glyph.character, role: role)
        }
    }
}
