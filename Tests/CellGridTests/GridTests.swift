import CellGrid
import Testing

@Suite struct GridTests {
    private func grid(_ columns: Int, _ rows: Int) -> Grid { Grid(size: GridSize(columns: columns, rows: rows)) }

    @Test func `boxes and text look like this`() {
        var grid = grid(24, 6)
        grid.box(GridRect(column: 0, row: 0, columns: 12, rows: 4), title: "1 Keys", footer: "p0", focused: false)
        grid.box(GridRect(column: 12, row: 0, columns: 12, rows: 4), title: "a long title", focused: true)
        grid.put("user 漢字", at: GridPoint(column: 1, row: 1), role: .selected)
        grid.put("e\u{301}\u{1B}[1m", at: GridPoint(column: 13, row: 1))
        grid.put("3 -> 4", at: GridPoint(column: 1, row: 2), role: .modified, width: 4)
        grid.put("! note", at: GridPoint(column: 0, row: 5), role: .conflict)
        grid.cursor = GridPoint(column: 1, row: 1)
        let expected = """
            24x6, cursor 1,1
            ┌─ 1 Keys ─┐╔═ a lon… ═╗▏
            │user 漢字 │║e\u{301}^[[1m    ║▏
            │3 ->      │║          ║▏
            └───── p0 ─┘╚══════════╝▏
                                    ▏
            ! note                  ▏
            roles
            bbttttttttbbBBTTTTTTTTBB▏
            bsssssssss.bB..........B▏
            b~~~~......bB..........B▏
            bbbbbbddddbbBBBBBBBBBBBB▏
            ........................▏
            !!!!!!..................▏
            . text
            d dim
            b border
            B borderFocused
            t title
            T titleFocused
            s selected
            ~ modified
            ! conflict

            """
        #expect(grid.golden() == expected)
    }

    @Test func `a wide glyph is never halved`() {
        var grid = grid(6, 1)
        #expect(grid.put("a漢字", at: GridPoint(column: 0, row: 0), width: 4) == 3)
        #expect(grid.lines == ["a漢"])
        #expect(grid[GridPoint(column: 2, row: 0)].isContinuation)
        grid.put("x", at: GridPoint(column: 2, row: 0))
        #expect(grid.lines == ["a x"], "drawing on the right half blanks the left one")
        grid.put("漢字", at: GridPoint(column: 0, row: 0))
        grid.put("xy", at: GridPoint(column: 1, row: 0))
        #expect(grid.lines == [" xy"], "both glyphs that were cut are blank")
        #expect(grid.put("字", at: GridPoint(column: 5, row: 0)) == 0)
        grid.fill(GridRect(column: 0, row: 0, columns: 5, rows: 1), with: "漢")
        #expect(grid.lines == ["漢漢"])
    }

    @Test func `a role changes for a whole wide glyph or not at all`() {
        var grid = grid(4, 1)
        grid.put("漢字", at: GridPoint(column: 0, row: 0))
        grid.restyle(GridRect(column: 1, row: 0, columns: 3, rows: 1), role: .match)
        #expect(grid.styleMap == ["..//"])
    }

    @Test func `places outside of the grid draw nothing`() {
        var grid = grid(5, 2)
        for (column, row) in [(-1, 0), (5, 0), (0, -1), (0, 2), (Int.max, 0), (0, Int.min)] {
            #expect(grid.put("x", at: GridPoint(column: column, row: row)) == 0)
        }
        #expect(grid.put("x", at: GridPoint(column: 0, row: 0), width: -3) == 0)
        #expect(grid == Grid(size: GridSize(columns: 5, rows: 2)))
        #expect(grid[GridPoint(column: 99, row: -4)] == Cell())
    }

    @Test func `sizes are read as 100x30 and kept within bounds`() {
        #expect(GridSize(parsing: "100x30") == GridSize(columns: 100, rows: 30))
        for text in ["", "100", "x", "0x5", "5x-1", "+5x5", "1x2x3", "99999x5", "5 x5"] {
            #expect(GridSize(parsing: text) == nil, "\(text)")
        }
        #expect(GridSize(columns: 65535, rows: -1) == GridSize(columns: GridSize.limit, rows: 0))
    }

    @Test func `a rectangle reaches from its first to before its last cell`() {
        let rect = GridRect(column: 2, row: 3, columns: 4, rows: 2)
        #expect(rect.right == 6 && rect.bottom == 5)
        #expect(rect.contains(GridPoint(column: 5, row: 4)) && !rect.contains(GridPoint(column: 6, row: 4)))
        #expect(rect.inset(by: 1) == GridRect(column: 3, row: 4, columns: 2, rows: 0))
        #expect(rect.inset(by: .max).isEmpty && rect.inset(by: 1).isEmpty)
        #expect(rect.inset(by: -1) == GridRect(column: 1, row: 2, columns: 6, rows: 4))
    }
}
