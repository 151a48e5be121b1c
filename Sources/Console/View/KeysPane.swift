internal import CellGrid
internal import SessionCommands
internal import SessionCore

extension Model {
    func drawKeys(_ grid: inout Grid, _ rect: GridRect) {
        let isFocused = focus == .keys
        grid.box(rect, title: keysTitle, footer: keysFooter, focused: isFocused)
        let inner = rect.inset(by: 1)
        guard inner.rows > 1 else { return }
        let lines = keyLines
        let count = lines.count
        let hasType = inner.columns >= 56
        let keyWidth = min(18, max(8, inner.columns / 3))
        let valueColumn = inner.column + 3 + keyWidth + 1 + (hasType ? 8 : 0)
        grid.put(
            "   " + "key".padded(to: keyWidth + 1) + (hasType ? "type    " : "") + "value",
            at: GridPoint(column: inner.column, row: inner.row), role: .dim, width: inner.columns)
        guard count > 0 else {
            for (index, text) in emptyKeysText.flatMap({ Self.wordWrapped($0, to: inner.columns - 2) }).enumerated()
            where index < inner.rows - 1 {
                grid.put(
                    text, at: GridPoint(column: inner.column + 1, row: inner.row + 1 + index), role: .dim,
                    width: inner.columns - 1)
            }
            return
        }
        let height = inner.rows - 1
        let first = keyList.cursor.firstLine(height: height, of: count)
        for offset in 0..<min(height, count - first) {
            let position = first + offset
            let row = inner.row + 1 + offset
            let lineRect = GridRect(column: inner.column, row: row, columns: inner.columns, rows: 1)
            let value = lines.value(at: position)
            let token = lines.token(at: position) ?? ""
            let letter = value?.letter ?? packageLetter(token)
            let role = Self.role(of: letter)
            grid.put(String(letter), at: GridPoint(column: inner.column + 1, row: row), role: role)
            grid.put(
                GlyphWidth.truncated(token, to: keyWidth), at: GridPoint(column: inner.column + 3, row: row),
                role: role, width: keyWidth)
            if hasType {
                let kind = value.map { ($0.node?.kind ?? $0.before?.kind ?? .null).rawValue } ?? "package"
                grid.put(kind, at: GridPoint(column: valueColumn - 8, row: row), role: .dim, width: 7)
            }
            let width = max(0, inner.right - valueColumn)
            grid.put(
                GlyphWidth.truncated(summary(of: value, token: token), to: width),
                at: GridPoint(column: valueColumn, row: row), role: isMasked(value, token) ? .masked : role,
                width: width)
            if position == keyList.cursor.selected {
                grid.put(">", at: GridPoint(column: inner.column, row: row), role: .selected)
                grid.restyle(lineRect, role: isFocused ? .selected : .selectedDim)
                drawInlineEdit(&grid, at: GridPoint(column: valueColumn, row: row), width: width, token: token)
            }
        }
    }

    private func drawInlineEdit(_ grid: inout Grid, at point: GridPoint, width: Int, token: String) {
        guard case .prompt(let prompt) = popup, case .edit(let pointer, _) = prompt.purpose,
            pointer == keyPointer.appending(token)
        else { return }
        draw(prompt.input, label: "", &grid, at: point, width: width)
    }

    /// The mark of a package that has a record of its own.
    private func packageLetter(_ package: String) -> Character {
        guard let part = workspace.session?.parts.first(where: { $0.package == package }),
            workspace.work.isDirty(part.record)
        else { return " " }
        if workspace.work.edit(of: part.record).isDestroyed { return "D" }
        return workspace.work.records[part.record]?.stored == nil ? "A" : "M"
    }

    static func role(of letter: Character) -> Role {
        switch letter {
        case "A": .added
        case "D": .deleted
        case "M": .modified
        default: .text
        }
    }

    /// Whether a line's value is a secret that nobody asked for.
    func isMasked(_ value: ListedValue?, _ token: String) -> Bool {
        guard let value, Secrets.isSecret([value.step]) else { return false }
        return !keyList.revealed.contains(keyPointer.appending(token).text)
    }

    private func summary(of value: ListedValue?, token: String) -> String {
        guard let value else { return "a record of its own" }
        if isMasked(value, token) {
            return "\(Secrets.mask) (masked: x reveals)"
        }
        func text(_ value: SessionValue) -> String { ValuePreview.line(value) }
        switch (value.letter, value.before, value.node) {
        case ("M", let before?, let node?) where node.childCount != nil && before.childCount != nil:
            // What is changed inside says more than two long values side by side.
            let changes = ValueChange.changes(of: node.edit, base: before).map { Workspace.line(of: $0) }
            guard let first = changes.first, !first.contains("\"\"") else { fallthrough }
            let shown = first.hasPrefix("M ") ? String(first.dropFirst(2)) : first
            return changes.count == 1 ? shown : "\(shown)  and \(changes.count - 1) more"
        case ("M", let before?, let node?): return "\(text(before)) -> \(text(node.value))"
        case (_, _, let node?): return text(node.edit == nil ? node.base ?? .null : node.value)
        case (_, let before?, nil): return text(before)
        default: return ""
        }
    }

    private var keysTitle: String {
        guard let open = workspace.session else { return "2 Keys" }
        var letters: [Character: Int] = [:]
        var isDestroyed = false
        for part in open.parts {
            let edit = workspace.work.edit(of: part.record)
            isDestroyed = isDestroyed || edit.isDestroyed
            for change in ValueChange.changes(of: edit.tree, base: workspace.work.records[part.record]?.tree) {
                letters[change.letter, default: 0] += 1
            }
        }
        let marks =
            isDestroyed
            ? " DESTROYED" : "MAD".compactMap { letter in letters[letter].map { " \(letter)\($0)" } }.joined()
        let place = keyList.path.isEmpty ? "" : " \(keyPointer)"
        let filter = keyList.filter.isEmpty ? "" : " /\(keyList.filter)"
        return "2 Keys \(shortened(workspace.title(of: open), to: 24))\(place)\(filter)\(marks)"
    }

    private var keysFooter: String {
        guard let record = shownRecord else { return "" }
        guard let stored = record.stored else { return "not in the store yet" }
        let edit = workspace.work.edit(of: record.id)
        let life =
            edit.lifetime.map { "ttl -> \(Quantities.lifetime($0))" }
            ?? "ttl \(Quantities.life(stored.expiry, at: now))"
        let access = record.readOnlyReason == nil ? "" : " | read-only inside"
        let danger = record.dangers.isEmpty ? "" : " | DANGER (i)"
        return "\(record.format.name) | flags \(stored.flags) | \(life)\(access)\(danger)"
    }

    private var emptyKeysText: [String] {
        guard let session = workspace.session else { return ["no session is open; Enter opens the selected one"] }
        if session.parts.contains(where: { workspace.work.edit(of: $0.record).isDestroyed }) {
            return ["the session is deleted at commit", "u takes that back"]
        }
        if !keyList.filter.isEmpty { return ["nothing matches /\(keyList.filter)", "Esc clears the filter"] }
        if let node = listedNode, node.childCount == nil {
            return [shownRecord?.readOnlyReason ?? "", "p in the value pane shows it as stored, in hex"]
        }
        return ["empty; a adds a key"]
    }
}
