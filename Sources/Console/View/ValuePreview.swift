internal import OrderedCollections
internal import SessionCommands
internal import SessionCore

/// Values cut to what a screen can show, so that drawing costs the screen's size, not the value's.
enum ValuePreview {
    /// Lines that a tree is cut at.
    static let lineLimit = 500
    /// Values inside a collection that one line shows.
    private static let lineItems = 12

    /// A value on one line, secrets masked, long collections and texts cut.
    static func line(_ value: SessionValue) -> String {
        Notation.text(of: Secrets.masked(cut(value, depth: 4)))
    }

    private static func cut(_ value: SessionValue, depth: Int) -> SessionValue {
        switch value {
        case .string(let text): text.utf8.count > 400 ? .string(String(text.prefix(400)) + "…") : value
        case .bytes(let bytes): bytes.count > 200 ? .bytes(Array(bytes.prefix(200))) : value
        case .list(let values): .list(cut(values, depth: depth))
        case .tuple(let values): .tuple(cut(values, depth: depth))
        case .set(let values): .set(cut(values, depth: depth))
        case .map(let map):
            depth == 0
                ? .string("{…}")
                : .map(
                    SessionMap(
                        map.elements.prefix(lineItems).map { ($0.key, cut($0.value, depth: depth - 1)) },
                        uniquingKeysWith: { $1 }))
        default: value
        }
    }

    private static func cut(_ values: [SessionValue], depth: Int) -> [SessionValue] {
        depth == 0 ? [] : values.prefix(lineItems).map { cut($0, depth: depth - 1) }
    }

    /// A value as an indented tree of at most `lineLimit` lines; `isRevealed` shows secrets.
    static func tree(_ value: SessionValue, isRevealed: Bool) -> [String] {
        var lines: [String] = []
        append(value, prefix: "", indent: 0, isRevealed: isRevealed, to: &lines)
        if lines.count > lineLimit {
            lines.removeLast(lines.count - lineLimit)
            lines.append("… more; Enter in the keys pane goes inside")
        }
        return lines
    }

    private static func append(
        _ value: SessionValue, prefix: String, indent: Int, isRevealed: Bool, to lines: inout [String]
    ) {
        guard lines.count <= lineLimit else { return }
        let margin = String(repeating: "  ", count: min(indent, 40))
        func children(_ items: some Sequence<(String, SessionValue)>, _ open: String, _ close: String) {
            lines.append(margin + prefix + open)
            for (prefix, item) in items {
                guard lines.count <= lineLimit else { return }
                append(item, prefix: prefix, indent: indent + 1, isRevealed: isRevealed, to: &lines)
            }
            lines.append(margin + close)
        }
        switch value {
        case .map(let map) where !map.isEmpty:
            let items = map.elements.lazy.map { key, value -> (String, SessionValue) in
                let shown = !isRevealed && Secrets.isSecret(key) ? SessionValue.string(Secrets.mask) : value
                return ("\(Notation.text(of: key)): ", shown)
            }
            children(items, "{", "}")
        case .list(let values) where !values.isEmpty: children(values.lazy.map { ("", $0) }, "[", "]")
        case .tuple(let values) where !values.isEmpty: children(values.lazy.map { ("", $0) }, "tuple(", ")")
        case .set(let values) where !values.isEmpty: children(values.lazy.map { ("", $0) }, "set(", ")")
        case .object(let name, let state): children([("", state)], "object(\(Notation.text(of: .string(name))), ", ")")
        default: lines.append(margin + prefix + Notation.text(of: cut(value, depth: 1)))
        }
    }
}
