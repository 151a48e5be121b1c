public import CellGrid
public import SessionCommands

/// What reaches the model.
public enum Message: Hashable, Sendable {
    /// The program starts on a store.
    case start(address: String)
    /// Something was typed, or the screen changed.
    case input(InputEvent)
    /// A store answered.
    case result(StoreResult)
    /// Another second has passed.
    case second
    /// The next part of a filter that is under way.
    case filterMore
}

/// What the model wants done.
public enum Effect: Hashable, Sendable {
    /// Ask a store.
    case store(StoreEffect)
    /// Give up a request.
    case cancel(RequestID)
    /// Send `filterMore` when everything typed so far is handled.
    case filterMore
    /// Put text on the clipboard.
    case copy(String)
    /// Draw everything again.
    case repaint
    /// Stop the program until it is continued.
    case suspend
    /// Use the mouse, or leave it to the terminal.
    case useMouse(Bool)
    /// End the program, as its user wants.
    case quit
    /// End the program, whose terminal is gone; nobody was asked whether edits may be lost.
    case hangUp
}
