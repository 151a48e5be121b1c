public import CellGrid
internal import SessionCommands
internal import SessionCore

extension Model {
    /// The screen.
    public func view() -> Grid {
        var grid = Grid(size: size)
        guard !isTooSmall else {
            grid.put("needs 60x16, now \(size.columns)x\(size.rows)", at: GridPoint(column: 0, row: 0), role: .warning)
            let more = popup == .confirmQuit ? "edits would be lost: y quits" : notice?.text ?? ""
            grid.put(more, at: GridPoint(column: 0, row: 1), role: .message)
            return grid
        }
        let layout = ScreenLayout(model: self)
        drawHeader(&grid)
        for (pane, rect) in layout.panes {
            switch pane {
            case .sessions: drawSessions(&grid, rect)
            case .keys: drawKeys(&grid, rect)
            case .value: drawValue(&grid, rect)
            case .savepoints: drawSavepoints(&grid, rect)
            case .backend: drawBackend(&grid, rect)
            }
        }
        if let log = layout.log { drawLog(&grid, log) }
        drawMessageLine(&grid, row: size.rows - 2)
        drawHintLine(&grid, row: size.rows - 1)
        if popup == nil, let tour { draw(tour, &grid, layout.body) }
        draw(popup, &grid, layout.body)
        return grid
    }

    /// What the store is for, as the config file says.
    private var label: String? {
        workspace.store.flatMap { $0.mark?.environment?.uppercased() ?? ($0.address == "demo:" ? "DEMO" : nil) }
    }

    private func drawHeader(_ grid: inout Grid) {
        let row = GridRect(column: 0, row: 0, columns: size.columns, rows: 1)
        grid.fill(row, role: .header)
        var parts: [String] = []
        if let store = workspace.store {
            parts.append(
                "\(store.mark?.name ?? store.address)\(label.map { " [\($0)]" } ?? "") \(store.isReadOnly ? "RO" : "RW")"
            )
        } else {
            parts.append("no store")
        }
        let dirty = workspace.work.edits.count
        let state =
            workspace.isCommitting
            ? "COMMITTING" : workspace.failedCommit != nil ? "FAILED" : workspace.isDoomed ? "DOOMED" : "OPEN"
        parts.append(
            "txn #\(workspace.transactionNumber) \(state)  \(dirty) dirty  \(Quantities.count(workspace.work.changeCount, "op"))\(workspace.isDraftPending ? " ~" : "")"
        )
        if let traffic = workspace.store?.traffic {
            let median = traffic.medianMicroseconds.map { "  p50 \(Quantities.milliseconds($0))" } ?? ""
            parts.append("rt \(traffic.total)\(median)")
        }
        if let request = requests.values.first(where: { $0.isQuiet && $0.purpose == .command }),
            case .running = workspace.store?.scan
        {
            parts.append(
                "\(request.title == "containers" ? "scan" : request.title) \(Quantities.count(index.keyCount))")
        }
        let alert =
            workspace.store?.traffic.trouble != nil
            ? " NO CONNECTION " : workspace.journalTrouble != nil ? " NO JOURNAL " : ""
        let width = size.columns - alert.count
        let text = GlyphWidth.truncated(" tidemark  " + parts.joined(separator: " | "), to: width)
        grid.put(text, at: GridPoint(column: 0, row: 0), role: .header, width: width)
        if workspace.store?.mark?.isProduction == true, let label, let place = text.firstRange(of: "[\(label)]") {
            let start = GlyphWidth.cells(of: String(text[..<place.lowerBound]))
            grid.restyle(
                GridRect(column: start, row: 0, columns: GlyphWidth.cells(of: label) + 2, rows: 1), role: .headerAlert)
        }
        grid.put(alert, endingAt: size.columns, row: 0, role: .headerAlert, width: alert.count)
    }

    private func drawMessageLine(_ grid: inout Grid, row: Int) {
        let start = GridPoint(column: 1, row: row)
        let width = size.columns - 2
        switch popup {
        case .prompt(let prompt):
            if let problem = prompt.problem {
                draw(Notice(weight: .failure, text: problem), &grid, lastRow: row - 1, width: width)
            }
            if case .edit = prompt.purpose {
                grid.put(
                    "\(prompt.label)  Enter stages, Esc leaves", at: start, role: .message, width: width
                )
            } else {
                draw(
                    prompt.input, label: prompt.label + (prompt.label == "/" ? "" : ": "), &grid, at: start,
                    width: width)
            }
        case .palette(let input, _):
            draw(input, label: ":", &grid, at: start, width: width)
            let matches = CommandSyntax.completions(of: String(input.text.prefix { $0 != " " }))
            let hint =
                matches.count == 1
                ? "\(matches[0].usage)  \(matches[0].summary)"
                : matches.prefix(8).map(\.name).joined(separator: " ")
            grid.put(
                hint, endingAt: size.columns - 1, row: row, role: .dim,
                width: max(0, width - GlyphWidth.cells(of: input.text) - 4))
        default:
            guard let notice = notice ?? wayOut else { return }
            draw(notice, &grid, lastRow: row, width: width)
        }
    }

