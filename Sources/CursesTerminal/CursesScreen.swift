internal import CNcurses
internal import CellGrid
internal import Glibc

/// The curses side of the terminal: one screen, one window over all of it, and the guard that gives it back.
@MainActor
final class CursesScreen {
    /// What a signal handler noticed.
    enum Notice: UInt8 {
        case resized = 0x77
        case continued = 0x63
        case askedToStop = 0x7A
        case askedToEnd = 0x68
    }

    /// The terminal, for reading and writing.
    let descriptor: Int32
    /// From where the notices of signal handlers are read.
    let notices: Int32
    /// Whether the locale's character set is UTF-8.
    let isUTF8: Bool
    /// The size when the screen was opened or last resized.
    private(set) var size: GridSize
    private(set) var window: UnsafeMutablePointer<WINDOW>

    /// Errors in a row after which reading waits for the next event.
    private static let unreadableLimit = 64

    private let stream: UnsafeMutablePointer<FILE>
    private let screen: OpaquePointer
    private let restore: [UInt8]
    private var shellModes: termios
    private var isOurs = false

    /// Opens the controlling terminal, or says why that is no use.
    static func open() throws(TerminalError) -> CursesScreen {
        guard isatty(STDIN_FILENO) == 1 else { throw .notATerminal(stream: "input") }
        guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal(stream: "output") }
        guard let found = getenv("TERM"), found.pointee != 0 else { throw .typeNotSet }
        let type = String(cString: found)
        let isUTF8 = setLocale()
        guard let stream = fopen("/dev/tty", "r+e") else { throw .cannotOpen(errno: errno) }
        let descriptor = fileno(stream)
        do throws(TerminalError) {
            guard let size = TerminalModes.size(of: descriptor) else { throw TerminalError.noSize }
            var modes = termios()
            guard tcgetattr(descriptor, &modes) == 0 else { throw TerminalError.cannotOpen(errno: errno) }
            let notices = tm_guard_start()
            guard notices >= 0 else { throw TerminalError.cannotOpen(errno: errno) }
            let (screen, window) = try start(type, stream)
            return CursesScreen(
                descriptor: descriptor, notices: notices, isUTF8: isUTF8,
                size: GridSize(columns: size.columns, rows: size.rows), window: window, stream: stream,
                screen: screen, shellModes: modes
            )
        } catch {
            tm_guard_stop()
            fclose(stream)
            throw error
        }
    }

    private init(
        descriptor: Int32, notices: Int32, isUTF8: Bool, size: GridSize, window: UnsafeMutablePointer<WINDOW>,
        stream: UnsafeMutablePointer<FILE>, screen: OpaquePointer, shellModes: termios
    ) {
        self.descriptor = descriptor
        self.notices = notices
        self.isUTF8 = isUTF8
        self.size = size
        self.window = window
        self.stream = stream
        self.screen = screen
        self.shellModes = shellModes
        restore = TerminalModes.restore()
        raw()
        noecho()
        nonl()
        // 25 ms tell a lone Esc from the beginning of a key's bytes; the default of a second feels broken.
        if getenv("ESCDELAY") == nil { set_escdelay(25) }
        mouseinterval(0)
        define_key(TerminalModes.pasteBegin, Int32(TM_KEY_PASTE_BEGIN))
        define_key(TerminalModes.pasteEnd, Int32(TM_KEY_PASTE_END))
        // LINES and COLUMNS in the environment win over the driver in newterm.
        resize(to: size)
    }

    /// Starts curses for a kind of terminal, or for a common kind where the database does not know this one, as on a
    /// server that lacks the entry of a newer emulator.
    private static func start(
        _ type: String, _ stream: UnsafeMutablePointer<FILE>
    ) throws(TerminalError) -> (OpaquePointer, UnsafeMutablePointer<WINDOW>) {
        for name in [type, "xterm-256color", "xterm", "vt100", "ansi"] {
            guard let screen = newterm(name, stream, stream) else { continue }
            guard TerminalModes.string(of: "cup") != nil, let window = newwin(0, 0, 0, 0) else {
                endwin()
                delscreen(screen)
                throw .cannotAddressCursor(type)
            }
            return (screen, window)
        }
        throw .typeUnknown(type)
    }

    /// Sets the locale from the environment; true where characters are UTF-8.
    private static func setLocale() -> Bool {
        // A locale that is named but not generated, usual in containers, fails; C.UTF-8 is part of the C library.
        if setlocale(LC_ALL, "") == nil { setlocale(LC_ALL, "C.UTF-8") }
        return nl_langinfo(nl_item(CODESET)).map { String(cString: $0) } == "UTF-8"
    }

    // MARK: The terminal is ours, or not

    /// Takes the terminal, again or for the first time.
    func take() {
        isOurs = true
        tm_guard_thread()
        restore.withUnsafeBytes { bytes in
            tm_guard_arm(descriptor, &shellModes, bytes.baseAddress, bytes.count)
        }
        reset_prog_mode()
        write(TerminalModes.enter)
    }

    /// Gives the terminal back, with what was written to standard error meanwhile.
    func give() {
        guard isOurs else { return }
        isOurs = false
        write(TerminalModes.leave)
        def_prog_mode()
        endwin()
        tcsetattr(descriptor, TCSADRAIN, &shellModes)
        tm_guard_disarm()
    }

    /// Gives everything back, memory included.
    func close() {
        give()
        delwin(window)
        delscreen(screen)
        tm_guard_stop()
        fclose(stream)
    }

    // MARK: Drawing

    /// Sends what was drawn, and puts the cursor where it belongs.
    func refresh(cursor: GridPoint?) {
        if let cursor, wmove(window, Int32(clamping: cursor.row), Int32(clamping: cursor.column)) == OK {
            curs_set(1)
        } else {
            curs_set(0)
        }
        wrefresh(window)
    }

    /// Sends everything, cleared before.
    func redraw() {
        clearok(window, true)
        wrefresh(window)
    }

    /// Brings curses and the window to another size; the window is blank after.
    func resize(to newSize: GridSize) {
        size = newSize
        resizeterm(Int32(newSize.rows), Int32(newSize.columns))
        if let fresh = newwin(0, 0, 0, 0) {
            delwin(window)
            window = fresh
        }
        keypad(window, true)
        nodelay(window, true)
        clearok(window, true)
    }

    /// Writes bytes past curses; only sequences that move nothing.
    func write(_ bytes: [UInt8]) { TerminalModes.write(bytes, to: descriptor) }

    // MARK: Reading

    /// The next key or character; `nil` where nothing more is there.
    func read() -> CursesInput? {
        var value: wint_t = 0
        for _ in 0..<Self.unreadableLimit {
            switch wget_wch(window, &value) {
            case KEY_CODE_YES: return .code(Int32(bitPattern: value))
            case OK: return .character(value)
            default:
                // An error is also what bytes that make no character give; those are gone then, and others may follow.
                if !isReadable(POLLIN) || isGone { return nil }
            }
        }
        return nil
    }

    /// Whether the terminal was closed at the other end.
    var isGone: Bool { isReadable(POLLHUP | POLLERR | POLLNVAL) }

    private func isReadable(_ events: Int32) -> Bool {
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&poller, 1, 0) > 0 && Int32(poller.revents) & events != 0
    }

    /// What signal handlers noticed since the last reading, each kind once, an end last.
    func readNotices() -> [Notice] {
        var bytes = [UInt8](repeating: 0, count: 64)
        var seen: Set<Notice> = []
        while true {
            let count = Glibc.read(notices, &bytes, bytes.count)
            guard count > 0 else { break }
            seen.formUnion(bytes[..<count].compactMap(Notice.init(rawValue:)))
        }
        return [.continued, .resized, .askedToStop, .askedToEnd].filter(seen.contains)
    }

    /// The size the terminal driver tells now.
    var presentSize: GridSize? {
        TerminalModes.size(of: descriptor).map { GridSize(columns: $0.columns, rows: $0.rows) }
    }

    /// Switches mouse reports on or off.
    func setMouse(enabled: Bool) {
        let mask = enabled ? TM_MOUSE_PRESS | TM_MOUSE_WHEEL_UP | TM_MOUSE_WHEEL_DOWN : 0
        mousemask(mmask_t(mask), nil)
    }

    /// The mouse event that a mouse key announced.
    func readMouse() -> MouseEvent? {
        var event = MEVENT()
        guard getmouse(&event) == OK else { return nil }
        let point = GridPoint(column: Int(event.x), row: Int(event.y))
        if event.bstate & mmask_t(TM_MOUSE_WHEEL_UP) != 0 { return MouseEvent(kind: .wheelUp, point: point) }
        if event.bstate & mmask_t(TM_MOUSE_WHEEL_DOWN) != 0 { return MouseEvent(kind: .wheelDown, point: point) }
        if event.bstate & mmask_t(TM_MOUSE_PRESS) != 0 { return MouseEvent(kind: .press, point: point) }
        return nil
    }
}
