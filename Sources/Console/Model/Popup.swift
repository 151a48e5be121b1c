public import SessionCommands
public import SessionCore

/// What lies over the panes and takes the keys.
public enum Popup: Hashable, Sendable {
    /// The keys of the focused pane; typing filters.
    case help(TextInput, ListCursor)
    /// A command is being typed.
    case palette(TextInput, history: Int?)
    /// Lines to read, such as a command's output.
    case text(TextPopup)
    /// The targets of a rollback, with a preview.
    case rollback(RollbackMenu)
    /// A plan and its lines, before it is made.
    case review(TextPopup, Plan)
    /// What both sides changed, to be decided place by place.
    case merge(ListCursor)
    /// What was staged when a program ended, to be taken up.
    case unfinished(TextPopup)
    /// Edits would be lost.
    case confirmQuit
    /// Something is asked for in one line.
    case prompt(Prompt)
}

/// Lines to read.
public struct TextPopup: Hashable, Sendable {
    /// What they are.
    public var title: String
    /// The lines.
    public var lines: [String]
    /// The first line drawn.
    public var scroll = 0

    init(title: String, lines: [String]) {
        self.title = title
        self.lines = lines
    }
}

/// A question of one line, and what the answer is for.
public struct Prompt: Hashable, Sendable {
    /// What the answer is for.
    public enum Purpose: Hashable, Sendable {
        /// The value at a place; typed where the value stands.
        case edit(JSONPointer, SessionValue.Kind)
        /// The name of a key to add at a place.
        case newKey(JSONPointer)
        /// The value of a key to add.
        case newValue(JSONPointer)
        /// A savepoint's name; may be empty.
        case savepoint
        /// A life.
        case timeToLive
        /// What the list is filtered by.
        case filter(Pane)
        /// The name of a store that wants it with each commit, for a plan that was reviewed; names of others that were given.
        case confirm(StoreMark, Plan, given: Set<String>)
        /// The file that a plan is written to.
        case planFile
        /// What a place that both sides changed is to hold.
        case merge(MergePlace)
    }

    /// What the answer is for.
    public var purpose: Purpose
    /// The answer so far.
    public var input: TextInput
    /// What is wrong with it.
    public var problem: String?

    /// The session that it is about; nil if it is about none.
    public var session: SessionID?

    init(_ purpose: Purpose, text: String = "", session: SessionID?) {
        self.purpose = purpose
        self.session = session
        self.input = TextInput(text)
    }

    /// The question.
    public var label: String {
        switch purpose {
        case .edit(let pointer, let kind): "edit \(pointer) (\(kind.rawValue))"
        case .newKey(let pointer): "add key to \(pointer.tokens.isEmpty ? "the session" : "\(pointer)")"
        case .newValue(let pointer): "value of \(pointer)"
        case .savepoint: "savepoint, name or nothing"
        case .timeToLive: "ttl: 90s, 30m, 12h, 14d or never"
        case .filter: "/"
        case .confirm(let mark, _, _):
            mark.isProduction ? "production: type \(mark.name) to commit" : "type \(mark.name) to commit"
        case .planFile: "write the plan to file"
        case .merge(let place): "merge \(place.pointer)"
        }
    }
}

/// The targets that a rollback can go to.
public struct RollbackMenu: Hashable, Sendable {
    /// One target.
    public struct Choice: Hashable, Sendable {
        /// What it is called.
        public var title: String
        /// The command that goes there.
        public var command: Command
        /// What would be undone.
        public var preview: [String]
    }

    /// The targets.
    public var choices: [Choice]
    /// The selected one.
    public var cursor = ListCursor()

    init(choices: [Choice]) {
        self.choices = choices
    }
}
