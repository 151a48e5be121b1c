public import SessionCommands

/// Which sessions the sessions pane lists, and where it stands.
public struct SessionList: Hashable, Sendable {
    /// The container whose sessions are listed; nil for those of all containers.
    public internal(set) var container: ContainerID?
    /// The selected line and the first one drawn.
    public internal(set) var cursor = ListCursor()
    /// What ids must contain; empty for no filter.
    public internal(set) var filter = ""
    /// Row numbers when they are not simply those of the index: filtered, or sorted.
    var rows: [Int32]?
    /// How many of the container's rows the filter has seen.
    var filtered = 0

    /// Rows that a filter looks at in one step, a few milliseconds' worth, so that keys are answered in between.
    static let filterStep = 50_000
    /// Up to so many sessions are sorted by id; more are listed as they were scanned.
    static let sortLimit = 20_000

    /// Whether ids are in order.
    public internal(set) var isSorted = false
    /// The containers, by title.
    public internal(set) var tabs: [ContainerID] = []
    /// Open sessions that the index does not have.
    public internal(set) var extras: [SessionID] = []
    /// Whether the sessions of the transaction are listed, instead of those of a container.
    public internal(set) var showsOpen = false
    /// The sessions that are to be opened together, in the order they were marked.
    public internal(set) var marked: [SessionID] = []
}

/// Where the keys pane stands.
public struct KeyList: Hashable, Sendable {
    /// The place whose keys are listed, by its steps.
    public internal(set) var path: [KeyStep] = []
    /// The selected line and the first one drawn.
    public internal(set) var cursor = ListCursor()
    /// What keys must contain; empty for no filter.
    public internal(set) var filter = ""
    /// Positions that the filter lets pass; nil without a filter.
    var positions: [Int]?
    /// The keys whose secret value is shown.
    public internal(set) var revealed: Set<String> = []
}

/// One step into the tree, with the line to return to.
public struct KeyStep: Hashable, Sendable {
    /// The pointer token.
    public var token: String
    /// The line that was selected.
    public var line: Int
}

/// How the value pane shows the selected value.
public enum ValueView: Int, Hashable, Sendable, CaseIterable {
    /// As a tree, with what is changed.
    case tree
    /// The payload without its wrappers as text, or the items it is made of, such as opcodes.
    case text
    /// The payload without its wrappers in hexadecimal.
    case hex
    /// The stored bytes as text.
    case stored

    /// The name on screen.
    public var title: String {
        switch self {
        case .tree: "tree"
        case .text: "text"
        case .hex: "hex"
        case .stored: "as stored"
        }
    }
}