    /// What is left to do in a transaction that cannot be committed; nil in any other.
    private var wayOut: Notice? {
        if workspace.failedCommit != nil {
            return Notice(
                weight: .failure,
                text: "the commit failed half way: D compares, A aborts and begins anew")
        }
        guard workspace.isDoomed else { return nil }
        return Notice(weight: .warning, text: "this transaction is doomed: A aborts it, u takes the doom back")
    }

    /// Draws what was said; a long sentence takes rows above, because its end says what to do.
    private func draw(_ notice: Notice, _ grid: inout Grid, lastRow: Int, width: Int) {
        let (mark, role): (String, Role) =
            switch notice.weight {
            case .done: ("", .message)
            case .waiting: ("~ ", .message)
            case .warning: ("! ", .warning)
            case .failure: ("! ", .error)
            }
        let lines = Self.wordWrapped(mark + Sanitizer.display(notice.text), to: width).prefix(5)
        let first = lastRow - lines.count + 1
        grid.fill(GridRect(column: 0, row: first, columns: size.columns, rows: lines.count), role: role)
        for (offset, line) in lines.enumerated() {
            grid.put(GlyphWidth.truncated(line, to: width), at: GridPoint(column: 1, row: first + offset), role: role)
        }
    }

    /// Draws a line being typed, scrolled so that its cursor is seen.
    func draw(_ input: TextInput, label: String, _ grid: inout Grid, at point: GridPoint, width: Int) {
        // A long label leaves half of the line to what is typed.
        let shownLabel = GlyphWidth.truncated(label, to: max(1, width / 2))
        let used = grid.put(shownLabel, at: point, role: .key, width: width)
        let room = max(1, width - used - 1)
        let before = String(input.text.prefix(input.cursor))
        var shown = before
        while GlyphWidth.cells(of: shown) > room, !shown.isEmpty { shown.removeFirst() }
        let start = point.column + used
        let after = String(input.text.dropFirst(input.cursor))
        grid.fill(GridRect(column: start, row: point.row, columns: room + 1, rows: 1), role: .input)
        let cells = grid.put(shown, at: GridPoint(column: start, row: point.row), role: .input, width: room)
        grid.put(after, at: GridPoint(column: start + cells, row: point.row), role: .input, width: room + 1 - cells)
        grid.cursor = GridPoint(column: min(start + cells, size.columns - 1), row: point.row)
    }

    private func drawHintLine(_ grid: inout Grid, row: Int) {
        var column = 1
        for (key, word) in hints {
            let needed = GlyphWidth.cells(of: key) + GlyphWidth.cells(of: word) + 1
            guard column + needed < size.columns else { break }
            column += grid.put(key, at: GridPoint(column: column, row: row), role: .key)
            column += 1 + grid.put(word, at: GridPoint(column: column + 1, row: row), role: .hint)
            column += 2
        }
    }

    private var hints: [(String, String)] {
        switch popup {
        case nil:
            return KeyTable.bindings.compactMap { binding in
                guard let hint = binding.hint, binding.works(in: focus), let key = binding.keys.first else {
                    return nil
                }
                return (key.name, hint)
            }
        case .merge(let cursor):
            let places = workspace.mergePlaces
            let hasBoth = places.indices.contains(cursor.selected) && places[cursor.selected].both != nil
            return [("o", "mine"), ("t", "the store's")] + (hasBoth ? [("B", "both")] : [])
                + [("e", "another value"), ("u", "undo"), ("j k", "choose"), ("Esc", "later")]
        case .unfinished: return [("Enter", "take up the newest"), ("Esc", "leave for later"), ("j k", "scroll")]
        case .review:
            return [("y", "commit"), ("w", "to a file"), ("Esc", "back, nothing is written"), ("j k", "scroll")]
        case .rollback: return [("j k", "choose"), ("Enter", "roll back"), ("Esc", "back")]
        case .text:
            let next = tour == nil ? [] : [("Space", "go on with the tour")]
            return next + [("Esc", "close"), ("j k PgDn PgUp", "scroll")]
        case .help: return [("type", "filter"), ("Enter", "run it"), ("Esc", "close")]
        case .palette: return [("Enter", "run"), ("Tab", "complete"), ("Up", "earlier lines"), ("Esc", "close")]
        case .prompt(let prompt):
            if case .filter = prompt.purpose { return [("Enter", "keep"), ("Esc", "clear"), ("Down Up", "move")] }
            return [("Enter", "take it"), ("Esc", "leave"), ("Ctrl-U", "clear")]
        case .confirmQuit: return [("y", "quit, edits are lost"), ("any other key", "stay")]
        }
    }
}
