public import CellGrid
public import SessionCommands
public import SessionCore

/// Everything the console knows: the workspace, and what is on the screen.
///
/// A value without I/O, curses or clock. `update` takes a message and returns effects; `view` draws it into a grid.
public struct Model: Hashable, Sendable {
    /// The size of the screen.
    public internal(set) var size: GridSize
    /// The present moment, as of the last message.
    public internal(set) var now: Timestamp
    /// The machine behind the commands.
    public internal(set) var workspace: Workspace
    /// The pane that has the focus.
    public internal(set) var focus = Pane.sessions
    /// How much of the screen it takes.
    public internal(set) var zoom = Zoom.normal
    /// The sessions pane.
    public internal(set) var sessionList = SessionList()
    /// The keys pane.
    public internal(set) var keyList = KeyList()
    /// The first line of the value pane.
    public internal(set) var valueScroll = 0
    /// How the value pane shows the value.
    public internal(set) var valueView = ValueView.tree
    /// The position of the savepoint that differences are shown against; nil for the base.
    public internal(set) var diffSavepoint: Int?
    /// The savepoints pane.
    public internal(set) var savepointCursor = ListCursor()
    /// What lies over the panes.
    public internal(set) var popup: Popup?
    /// The message line; nil for the pane's hint alone.
    public internal(set) var notice: Notice?
    /// What happened, oldest first.
    public internal(set) var log: [LogLine] = []
    /// The tour, while it lasts.
    public internal(set) var tour: Tour?
    /// Whether the mouse is used.
    public internal(set) var usesMouse = false
    /// Requests under way: what they are, for the message line, and whether they may be cancelled.
    public internal(set) var requests: [RequestID: RunningRequest] = [:]
    /// Lines that were typed in the palette, oldest first.
    var paletteHistory: [String] = []
    /// The session that was asked for last in the list; answers may come in another order.
    var lastOpened: SessionID?
    /// The store that the program was started on.
    var startAddress = ""

    /// Lines that the log keeps.
    static let logLimit = 1000

    /// A console of a size, over a workspace.
    public init(size: GridSize, workspace: Workspace, tour: Tour? = nil, now: Timestamp) {
        self.size = size
        self.workspace = workspace
        self.tour = tour
        self.now = now
    }
}

/// A request that an answer is awaited for.
public struct RunningRequest: Hashable, Sendable {
    /// What it does.
    public var title: String
    /// Whether Ctrl-C may end it: a commit may not, because nobody would know what was written.
    public var isCancellable: Bool
    /// Whether its output belongs into the log only.
    var isQuiet: Bool
    /// What it was made for.
    var purpose = Purpose.command

    /// What a request is made for.
    enum Purpose: Hashable, Sendable {
        case command
        /// The journal writes along.
        case keeping
        /// What an earlier program left is looked for.
        case unfinished
        /// Open sessions are looked at.
        case watch
    }
}
