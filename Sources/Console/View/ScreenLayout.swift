internal import CellGrid

/// Where everything stands on a screen of some size.
struct ScreenLayout: Hashable {
    /// The panes that are drawn, and where.
    private(set) var panes: [(pane: Pane, rect: GridRect)] = []
    /// The log's place; nil where there is no room.
    private(set) var log: GridRect?
    /// All between header and message line.
    let body: GridRect

    static func == (left: ScreenLayout, right: ScreenLayout) -> Bool {
        left.panes.elementsEqual(right.panes) { $0.pane == $1.pane && $0.rect == $1.rect } && left.log == right.log
    }

    func hash(into hasher: inout Hasher) { hasher.combine(body) }

    init(model: Model) {
        let size = model.size
        body = GridRect(column: 0, row: 1, columns: size.columns, rows: max(0, size.rows - 3))
        if model.zoom == .full || size.columns < 80 {
            panes = [(model.focus, body)]
            return
        }
        let isWide = size.columns >= 100 && size.rows >= 28
        let left = isWide ? size.columns * 36 / 100 : size.columns / 3
        let strip = isWide ? 6 : 0
        let leftRect = GridRect(column: 0, row: body.row, columns: left, rows: body.rows - strip)
        let rightRect = GridRect(
            column: left, row: body.row, columns: size.columns - left, rows: body.rows - strip)
        placeLeft(leftRect, model: model)
        placeRight(rightRect, model: model, hasBackend: !isWide)
        guard isWide else { return }
        log = GridRect(column: 0, row: body.bottom - strip, columns: left, rows: strip)
        panes.append(
            (.backend, GridRect(column: left, row: body.bottom - strip, columns: size.columns - left, rows: strip)))
    }

    private mutating func placeLeft(_ rect: GridRect, model: Model) {
        if model.zoom == .half, model.focus == .sessions || model.focus == .savepoints {
            panes.append((model.focus, rect))
            return
        }
        let below = max(6, rect.rows * 3 / 10)
        panes.append(
            (.sessions, GridRect(column: rect.column, row: rect.row, columns: rect.columns, rows: rect.rows - below)))
        panes.append(
            (.savepoints, GridRect(column: rect.column, row: rect.bottom - below, columns: rect.columns, rows: below)))
    }

    private mutating func placeRight(_ rect: GridRect, model: Model, hasBackend: Bool) {
        if model.zoom == .half, model.focus != .sessions, model.focus != .savepoints {
            panes.append((model.focus, rect))
            return
        }
        let backend = hasBackend ? 4 : 0
        let value = (rect.rows - backend) * 45 / 100
        let keys = rect.rows - backend - value
        panes.append((.keys, GridRect(column: rect.column, row: rect.row, columns: rect.columns, rows: keys)))
        panes.append((.value, GridRect(column: rect.column, row: rect.row + keys, columns: rect.columns, rows: value)))
        if hasBackend {
            panes.append(
                (
                    .backend,
                    GridRect(column: rect.column, row: rect.bottom - backend, columns: rect.columns, rows: backend)
                ))
        }
    }

    /// The place of a pane; nil if it is not drawn.
    func rect(of pane: Pane) -> GridRect? { panes.first { $0.pane == pane }?.rect }

    /// Lines of a list that are drawn in a pane; 1 if it is not drawn.
    func listHeight(_ pane: Pane) -> Int {
        guard let rect = rect(of: pane) else { return 1 }
        return max(1, rect.rows - 2 - (pane == .sessions || pane == .keys ? 1 : 0))
    }

    /// Columns inside a pane; 60 if it is not drawn.
    func width(_ pane: Pane) -> Int { rect(of: pane).map { max(1, $0.columns - 2) } ?? 60 }
}

/// A line of text that means one thing.
struct ScreenLine: Hashable {
    var text: String
    var role: Role = .text
}

extension Grid {
    /// Draws a line at a place, cut at a width.
    mutating func put(_ line: ScreenLine, at point: GridPoint, width: Int) {
        put(line.text, at: point, role: line.role, width: width)
    }

    /// Draws text so that it ends at a column.
    mutating func put(_ text: String, endingAt column: Int, row: Int, role: Role, width: Int) {
        let shown = GlyphWidth.truncated(text, to: width)
        put(shown, at: GridPoint(column: column - GlyphWidth.cells(of: shown), row: row), role: role, width: width)
    }
}
