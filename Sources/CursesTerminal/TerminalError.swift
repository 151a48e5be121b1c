internal import CellGrid

/// Why there is no usable terminal; for a program each of these is exit code 2.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Standard input or output is no terminal.
    case notATerminal(stream: String)
    /// The environment does not say what kind of terminal this is.
    case typeNotSet
    /// Neither the named kind of terminal nor a common one is in the terminal database.
    case typeUnknown(String)
    /// The terminal cannot put the cursor somewhere, so nothing can be drawn.
    case cannotAddressCursor(String)
    /// The terminal does not say how large it is.
    case noSize
    /// The controlling terminal could not be opened; the system's error number.
    case cannotOpen(errno: Int32)
    /// This process shows a screen already.
    case alreadyOpen

    /// What is wrong, and what to do, in one sentence without a line end.
    public var description: String {
        switch self {
        case .notATerminal(let stream):
            "standard \(stream) is not a terminal; start tidemark without redirecting it, or use `tidemark run`"
        case .typeNotSet:
            "TERM is not set, so the terminal is not known; set it, for example TERM=xterm, or use `tidemark run`"
        case .typeUnknown(let type):
            "TERM=\(Sanitizer.display(type)) is not in the terminal database; set a known one, for example TERM=xterm"
        case .cannotAddressCursor(let type):
            "TERM=\(Sanitizer.display(type)) cannot address the cursor; use a terminal such as xterm, or `tidemark run`"
        case .noSize:
            "the terminal does not tell its size; set it with `stty rows 24 cols 80` and start again"
        case .cannotOpen(let number):
            "/dev/tty cannot be opened (error \(number)); start tidemark in a terminal, or use `tidemark run`"
        case .alreadyOpen:
            "this process shows a screen already; close that one first"
        }
    }
}
