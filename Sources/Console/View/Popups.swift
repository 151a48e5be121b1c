internal import CellGrid
internal import SessionCommands
internal import SessionCore

extension Model {
    func draw(_ popup: Popup?, _ grid: inout Grid, _ body: GridRect) {
        switch popup {
        case nil, .prompt, .palette: break
        case .text(let text), .unfinished(let text): draw(text, &grid, body)
        case .review(let text, _): draw(text, &grid, body)
        case .help(let input, let cursor): drawHelp(input, cursor, &grid, body)
        case .rollback(let menu): draw(menu, &grid, body)
        case .merge(let cursor): drawMerge(cursor, &grid, body)
        case .confirmQuit:
            let lines =
                workspace.isCommitting
                ? [
                    "A commit is under way; nobody would know how it ends.",
                    "y quits all the same, any other key stays",
                ]
                : [
                    "\(Quantities.count(workspace.work.changeCount, "change")) staged and not committed would be lost.",
                    "y quits, any other key stays",
                ]
            draw(TextPopup(title: "Quit?", lines: lines), &grid, body)
        }
    }

    private func frame(_ grid: inout Grid, _ body: GridRect, lines: Int, title: String, footer: String = "") -> GridRect
    {
        let columns = min(body.columns - 4, max(60, body.columns * 8 / 10))
        let rows = min(body.rows, max(5, lines + 2))
        let rect = GridRect(
            column: (body.columns - columns) / 2, row: body.row + (body.rows - rows) / 2, columns: columns, rows: rows)
        grid.fill(rect, role: .popup)
        grid.box(rect, title: title, footer: footer, focused: true)
        return rect.inset(by: 1)
    }

    private func draw(_ text: TextPopup, _ grid: inout Grid, _ body: GridRect) {
        let columns = min(body.columns - 4, max(60, body.columns * 8 / 10)) - 4
        let wrapped = text.lines.flatMap { Self.wrapped($0, to: columns) }
        let start = min(text.scroll, max(0, wrapped.count - 1))
        let inner = frame(
            &grid, body, lines: wrapped.count, title: text.title,
            footer: wrapped.count > body.rows - 2 ? "\(start + 1) of \(wrapped.count)" : "")
        for (offset, line) in wrapped.dropFirst(start).prefix(inner.rows).enumerated() {
            let role: Role =
                switch line.drop(while: { $0 == " " }).prefix(2) {
                case "A ": .added
                case "M ": .modified
                case "D ": .deleted
                case "! ": .error
                default: .popup
                }
            grid.put(
                line, at: GridPoint(column: inner.column + 1, row: inner.row + offset), role: role,
                width: inner.columns - 2)
        }
    }

    /// A line in parts that fit; what goes on is indented.
    static func wrapped(_ line: String, to width: Int) -> [String] {
        guard width > 10, GlyphWidth.cells(of: line) > width else { return [line] }
        var parts: [String] = []
        var rest = line[...]
        while !rest.isEmpty, parts.count < 200 {
            let indent = parts.isEmpty ? "" : "    "
            let part = GlyphWidth.prefix(of: String(rest.prefix(width)), cells: width - indent.count)
            guard !part.isEmpty else { break }
            parts.append(indent + part)
            rest = rest.dropFirst(part.count)
        }
        return parts
    }

    private func drawHelp(_ input: TextInput, _ cursor: ListCursor, _ grid: inout Grid, _ body: GridRect) {
        let bindings = helpBindings(matching: input.text)
        let inner = frame(
            &grid, body, lines: bindings.count + 1, title: "Help: \(focus.title)", footer: "Enter runs it  Esc closes")
        draw(
            input, label: "/", &grid, at: GridPoint(column: inner.column + 1, row: inner.row), width: inner.columns - 2)
        let height = inner.rows - 1
        let first = cursor.firstLine(height: height, of: bindings.count)
        for (offset, binding) in bindings.dropFirst(first).prefix(height).enumerated() {
            let row = inner.row + 1 + offset
            grid.put(binding.keyNames, at: GridPoint(column: inner.column + 2, row: row), role: .key, width: 16)
            grid.put(
                binding.help, at: GridPoint(column: inner.column + 19, row: row), role: .popup,
                width: inner.columns - 20)
            if first + offset == cursor.selected {
                grid.put(">", at: GridPoint(column: inner.column, row: row), role: .selected)
                grid.restyle(GridRect(column: inner.column, row: row, columns: inner.columns, rows: 1), role: .selected)
            }
        }
    }

    private func draw(_ menu: RollbackMenu, _ grid: inout Grid, _ body: GridRect) {
        let preview =
            menu.choices.indices.contains(menu.cursor.selected) ? menu.choices[menu.cursor.selected].preview : []
        let inner = frame(
            &grid, body, lines: menu.choices.count + preview.count + 2, title: "Roll back to",
            footer: "Enter rolls back  Esc leaves")
        let height = min(menu.choices.count, max(1, inner.rows / 2))
        let first = menu.cursor.firstLine(height: height, of: menu.choices.count)
        for (offset, choice) in menu.choices.dropFirst(first).prefix(height).enumerated() {
            let row = inner.row + offset
            grid.put(
                choice.title, at: GridPoint(column: inner.column + 2, row: row), role: .popup, width: inner.columns - 2)
            if first + offset == menu.cursor.selected {
                grid.put(">", at: GridPoint(column: inner.column, row: row), role: .selected)
                grid.restyle(GridRect(column: inner.column, row: row, columns: inner.columns, rows: 1), role: .selected)
            }
        }
        let start = inner.row + height
        guard start + 1 < inner.bottom else { return }
        grid.put(
            "would be undone:", at: GridPoint(column: inner.column + 1, row: start), role: .dim,
            width: inner.columns - 1)
        for (offset, line) in preview.prefix(inner.bottom - start - 1).enumerated() {
            grid.put(
                line, at: GridPoint(column: inner.column + 2, row: start + 1 + offset), role: .popup,
                width: inner.columns - 3)
        }
    }

    func draw(_ tour: Tour, _ grid: inout Grid, _ body: GridRect) {
        guard let step = tour.step else { return }
        let lines = Self.wordWrapped(step.text, to: size.columns - 6)
        let rows = lines.count + 3
        let rect = GridRect(column: 0, row: body.bottom - rows, columns: body.columns, rows: rows)
        grid.fill(rect, role: .popup)
        grid.box(
            rect, title: "Tour \(tour.position + 1) of \(tour.steps.count)", footer: "Space goes on  Esc ends the tour",
            focused: true)
        for (offset, line) in lines.enumerated() {
            grid.put(line, at: GridPoint(column: 2, row: rect.row + 1 + offset), role: .popup)
        }
        if let command = step.command {
            grid.put(": \(command)", at: GridPoint(column: 2, row: rect.row + 1 + lines.count), role: .key)
        }
    }

    static func wordWrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if !last.isEmpty, GlyphWidth.cells(of: last) + 1 + GlyphWidth.cells(of: String(word)) > width {
                lines.append(String(word))
            } else {
                lines[lines.count - 1] = last.isEmpty ? String(word) : last + " " + word
            }
        }
        return lines
    }
}
