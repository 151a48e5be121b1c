internal import Glibc

/// Where a database is, as users write it: `sqlite:///path`, with `?mode=` as SQLite itself spells it.
public struct SQLiteAddress: Hashable, Sendable, CustomStringConvertible {
    /// What may be done with the file.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// Reading.
        case readOnly = "ro"
        /// Reading and writing a file that is there.
        case readWrite = "rw"
        /// Also making the file, if there is none.
        case create = "rwc"
    }

    /// The file's path.
    public var path: String
    /// What may be done with it.
    public var mode: Mode

    /// A file and what may be done with it.
    public init(path: String, mode: Mode = .readWrite) {
        self.path = path
        self.mode = mode
    }

    /// Reads `sqlite:///path`, `sqlite:path` for a relative one, each with `?mode=ro`, `rw` or `rwc` behind it; throws a sentence.
    ///
    /// Nothing in a path is an escape: `%20` is three characters.
    public init(parsing text: String) throws(SQLiteAddressError) {
        guard text.hasPrefix("sqlite:") else {
            throw SQLiteAddressError("a database is written as sqlite:///path/of/the.file")
        }
        var rest = text.dropFirst("sqlite:".count)
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            guard rest.hasPrefix("/") else {
                throw SQLiteAddressError(
                    "the path of a database begins with a third slash, as in sqlite:///var/lib/app.sqlite3; "
                        + "a relative one is written as sqlite:app.sqlite3")
            }
        }
        var mode = Mode.readWrite
        if let mark = rest.lastIndex(of: "?") {
            let words = rest[rest.index(after: mark)...].split(separator: "=", maxSplits: 1)
            guard words.count == 2, words[0] == "mode", let known = Mode(rawValue: String(words[1])) else {
                throw SQLiteAddressError("behind the ? of a database stands mode=ro, mode=rw or mode=rwc")
            }
            mode = known
            rest = rest[..<mark]
        }
        guard !rest.isEmpty, !rest.utf8.contains(0) else { throw SQLiteAddressError("the database has no path") }
        self.init(path: String(rest), mode: mode)
    }

    /// The address as a user would write it, without the mode.
    public var description: String { path.hasPrefix("/") ? "sqlite://\(path)" : "sqlite:\(path)" }

    /// Whether a file of this path is there and can be looked at.
    var exists: Bool { access(path, F_OK) == 0 }
    /// Whether the file may be written.
    var isWritable: Bool { access(path, W_OK) == 0 }
    /// Whether the file may be read.
    var isReadable: Bool { access(path, R_OK) == 0 }
}

/// Why a text is no address of a database, as a sentence.
public struct SQLiteAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}
