/// How a command or the program ended; the numbers are the program's exit codes.
public enum ExitStatus: Int, Hashable, Sendable, CaseIterable {
    /// It did what was asked.
    case done = 0
    /// It failed for a reason of its own.
    case failed = 1
    /// It was asked in a way that is not understood.
    case usage = 2
    /// A container, session, key or savepoint is not there.
    case notFound = 3
    /// A record changed since it was read; nothing was written.
    case conflict = 4
    /// It is not allowed, or the format cannot hold it.
    case refused = 5
    /// The store cannot be reached.
    case unreachable = 6
    /// A payload cannot be decoded, or is too large.
    case undecodable = 7

    /// What the code means, for the manual.
    public var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .usage: "usage: a word or argument is not understood, or there is no usable terminal"
        case .notFound: "not found"
        case .conflict: "conflict: a record changed since it was read; nothing was written"
        case .refused: "refused: read-only, or a value that the format cannot hold"
        case .unreachable: "store unreachable"
        case .undecodable: "cannot decode, or too large"
        }
    }
}
