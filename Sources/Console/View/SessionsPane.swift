internal import CellGrid
internal import OrderedCollections
internal import SessionCommands
internal import SessionCore

extension Model {
    func drawSessions(_ grid: inout Grid, _ rect: GridRect) {
        let isFocused = focus == .sessions
        grid.box(rect, title: sessionsTitle, footer: sessionsFooter, focused: isFocused)
        let inner = rect.inset(by: 1)
        guard inner.rows > 1 else { return }
        let hasSize = inner.columns >= 32
        let tail = hasSize ? "fw   size   ttl" : "fw   ttl"
        grid.put("   session", at: GridPoint(column: inner.column, row: inner.row), role: .dim, width: inner.columns)
        grid.put(tail, endingAt: inner.right, row: inner.row, role: .dim, width: inner.columns)
        let count = sessionCount
        let height = inner.rows - 1
        guard count > 0 else {
            for (index, text) in emptySessionsText.enumerated() where index < height {
                grid.put(
                    text, at: GridPoint(column: inner.column + 1, row: inner.row + 1 + index), role: .dim,
                    width: inner.columns - 1)
            }
            return
        }
        let first = sessionList.cursor.firstLine(height: height, of: count)
        for offset in 0..<min(height, count - first) {
            guard let line = sessionLine(at: first + offset) else { continue }
            let row = inner.row + 1 + offset
            draw(
                line, &grid, GridRect(column: inner.column, row: row, columns: inner.columns, rows: 1), hasSize: hasSize
            )
            if first + offset == sessionList.cursor.selected {
                grid.put(">", at: GridPoint(column: inner.column, row: row), role: .selected)
                grid.restyle(
                    GridRect(column: inner.column, row: row, columns: inner.columns, rows: 1),
                    role: isFocused ? .selected : .selectedDim)
            }
        }
    }

    private func draw(_ line: SessionLine, _ grid: inout Grid, _ rect: GridRect, hasSize: Bool) {
        let mark = sessionMark(line.session)
        let role: Role = mark == "!" ? .conflict : mark == "*" ? .dirty : .text
        grid.put(String(mark), at: GridPoint(column: rect.column + 1, row: rect.row), role: role)
        let life = line.expiry.map { Quantities.life($0, at: now) } ?? "new"
        let label = frameworkLabel(line.session)
        let size = line.size.map { Quantities.bytes(Int($0)) } ?? "-"
        let tail =
            hasSize
            ? label.padded(to: 3) + size.paddedLeft(to: 6) + life.paddedLeft(to: 6)
            : label.padded(to: 3) + life.paddedLeft(to: 5)
        let width = rect.columns - 3 - tail.count - 1
        if sessionList.marked.contains(line.session) {
            grid.put("+", at: GridPoint(column: rect.column + 2, row: rect.row), role: .key)
        }
        let isNamed = sessionList.container == nil && sessionList.tabs.count > 1 && !line.session.container.name.isEmpty
        // The id tells sessions apart, so the container's name takes a third at most.
        let name = isNamed ? GlyphWidth.truncated(line.session.container.title, to: max(4, width / 3)) + " " : ""
        let open = workspace.sessions[line.session]
        let title =
            name
            + shortened(
                open.map { workspace.title(of: $0) } ?? line.session.title, to: width - GlyphWidth.cells(of: name))
        grid.put(title, at: GridPoint(column: rect.column + 3, row: rect.row), role: role, width: width)
        grid.put(tail, endingAt: rect.right, row: rect.row, role: .dim, width: tail.count)
        if workspace.isLocked(line.session, at: now) {
            // A blank of the tail behind the label; a long life leaves none there, only before the id.
            let start = rect.right - tail.count
            let column = hasSize ? start + 4 : life.count < 5 ? start + 3 : rect.column + 2
            grid.put("L", at: GridPoint(column: column, row: rect.row), role: .conflict)
        }
    }

    /// `!` conflict, `*` dirty, `o` open, else blank.
    func sessionMark(_ session: SessionID) -> Character {
        guard let open = workspace.sessions[session] else { return " " }
        if open.parts.contains(where: { workspace.conflicts[$0.record] != nil }) { return "!" }
        if open.parts.contains(where: { workspace.work.isDirty($0.record) }) { return "*" }
        return "o"
    }

    private func frameworkLabel(_ session: SessionID) -> String {
        workspace.profile(of: session)?.label ?? "??"
    }

    private var sessionsTitle: String {
        let tab = containerMark + (sessionList.showsOpen ? "open" : sessionList.container?.title ?? "all")
        let filter = sessionList.filter.isEmpty ? "" : " /\(sessionList.filter)"
        let total = unfilteredCount + (sessionList.filter.isEmpty ? sessionList.extras.count : 0)
        let count =
            filter.isEmpty
            ? Quantities.count(max(total, sessionCount))
            : "\(Quantities.count(sessionCount))/\(Quantities.count(total))"
        // Container and filter matter more than the pane's name where both are to be told.
        return filter.isEmpty ? "1 Sessions \(tab) \(count)" : "1 \(tab) \(count)\(filter)"
    }

    /// `*` if any session of the container that is listed is dirty, `!` if one has a conflict.
    private var containerMark: String {
        let marks = workspace.sessions.keys.filter {
            sessionList.container == nil || $0.container == sessionList.container
        }.map(sessionMark)
        return marks.contains("!") ? "!" : marks.contains("*") ? "*" : ""
    }

    private var sessionsFooter: String {
        if !sessionList.marked.isEmpty { return "\(sessionList.marked.count) marked: Enter opens" }
        if sessionList.showsOpen { return "[ ] container  opened" }
        switch workspace.store?.scan {
        case .running:
            guard let total = workspace.store?.facts.recordCount, total > 0 else { return "scanning" }
            return "scanning \(min(99, index.keyCount * 100 / total))%"
        case .failed: return "scan incomplete"
        default: return sessionList.isSorted ? "[ ] container  by id" : "[ ] container  as scanned"
        }
    }

    private var emptySessionsText: [String] {
        if sessionList.showsOpen, sessionList.filter.isEmpty { return ["no session is open", "[ ] lists containers"] }
        return emptyContainerText
    }

    private var emptyContainerText: [String] {
        switch workspace.store?.scan {
        case nil:
            workspace.isWaiting
                ? ["connecting …"] : ["no store is open", "R tries again", ": attach HOST:PORT opens one"]
        case .running: ["scanning …"]
        case .failed(let reason): ["no list:", reason, ": open KEY opens a session", "R tries again"]
        case .complete, .some(.none):
            sessionList.filter.isEmpty
                ? ["no sessions here", ": use NAME tidemark, then", ": open ID makes one"]
                : ["nothing matches /\(sessionList.filter)", "Esc clears the filter"]
        }
    }
}

extension Model {
    /// Text with its middle left out where it is too long: ids differ at both ends.
    func shortened(_ text: String, to width: Int) -> String {
        guard GlyphWidth.cells(of: text) > width, width > 8 else {
            return GlyphWidth.truncated(text, to: max(0, width))
        }
        let tail = String(text.suffix(4))
        return GlyphWidth.prefix(of: text, cells: width - 2 - GlyphWidth.cells(of: tail)) + ".." + tail
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
    func paddedLeft(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
