import CellGrid
import RandomValues
import Testing

@Suite struct GridLawTests {
    @Test func `applying the changes since a grid to it gives the other grid`() {
        let seed = freshSeed()
        var random = RandomSource(seed: seed)
        for _ in 0..<300 {
            var old = Grid(size: GridSize(columns: Int.random(in: 0...40, using: &random), rows: 12))
            random.draw(on: &old, times: 6)
            var new = Bool.random(using: &random) ? old : Grid(size: GridSize(columns: 30, rows: 9))
            random.draw(on: &new, times: 6)
            var patched = old
            patched.apply(new.changes(since: old))
            #expect(patched == new, "seed \(seed)")
            #expect(new.changes(since: new).isEmpty, "seed \(seed)")
        }
    }

    @Test func `only changed cells are in the changes`() {
        var old = Grid(size: GridSize(columns: 10, rows: 2))
        old.put("abcdef", at: GridPoint(column: 0, row: 1))
        var new = old
        new.put("X", at: GridPoint(column: 2, row: 1))
        new.cursor = GridPoint(column: 3, row: 0)
        let expected: [GridChange] = [
            .cells(at: GridPoint(column: 2, row: 1), [Cell(glyph: "X")]),
            .cursor(GridPoint(column: 3, row: 0)),
        ]
        #expect(new.changes(since: old) == expected)
    }

    @Test func `text stays in its row and width and is counted`() {
        let seed = freshSeed()
        var random = RandomSource(seed: seed)
        for _ in 0..<2000 {
            var grid = Grid(size: GridSize(columns: 20, rows: 3))
            grid.fill(GridRect(column: 0, row: 0, columns: 20, rows: 3), with: ".", role: .dim)
            let point = GridPoint(column: random.coordinate(), row: random.coordinate())
            let width = random.coordinate()
            let text = random.text(upTo: 10)
            let used = grid.put(text, at: point, role: .error, width: width)
            #expect(used >= 0 && used <= max(0, width), "seed \(seed)")
            let area = GridRect(column: point.column, row: point.row, columns: used, rows: 1)
            for row in 0..<3 {
                for column in 0..<20 {
                    let place = GridPoint(column: column, row: row)
                    let inside = area.contains(place)
                    #expect((grid[place].role == .error) == inside, "seed \(seed) \(text.debugDescription) at \(place)")
                }
            }
            let room = min(width, 20 - max(0, min(point.column, 20)))
            if used > 0 {
                #expect(used == GlyphWidth.cells(of: GlyphWidth.prefix(of: text, cells: room)), "seed \(seed)")
            }
        }
    }

    @Test func `wide glyphs stay whole whatever is drawn`() {
        let seed = freshSeed()
        var random = RandomSource(seed: seed)
        for _ in 0..<300 {
            var grid = Grid(size: GridSize(columns: 17, rows: 5))
            random.draw(on: &grid, times: 20)
            for row in 0..<5 {
                for column in 0..<17 {
                    let cell = grid[GridPoint(column: column, row: row)]
                    let next = grid[GridPoint(column: column + 1, row: row)]
                    #expect((cell.part == .lead) == (next.part == .trail), "seed \(seed)")
                    if cell.part == .lead { #expect(next.role == cell.role, "seed \(seed)") }
                }
                #expect(
                    GlyphWidth.cells(of: grid.golden().split(separator: "\n")[row + 1].description) == 18,
                    "seed \(seed)")
            }
            #expect(grid.golden() == grid.golden())
        }
    }
}
