/// What a key does; a key of a command does just what the command does.
public enum Action: Hashable, Sendable {
    case help, palette, filter
    case nextPane, previousPane
    case pane(Pane)
    case nextTab, previousTab
    case zoomIn, zoomOut
    case back, quit
    case undo, redo, refresh, repaint
    case log, suspend, cancel, mouse
    case down, up, pageDown, pageUp, first, last
    case right, left, open
    case copyValue, copyKey, info
    case edit, add, delete, timeToLive, view, reveal
    case mark, markRange
    case savepoint, rollback, commit, merge, watch, abort, diff, diffBase
    case nextTourStep
}
