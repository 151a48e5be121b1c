public import CellGrid

/// One binding: the keys, what they do, where, and how it is said.
public struct KeyBinding: Hashable, Sendable {
    /// Keys that do it; the first is shown in hints.
    public let keys: [Key]
    /// What they do.
    public let action: Action
    /// The panes it works in; nil for all.
    public let panes: [Pane]?
    /// What it does, for help.
    public let help: String
    /// One word for the hint line; nil to leave it out.
    public let hint: String?

    /// Whether it works in a pane.
    public func works(in pane: Pane) -> Bool { panes?.contains(pane) ?? true }

    /// The keys as they are shown.
    public var keyNames: String { keys.map(\.name).joined(separator: " ") }
}

/// All key bindings.
///
/// Update, hint line, help and the manual read this one table.
public enum KeyTable {
    private static func bind(
        _ keys: Key..., to action: Action, in panes: [Pane]? = nil, _ help: String, hint: String? = nil
    ) -> KeyBinding {
        KeyBinding(keys: keys, action: action, panes: panes, help: help, hint: hint)
    }

    private static let lists: [Pane] = [.sessions, .keys, .savepoints]

    /// The bindings, those for the focused pane's own work first.
    public static let bindings: [KeyBinding] = [
        bind(.enter, to: .open, in: [.sessions], "open the session, or all that are marked", hint: "open"),
        bind(.enter, to: .open, in: [.keys], "go into the map or list, or edit the value"),
        bind(.enter, to: .rollback, in: [.savepoints], "roll back, with a preview"),
        bind(.character("e"), to: .edit, in: [.keys, .value], "edit the value", hint: "edit"),
        bind(.character("a"), to: .add, in: [.keys, .value], "add a key or element", hint: "add"),
        bind(.character("d"), .delete, to: .delete, in: [.keys, .value], "delete the key (staged)", hint: "del"),
        bind(.character("d"), .delete, to: .delete, in: [.sessions], "destroy the session (staged)", hint: "destroy"),
        bind(
            .character(" "), to: .mark, in: [.sessions],
            "mark the session, to open several at once; while the tour lasts, go on with it"),
        bind(.character("v"), to: .markRange, in: [.sessions], "mark all from the last mark to here"),
        bind(.character("t"), to: .timeToLive, in: [.sessions, .keys, .value], "set the session's life (staged)"),
        bind(.character("p"), to: .view, "show the value as tree, text, in hex, as stored"),
        bind(.character("x"), to: .reveal, in: [.keys, .value], "reveal or mask a secret value"),
        bind(.character("u"), to: .undo, "undo the last step", hint: "undo"),
        bind(.control("r"), .character("U"), to: .redo, "redo"),
        bind(.character("s"), to: .savepoint, "set a savepoint", hint: "save"),
        bind(.character("b"), to: .rollback, "roll back: base, savepoints, this key only", hint: "back"),
        bind(.character("c"), to: .commit, "commit: opens the review, then y", hint: "commit"),
        bind(.character("m"), to: .merge, "merge what changed here and in the store"),
        bind(.character("w"), to: .watch, "watch open sessions on or off"),
        bind(.character("A"), to: .abort, "abort: drop everything staged"),
        bind(.character("D"), to: .diff, "everything that is staged"),
        bind(.character("T"), to: .diffBase, "compare with base or the next savepoint"),
        bind(.character("/"), to: .filter, in: [.sessions, .keys], "filter as you type", hint: "find"),
        bind(.character(":"), to: .palette, "type a command", hint: "cmd"),
        bind(.character("?"), to: .help, "help for this pane; type to filter, Enter runs it", hint: "help"),
        bind(.character("j"), .down, to: .down, "down"),
        bind(.character("k"), .up, to: .up, "up"),
        bind(.control("d"), .pageDown, to: .pageDown, "a page down"),
        bind(.control("u"), .pageUp, to: .pageUp, "a page up"),
        bind(.character("g"), .home, to: .first, "first line"),
        bind(.character("G"), .end, to: .last, "last line"),
        bind(.character("l"), .right, to: .right, "into the map or list, or the pane to the right"),
        bind(.character("h"), .left, to: .left, "out of the map or list, or the pane to the left"),
        bind(.tab, to: .nextPane, "next pane"),
        bind(.backTab, to: .previousPane, "previous pane"),
        bind(.character("1"), to: .pane(.sessions), "sessions"),
        bind(.character("2"), to: .pane(.keys), "keys"),
        bind(.character("3"), to: .pane(.value), "value"),
        bind(.character("4"), to: .pane(.savepoints), "savepoints"),
        bind(.character("5"), to: .pane(.backend), "backend"),
        bind(.character("]"), to: .nextTab, "next container; open sessions are between all and the first"),
        bind(.character("["), to: .previousTab, "previous container"),
        bind(.character("+"), to: .zoomIn, "zoom the pane: half, full"),
        bind(.character("_"), to: .zoomOut, "zoom back"),
        bind(.character("y"), to: .copyValue, in: [.keys, .value], "copy the value"),
        bind(.character("Y"), to: .copyKey, in: [.sessions, .keys], "copy the key"),
        bind(
            .character("i"), to: .info, in: [.sessions, .keys, .value],
            "about the record: flags, life, revision, size, lock"),
        bind(.character("R"), to: .refresh, "read again from the store"),
        bind(.character("@"), to: .log, "log: events and round trips"),
        bind(.control("l"), to: .repaint, "repaint the screen"),
        bind(.character("M"), to: .mouse, "mouse on or off"),
        bind(.control("c"), to: .cancel, "cancel the running request, else quit"),
        bind(.control("z"), to: .suspend, "suspend"),
        bind(
            .character(" "), to: .nextTourStep, in: [.keys, .value, .savepoints, .backend], "go on with the tour"),
        bind(.escape, to: .back, "close, clear the filter, back"),
        bind(.character("q"), to: .quit, "back; at the top level quit"),
    ]

    /// The binding of a key in a pane; the pane's own before the general ones.
    public static func binding(of key: Key, in pane: Pane) -> KeyBinding? {
        let matches = bindings.lazy.filter { $0.keys.contains(key) && $0.works(in: pane) }
        return matches.first { $0.panes != nil } ?? matches.first
    }
}
