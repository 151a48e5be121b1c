/// A screen to show grids on and a keyboard to read.
///
/// **When called.** Everything happens on the main actor. One reader takes `events` from start to end, and shows a grid
/// when it has dealt with what it took. The owner calls `close` before the process ends, however it ends; all other
/// calls after that do nothing.
///
/// **May it fail.** No call fails. A terminal that goes away while open says so with `.hangup`, ends `events`, and
/// from then on draws nothing. Whether there is a usable terminal at all is decided when an implementation is made.
///
/// **What holds after.** After `show` the screen is the grid, cut or padded with blanks where sizes differ. After
/// `close` the terminal is as it was found: its screen, cursor, modes and line discipline.
@MainActor
public protocol Terminal: AnyObject {
    /// The present size in cells; the last `.resize` said the same.
    var size: GridSize { get }

    /// Everything typed, in order; ends after `.hangup` or `close`. For one reader.
    var events: AsyncStream<InputEvent> { get }

    /// Shows a grid. Draws what differs from what is shown, so an equal grid costs a comparison.
    func show(_ grid: Grid)

    /// Draws everything that is shown once more, for a screen on which something else has written.
    func repaint()

    /// Gives the terminal back and stops the process group, as Ctrl-Z does in other programs.
    ///
    /// Returns when the process is continued, with the terminal taken again; `.resize` with the present size follows.
    func suspend()

    /// Switches mouse events on or off; off at first, because they take away the terminal's own selection.
    func setMouse(enabled: Bool)

    /// Asks the terminal to put a text on the clipboard (OSC 52). Not every terminal does; there is no answer.
    func copyToClipboard(_ text: String)

    /// Gives the terminal back as it was found. Calling it again does nothing.
    func close()
}
