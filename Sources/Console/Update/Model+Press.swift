internal import CellGrid
internal import SessionCommands
internal import SessionCore

extension Model {
    /// Whether the screen is too small for anything but a sentence.
    var isTooSmall: Bool { size.columns < 60 || size.rows < 16 }

    mutating func press(_ key: Key) -> [Effect] {
        if key == .control("c") { return act(.cancel) }
        if isTooSmall {
            return pressWhenTooSmall(key)
        }
        if let popup { return press(key, in: popup) }
        guard let binding = KeyTable.binding(of: key, in: focus) else { return [] }
        if notice?.weight != .waiting { notice = nil }
        return act(binding.action)
    }

    private mutating func pressWhenTooSmall(_ key: Key) -> [Effect] {
        if popup == .confirmQuit { return press(key, in: .confirmQuit) }
        switch KeyTable.binding(of: key, in: focus)?.action {
        case .quit: return leave()
        case .suspend: return [.suspend]
        case .help: notice = Notice(weight: .done, text: "q quits, Ctrl-Z suspends")
        default: break
        }
        return []
    }

    mutating func paste(_ text: String) -> [Effect] {
        // A paste is typed into a line or dropped; it never presses keys.
        switch popup {
        case .prompt(var prompt):
            prompt.input.insert(text)
            popup = .prompt(prompt)
            return changed(prompt)
        case .palette(var input, let history):
            input.insert(text)
            popup = .palette(input, history: history)
        case .help(var input, _):
            input.insert(text)
            popup = .help(input, ListCursor())
        default: break
        }
        return []
    }

    mutating func point(_ event: MouseEvent) -> [Effect] {
        guard !isTooSmall, popup == nil else { return [] }
        let layout = ScreenLayout(model: self)
        guard let (pane, rect) = layout.panes.first(where: { $0.rect.contains(event.point) }) else { return [] }
        switch event.kind {
        case .press:
            focus = pane
            let line = event.point.row - rect.row - 1 - (pane == .sessions || pane == .keys ? 1 : 0)
            if line >= 0 { selectLine(line, in: pane, height: layout.listHeight(pane)) }
        case .wheelDown: move(by: 3, in: pane)
        case .wheelUp: move(by: -3, in: pane)
        }
        return []
    }

    private mutating func selectLine(_ line: Int, in pane: Pane, height: Int) {
        switch pane {
        case .sessions:
            let first = sessionList.cursor.firstLine(height: height, of: sessionCount)
            sessionList.cursor.select(first + line, of: sessionCount)
        case .keys:
            let count = keyLines.count
            keyList.cursor.select(keyList.cursor.firstLine(height: height, of: count) + line, of: count)
        case .savepoints: savepointCursor.select(line, of: workspace.work.savepoints.count + 1)
        case .value, .backend: break
        }
    }

    /// Moves the selection of a pane, or scrolls it.
    mutating func move(by lines: Int, in pane: Pane) {
        switch pane {
        case .sessions: sessionList.cursor.move(by: lines, of: sessionCount)
        case .keys:
            keyList.cursor.move(by: lines, of: keyLines.count)
            valueScroll = 0
        case .savepoints: savepointCursor.move(by: lines, of: workspace.work.savepoints.count + 1)
        case .value: valueScroll = max(0, valueScroll.addingReportingOverflow(lines).partialValue)
        case .backend: break
        }
    }

    /// Remembers the lines that are drawn, so that lists stay where they are.
    mutating func settleScrolling() {
        guard !isTooSmall else { return }
        let layout = ScreenLayout(model: self)
        sessionList.cursor.settle(height: layout.listHeight(.sessions), of: sessionCount)
        keyList.cursor.settle(height: layout.listHeight(.keys), of: keyLines.count)
        savepointCursor.settle(height: layout.listHeight(.savepoints), of: workspace.work.savepoints.count + 1)
        valueScroll = max(0, min(valueScroll, valueLines(width: layout.width(.value)).count - 1))
    }
}
