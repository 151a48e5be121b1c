/// The text notation of values: JSON where JSON can say it, tagged forms where it cannot.
///
/// `b"…"` is a byte string, `tuple(1, 2)` a tuple, `set(1, 2)` a set, `object("module.Class", {…})` an object,
/// `ref(3)` a shared reference, `double("nan")` a float without digits; maps take any value as key. Printing and
/// parsing lose nothing: what is printed parses to an equal value.
public enum Notation {
    /// How deep values may nest when parsed; deeper text is refused so that no input can exhaust the stack.
    public static let maximumDepth = 200

    /// A value as text on one line, safe to print.
    public static func text(of value: SessionValue) -> String {
        var writer = NotationWriter()
        writer.write(value)
        return writer.text
    }

    /// A value as text on several lines, indented by two blanks.
    public static func indentedText(of value: SessionValue) -> String {
        var writer = NotationWriter(indents: true)
        writer.write(value)
        return writer.text
    }

    /// Reads one value; the whole text must be used.
    public static func value(parsing text: String) throws(NotationError) -> SessionValue {
        try value(parsing: Array(text.utf8))
    }

    /// Reads one value from UTF-8; the whole text must be used.
    public static func value(parsing bytes: [UInt8]) throws(NotationError) -> SessionValue {
        var reader = NotationReader(bytes, dialect: .notation)
        return try reader.readWhole()
    }
}

/// Why some text is no value, and where.
public struct NotationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The column in the text, counted in characters from 1.
    public var column: Int
    /// The byte in the text, counted from 0.
    public var offset: Int
    /// What is wrong there, without the place.
    public var problem: String

    /// An error at a place.
    public init(column: Int, offset: Int, problem: String) {
        self.column = column
        self.offset = offset
        self.problem = problem
    }

    /// A sentence with the column.
    public var description: String { "column \(column): \(problem)" }
}
