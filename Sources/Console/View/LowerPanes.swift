internal import CellGrid
internal import SessionCommands
internal import SessionCore

extension Model {
    func drawSavepoints(_ grid: inout Grid, _ rect: GridRect) {
        grid.box(rect, title: "4 Savepoints", footer: "s set  b roll back", focused: focus == .savepoints)
        let inner = rect.inset(by: 1)
        let work = workspace.work
        var rows: [(String, String, String)] = [("base", "", "0 ops")]
        rows += work.savepoints.map {
            ("\($0.number) \($0.name)", Quantities.timeOfDay($0.moment), Quantities.count($0.changeCount, "op"))
        }
        let first = savepointCursor.firstLine(height: max(1, inner.rows - 1), of: rows.count)
        let shown = rows.dropFirst(first).prefix(max(1, inner.rows - 1))
        for (offset, row) in shown.enumerated() {
            draw(row, &grid, inner, offset: offset)
            guard first + offset == savepointCursor.selected else { continue }
            let line = GridRect(column: inner.column, row: inner.row + offset, columns: inner.columns, rows: 1)
            grid.put(">", at: GridPoint(column: inner.column, row: inner.row + offset), role: .selected)
            grid.restyle(line, role: focus == .savepoints ? .selected : .selectedDim)
        }
        if shown.count < inner.rows {
            draw(("now", "", Quantities.count(work.changeCount, "op")), &grid, inner, offset: shown.count)
        }
    }

    private func draw(_ row: (String, String, String), _ grid: inout Grid, _ inner: GridRect, offset: Int) {
        let line = inner.row + offset
        guard line < inner.bottom else { return }
        let hasTime = inner.columns >= 32
        let tail = hasTime ? row.1.padded(to: 9) + row.2.paddedLeft(to: 7) : row.2.paddedLeft(to: 7)
        let width = inner.columns - 2 - tail.count
        grid.put(
            GlyphWidth.truncated(row.0, to: width), at: GridPoint(column: inner.column + 2, row: line), width: width)
        grid.put(tail, endingAt: inner.right, row: line, role: .dim, width: tail.count)
    }

    func drawBackend(_ grid: inout Grid, _ rect: GridRect) {
        grid.box(rect, title: "5 Backend", focused: focus == .backend)
        let inner = rect.inset(by: 1)
        for (offset, line) in backendLines.prefix(inner.rows).enumerated() {
            grid.put(line, at: GridPoint(column: inner.column + 1, row: inner.row + offset), width: inner.columns - 1)
        }
    }

    private var backendLines: [ScreenLine] {
        guard let store = workspace.store else { return [ScreenLine(text: "no store", role: .dim)] }
        let traffic = store.traffic
        var lines: [ScreenLine] = []
        if let trouble = traffic.trouble { lines.append(ScreenLine(text: "! \(trouble)", role: .error)) }
        let kinds = RoundTrip.Purpose.allCases.compactMap { purpose in
            traffic.trips[purpose].map { "\(purpose.rawValue) \($0)" }
        }
        let last = traffic.recent.last.map { "   last \(Quantities.milliseconds($0.microseconds))" } ?? ""
        lines.append(ScreenLine(text: "trips \(traffic.total): \(kinds.joined(separator: ", "))\(last)"))
        let dirty = workspace.work.edits.sorted { $0.key < $1.key }.map { id, edit in
            "\(workspace.conflicts[id] == nil ? "*" : "!") \(shortened(id.key.description, to: 24)) \(edit.changeCount)"
        }
        let title = dirty.isEmpty ? "dirty: nothing" : "dirty: " + dirty.joined(separator: " | ")
        lines.append(
            ScreenLine(text: title, role: dirty.isEmpty ? .dim : workspace.conflicts.isEmpty ? .dirty : .conflict))
        if let trip = traffic.recent.last { lines.append(ScreenLine(text: "sent \(trip.summary)", role: .dim)) }
        lines.append(
            ScreenLine(
                text:
                    "\(store.facts.product), \(Quantities.bytes(traffic.bytesOut)) out, \(Quantities.bytes(traffic.bytesIn)) in, "
                    + "\(Quantities.count(traffic.failures, "failure"))",
                role: .dim))
        if focus == .backend || zoom != .normal {
            lines += traffic.recent.suffix(100).reversed().map { ScreenLine(text: Workspace.line(of: $0), role: .dim) }
        }
        return lines
    }

    func drawLog(_ grid: inout Grid, _ rect: GridRect) {
        grid.box(rect, title: "@ Log", focused: false)
        let inner = rect.inset(by: 1)
        for (offset, line) in log.suffix(inner.rows).reversed().enumerated() {
            let text = "\(Quantities.timeOfDay(line.moment)) \(line.text)"
            grid.put(
                GlyphWidth.truncated(text, to: inner.columns),
                at: GridPoint(column: inner.column, row: inner.row + offset),
                role: line.isFailure ? .error : .dim, width: inner.columns)
        }
    }

    /// The log and the newest round trips, newest first.
    var logLines: [String] {
        let events = log.map { ($0.moment, "\(Quantities.timeOfDay($0.moment)) \($0.isFailure ? "! " : "")\($0.text)") }
        let trips = workspace.store?.traffic.recent.map { ($0.start, "\(Workspace.line(of: $0))") } ?? []
        let lines = (events + trips).enumerated().sorted { ($0.element.0, $0.offset) > ($1.element.0, $1.offset) }
        return lines.isEmpty ? ["nothing happened yet"] : lines.map(\.element.1)
    }
}
