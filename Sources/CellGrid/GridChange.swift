/// One step from a grid to the next.
public enum GridChange: Hashable, Sendable {
    /// The grid has another size; all of it is blank.
    case resize(GridSize)
    /// A run of cells in one row, beginning at a point.
    case cells(at: GridPoint, [Cell])
    /// The cursor moved or was hidden.
    case cursor(GridPoint?)
}

extension Grid {
    /// The steps that make `old` equal to this grid, row by row.
    ///
    /// Equal grids give none. Where the sizes differ, the first step is the resize and all that is not blank follows.
    /// Costs one comparison per cell.
    public func changes(since old: Grid) -> [GridChange] {
        var changes: [GridChange] = []
        var before = old
        if old.size != size {
            before = Grid(size: size)
            before.cursor = old.cursor
            changes.append(.resize(size))
        }
        for row in 0..<size.rows {
            let start = row * size.columns
            var column = 0
            while column < size.columns {
                guard cells[start + column] != before.cells[start + column] else {
                    column += 1
                    continue
                }
                let first = column
                while column < size.columns, cells[start + column] != before.cells[start + column] { column += 1 }
                let run = Array(cells[(start + first)..<(start + column)])
                changes.append(.cells(at: GridPoint(column: first, row: row), run))
            }
        }
        if cursor != before.cursor { changes.append(.cursor(cursor)) }
        return changes
    }

    /// Takes the steps of ``changes(since:)``, in order.
    ///
    /// Meant for the grid they were made against; on another grid, cells that lie outside are left out.
    public mutating func apply(_ changes: [GridChange]) {
        for change in changes {
            switch change {
            case .resize(let newSize):
                let kept = cursor
                self = Grid(size: newSize)
                cursor = kept
            case .cells(let point, let run):
                for (offset, cell) in run.enumerated() {
                    let (column, overflow) = point.column.addingReportingOverflow(offset)
                    let place = GridPoint(column: column, row: point.row)
                    if !overflow, contains(place) { cells[place.row * size.columns + place.column] = cell }
                }
            case .cursor(let point):
                cursor = point
            }
        }
    }
}
