internal import CellGrid
internal import SessionCommands
internal import SessionCore

extension Model {
    /// The places that both sides changed, a line each, and below them the values of the selected one.
    func drawMerge(_ cursor: ListCursor, _ grid: inout Grid, _ body: GridRect) {
        let places = workspace.mergePlaces
        guard places.indices.contains(cursor.selected) else { return }
        let selected = places[cursor.selected]
        let columns = body.columns - 8
        let sides: [(name: String, value: SessionValue?)] = [
            ("base", selected.conflict.base), ("mine", selected.conflict.mine), ("store", selected.conflict.theirs),
        ]
        let detail = sides.map { side in
            Self.wrapped("\(side.name): \(selected.text(side.value))", to: columns).prefix(3).map { $0 }
        }
        let lines = places.count + detail.reduce(0) { $0 + $1.count } + 3
        let rect = GridRect(
            column: 2, row: body.row + max(0, (body.rows - lines - 2) / 2), columns: body.columns - 4,
            rows: min(body.rows, lines + 2))
        grid.fill(rect, role: .popup)
        grid.box(rect, title: "Merge: changed here and in the store", focused: true)
        let inner = rect.inset(by: 1)
        let width = (inner.columns - 2) / 4
        let table = inner.rows - detail.reduce(0) { $0 + $1.count } - 2
        for (number, title) in ["place", "base", "mine", "store"].enumerated() {
            grid.put(
                title, at: GridPoint(column: inner.column + 2 + number * width, row: inner.row), role: .dim,
                width: width - 1)
        }
        let first = cursor.firstLine(height: max(1, table - 1), of: places.count)
        for (offset, place) in places.dropFirst(first).prefix(max(1, table - 1)).enumerated() {
            let row = inner.row + 1 + offset
            let texts =
                [place.title] + [place.conflict.base, place.conflict.mine, place.conflict.theirs].map(place.text)
            for (number, text) in texts.enumerated() {
                let isChosen = place.choice == .mine && number == 2 || place.choice == .theirs && number == 3
                grid.put(
                    isChosen ? "✓ \(text)" : text, at: GridPoint(column: inner.column + 2 + number * width, row: row),
                    role: number > 0 && place.choice == nil ? .conflict : .popup, width: width - 1)
            }
            grid.put(place.choice == nil ? "!" : "✓", at: GridPoint(column: inner.column, row: row), role: .conflict)
            if first + offset == cursor.selected {
                grid.put(">", at: GridPoint(column: inner.column + 1, row: row), role: .selected)
                grid.restyle(GridRect(column: inner.column, row: row, columns: inner.columns, rows: 1), role: .selected)
            }
        }
        var row = inner.bottom - detail.reduce(0) { $0 + $1.count }
        let result = selected.choice.map { "decided: \(Self.words(of: $0, selected))" } ?? Self.question(selected)
        grid.put(result, at: GridPoint(column: inner.column + 1, row: row - 1), role: .key, width: inner.columns - 2)
        for line in detail.joined() {
            grid.put(line, at: GridPoint(column: inner.column + 1, row: row), role: .popup, width: inner.columns - 2)
            row += 1
        }
    }

    private static func words(of choice: MergeChoice, _ place: MergePlace) -> String {
        switch choice {
        case .mine: "mine"
        case .theirs: "the store's"
        case .value(let value): place.text(value)
        }
    }

    private static func question(_ place: MergePlace) -> String {
        place.isGone
            ? "\(place.session.title) is gone from the store: o makes it anew with your edits, t drops them"
            : "\(place.title): which is it to be?"
    }
}
