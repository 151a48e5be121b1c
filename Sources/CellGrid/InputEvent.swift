/// What a terminal tells its reader.
public enum InputEvent: Hashable, Sendable {
    /// A key was typed.
    case key(Key)
    /// Text was pasted; it is one edit and never a row of keys, so a pasted `y` confirms nothing. Unsanitized.
    case paste(String)
    /// The mouse was used.
    case mouse(MouseEvent)
    /// The terminal has another size, or was taken back after being given away; draw everything.
    case resize(GridSize)
    /// The terminal is gone, or the process was asked to end: save and end, ask nothing.
    case hangup
}

/// One use of the mouse.
public struct MouseEvent: Hashable, Sendable {
    /// What was done.
    public enum Kind: Hashable, Sendable {
        /// The first button went down.
        case press
        /// The wheel turned away from the user.
        case wheelUp
        /// The wheel turned towards the user.
        case wheelDown
    }

    /// What was done.
    public var kind: Kind
    /// The cell it was done at.
    public var point: GridPoint

    /// Makes an event.
    public init(kind: Kind, point: GridPoint) {
        self.kind = kind
        self.point = point
    }
}
