internal import CNcurses
public import CellGrid
internal import Dispatch
internal import Glibc

/// The terminal this process was started in, drawn on by ncurses.
///
/// At most one is open at a time, because curses keeps its state for the whole process. While it is open, standard
/// error, where it is the terminal, is kept and written out when the terminal is given back. However the process ends,
/// crashes included, the terminal is given back first; only SIGKILL leaves it as it is (`stty sane` and `reset` help).
@MainActor
public final class CursesTerminal: Terminal {
    private static var isOpen = false

    /// The present size in cells.
    public private(set) var size: GridSize
    /// Everything typed, in order; ends after `.hangup` or `close`.
    public let events: AsyncStream<InputEvent>

    private let continuation: AsyncStream<InputEvent>.Continuation
    private let screen: CursesScreen
    private let painter: CellPainter
    private var shown: Grid
    private var decoder = KeyDecoder()
    private var sources: [any DispatchSourceRead] = []
    private var isClosed = false

    /// The signal that asked the process to end, once `.hangup` came from one.
    ///
    /// A program that ends for it exits with 128 and this number, as a shell expects.
    public var endingSignal: Int32? {
        let signal = tm_guard_end_signal()
        return signal == 0 ? nil : signal
    }

    /// Takes the terminal.
    ///
    /// `ascii` true draws borders with `+-|` and every other character beyond ASCII as `?`; `nil` does so where the
    /// locale is not UTF-8. `COLUMNS` and `LINES` are not heard: the terminal driver knows better. Sets the C locale
    /// of the process from its environment.
    public static func open(theme: Theme, ascii: Bool? = nil) throws(TerminalError) -> CursesTerminal {
        guard !isOpen else { throw .alreadyOpen }
        let terminal = try CursesTerminal(screen: CursesScreen.open(), theme: theme, ascii: ascii)
        isOpen = true
        return terminal
    }

    private init(screen: CursesScreen, theme: Theme, ascii: Bool?) {
        self.screen = screen
        size = screen.size
        shown = Grid(size: screen.size)
        painter = CellPainter(theme: theme, ascii: ascii ?? !screen.isUTF8)
        (events, continuation) = AsyncStream.makeStream(of: InputEvent.self)
        listen(to: screen.descriptor) { $0.readInput() }
        listen(to: screen.notices) { $0.readNotices() }
        screen.take()
        screen.redraw()
    }

    private func listen(to descriptor: Int32, _ handle: @escaping @MainActor (CursesTerminal) -> Void) {
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
        source.setEventHandler { [weak self] in
            // Any thread may serve the main queue; each needs a signal stack of its own.
            tm_guard_thread()
            if let self { handle(self) }
        }
        source.resume()
        sources.append(source)
    }

    // MARK: Drawing

    /// Shows a grid; draws what differs from what is shown.
    public func show(_ grid: Grid) {
        guard !isClosed else { return }
        tm_guard_thread()
        var next = Grid(size: size)
        next.apply(grid.changes(since: Grid(size: grid.size)))
        draw(next.changes(since: shown))
        shown = next
        screen.refresh(cursor: shown.cursor)
    }

    /// Draws everything that is shown once more.
    public func repaint() {
        guard !isClosed else { return }
        screen.redraw()
    }

    private func draw(_ changes: [GridChange]) {
        for case .cells(let start, let run) in changes {
            for (offset, cell) in run.enumerated() {
                painter.draw(
                    cell, column: start.column + offset, row: start.row, columns: size.columns, on: screen.window
                )
            }
        }
    }

    /// Reads the size again, brings what is shown to it, and tells the reader.
    private func adopt(_ newSize: GridSize) {
        if newSize != size {
            screen.resize(to: newSize)
            size = newSize
            let before = shown
            shown = Grid(size: size)
            show(before)
        }
        continuation.yield(.resize(size))
    }

    // MARK: Input

    private func readInput() {
        guard !isClosed else { return }
        var input = screen.read()
        if input == nil, screen.isGone {
            end()
            return
        }
        while let next = input {
            if next == .code(KEY_MOUSE) {
                if let event = screen.readMouse() { continuation.yield(.mouse(event)) }
            } else if let event = decoder.event(next) {
                continuation.yield(event)
            }
            input = screen.read()
        }
    }

    private func readNotices() {
        for notice in screen.readNotices() where !isClosed {
            switch notice {
            case .resized: adopt(screen.presentSize ?? size)
            case .continued: resume()
            case .askedToStop: suspend()
            case .askedToEnd: end()
            }
        }
    }

    /// Says that it is over, and reads no more: a closed terminal is readable for ever.
    private func end() {
        for source in sources { source.cancel() }
        sources = []
        continuation.yield(.hangup)
        continuation.finish()
    }

    // MARK: Giving the terminal away

    /// Gives the terminal back and stops the process group; returns when it is continued.
    public func suspend() {
        guard !isClosed else { return }
        screen.give()
        tm_stop_group()
        resume()
        // What was noticed meanwhile is dealt with, but for a request to end.
        if screen.readNotices().contains(.askedToEnd) { end() }
    }

    private func resume() {
        screen.take()
        screen.redraw()
        screen.refresh(cursor: shown.cursor)
        adopt(screen.presentSize ?? size)
    }

    /// Switches mouse events on or off.
    public func setMouse(enabled: Bool) {
        guard !isClosed else { return }
        screen.setMouse(enabled: enabled)
    }

    /// Asks the terminal to put a text on the clipboard (OSC 52).
    public func copyToClipboard(_ text: String) {
        guard !isClosed else { return }
        screen.write(Array("\u{1B}]52;c;".utf8) + base64(text) + [0x07])
    }

    /// Gives the terminal back as it was found.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        for source in sources { source.cancel() }
        sources = []
        continuation.finish()
        screen.close()
        Self.isOpen = false
    }
}
