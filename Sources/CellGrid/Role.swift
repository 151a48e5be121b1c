/// What a cell means; a terminal's theme decides how that looks.
///
/// A state is never told by its role alone: wherever a role stands for a state, a letter or sign in the text says the
/// same, so that a screen without colour still shows everything.
public enum Role: String, Hashable, Sendable, CaseIterable {
    /// Ordinary text.
    case text
    /// Text of less weight.
    case dim
    /// The border of a pane without focus.
    case border
    /// The border of the pane with focus.
    case borderFocused
    /// The title of a pane without focus.
    case title
    /// The title of the pane with focus.
    case titleFocused
    /// The header line.
    case header
    /// A part of the header line that warns, such as the name of a production store.
    case headerAlert
    /// The row under the cursor in the pane with focus.
    case selected
    /// The row under the cursor in a pane without focus.
    case selectedDim
    /// What an edit added.
    case added
    /// What an edit changed.
    case modified
    /// What an edit deleted.
    case deleted
    /// What someone else changed meanwhile.
    case conflict
    /// Something that holds edits.
    case dirty
    /// A value kept from view.
    case masked
    /// The name of a key in the hint line.
    case key
    /// What a key does, in the hint line.
    case hint
    /// The message line.
    case message
    /// A warning.
    case warning
    /// An error.
    case error
    /// A place the filter or search matched.
    case match
    /// An input field.
    case input
    /// The ground of a window that lies over others.
    case popup
    /// A number in a value.
    case number
    /// A string in a value.
    case string

    /// The letter that stands for the role in a golden's role map; each role has its own.
    var mapLetter: Character {
        switch self {
        case .text: "."
        case .dim: "d"
        case .border: "b"
        case .borderFocused: "B"
        case .title: "t"
        case .titleFocused: "T"
        case .header: "h"
        case .headerAlert: "H"
        case .selected: "s"
        case .selectedDim: "S"
        case .added: "+"
        case .modified: "~"
        case .deleted: "-"
        case .conflict: "!"
        case .dirty: "*"
        case .masked: "m"
        case .key: "k"
        case .hint: "i"
        case .message: "g"
        case .warning: "w"
        case .error: "e"
        case .match: "/"
        case .input: "_"
        case .popup: "p"
        case .number: "#"
        case .string: "q"
        }
    }
}
