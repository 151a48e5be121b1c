internal import CellGrid
internal import SessionCommands
internal import SessionCore

extension Model {
    func drawValue(_ grid: inout Grid, _ rect: GridRect) {
        grid.box(
            rect, title: valueTitle, footer: "p \(valueView.title)  T vs \(diffBaseTitle)", focused: focus == .value)
        let inner = rect.inset(by: 1)
        let lines = valueLines(width: inner.columns)
        for (offset, line) in lines.dropFirst(valueScroll).prefix(inner.rows).enumerated() {
            grid.put(line, at: GridPoint(column: inner.column + 1, row: inner.row + offset), width: inner.columns - 1)
        }
    }

    private var valueTitle: String {
        guard let pointer = selectedPointer, let item = selectedKey else { return "3 Value" }
        let kind = item.node?.kind ?? item.before?.kind ?? .null
        return "3 Value \(pointer) : \(kind.rawValue)"
    }

    /// The lines of the value pane, for a width.
    func valueLines(width: Int) -> [ScreenLine] {
        guard let record = shownRecord else { return [] }
        switch valueView {
        case .tree: return treeLines(record, width: width) + conflictLines(record)
        case .text: return textLines(record, width: width)
        case .hex: return hexLines(record, width: width)
        case .stored: return storedLines(record, width: width)
        }
    }

    private func treeLines(_ record: LoadedRecord, width: Int) -> [ScreenLine] {
        guard let session = workspace.session else { return [] }
        guard let item = selectedKey, let pointer = selectedPointer else {
            guard let node = listedNode, node.childCount == nil else { return [] }
            if node.kind == .bytes { return hexLines(record, width: width) }
            return ValuePreview.tree(node.value, isRevealed: false).map { ScreenLine(text: $0) }
        }
        let isRevealed = !isMasked(item, pointer.tokens.last ?? "")
        guard isRevealed else { return [ScreenLine(text: "\(Secrets.mask) masked: x reveals it", role: .masked)] }
        let now = item.node?.value
        var lines: [ScreenLine] = []
        if let now {
            lines = ValuePreview.tree(now, isRevealed: keyList.revealed.contains(pointer.text)).map {
                ScreenLine(text: $0)
            }
        }
        let before = diffSavepoint == nil ? item.before : valueAtDiffBase(pointer, session: session)
        let changes =
            diffSavepoint == nil
            ? ValueChange.changes(of: item.node?.edit, base: before) : ValueChange.changes(from: before, to: now)
        guard !changes.isEmpty else { return lines }
        lines.append(ScreenLine(text: ""))
        lines.append(ScreenLine(text: "changed against \(diffBaseTitle):", role: .dim))
        for change in changes.prefix(100) {
            let line = Workspace.line(of: change)
            // The place itself is in the title; only places inside it are named.
            let text =
                change.path.isEmpty
                ? line.replacing("\(change.letter) \"\"", with: "\(change.letter)", maxReplacements: 1) : line
            lines.append(ScreenLine(text: text, role: Self.role(of: change.letter)))
        }
        return lines
    }

    private func valueAtDiffBase(_ pointer: JSONPointer, session: OpenSession) -> SessionValue? {
        guard let position = diffSavepoint, let place = workspace.place(of: pointer, in: session),
            let record = workspace.work.records[place.record]
        else { return nil }
        let root = workspace.work.savepoints[position].staged.node(of: record)
        return (try? root.path(to: place.pointer)).flatMap { root.node(at: $0)?.value }
    }

    private func conflictLines(_ record: LoadedRecord) -> [ScreenLine] {
        guard let conflict = workspace.conflicts[record.id] else { return [] }
        return [
            ScreenLine(text: ""),
            ScreenLine(text: "! the record \(conflict.words)", role: .conflict),
            ScreenLine(text: "  m merges, :diff store compares", role: .conflict),
        ]
    }

    /// The most bytes that are drawn of a payload.
    private static let longestShown = 16_384

    /// The payload without its wrappers; as it is stored, where it cannot be unwrapped.
    private func unwrapped(_ record: LoadedRecord) -> [UInt8]? {
        record.stored.map { stored in (try? record.format.unwrapped(stored.payload)) ?? stored.payload }
    }

    private var missingLines: [ScreenLine] { [ScreenLine(text: "not in the store", role: .dim)] }

    private func textLines(_ record: LoadedRecord, width: Int) -> [ScreenLine] {
        guard let payload = unwrapped(record) else { return missingLines }
        let items = record.format.listing(of: payload, in: 0..<min(payload.count, Self.longestShown))
        guard !items.isEmpty else { return lines(of: payload, width: width) }
        let shown = items.map { item in
            ScreenLine(
                text: String(item.range.lowerBound).paddedLeft(to: 6) + "  " + PrintableText.escaping(item.text))
        }
        return shown + cutNote(payload.count, shown: items.last?.range.upperBound ?? 0)
    }

    private func storedLines(_ record: LoadedRecord, width: Int) -> [ScreenLine] {
        record.stored.map { lines(of: $0.payload, width: width) } ?? missingLines
    }

    private func lines(of payload: [UInt8], width: Int) -> [ScreenLine] {
        let shown = PrintableText.escaping(payload.prefix(Self.longestShown))
        var lines: [ScreenLine] = []
        var rest = shown[...]
        while !rest.isEmpty {
            let line = rest.prefix(max(1, width - 2))
            lines.append(ScreenLine(text: String(line)))
            rest = rest.dropFirst(line.count)
        }
        return lines + cutNote(payload.count, shown: Self.longestShown)
    }

    private func hexLines(_ record: LoadedRecord, width: Int) -> [ScreenLine] {
        guard let payload = unwrapped(record) else { return missingLines }
        let perLine = width >= 78 ? 16 : 8
        var lines: [ScreenLine] = []
        for start in stride(from: 0, to: min(payload.count, Self.longestShown), by: perLine) {
            let bytes = payload[start..<min(start + perLine, payload.count)]
            let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
            let text = String(bytes.map { 0x20...0x7E ~= $0 ? Character(Unicode.Scalar($0)) : "." })
            let offset = String(start, radix: 16).paddedLeft(to: 5)
            lines.append(ScreenLine(text: "\(offset)  \(hex.padded(to: perLine * 3))  \(text)"))
        }
        return lines + cutNote(payload.count, shown: Self.longestShown)
    }

    private func cutNote(_ count: Int, shown: Int) -> [ScreenLine] {
        count > shown ? [ScreenLine(text: "… and \(Quantities.count(count - shown)) bytes more", role: .dim)] : []
    }
}
