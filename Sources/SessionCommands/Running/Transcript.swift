/// A text file of commands and the output that each must give.
///
/// `> command` is a command; the lines after it are its output, `! text` its error. `...` in a line stands for any
/// text, a line of nothing but `...` for any lines. Lines that start with `#` and blank lines are comments.
public struct Transcript: Hashable, Sendable {
    /// One command and what is expected of it.
    public struct Step: Hashable, Sendable {
        /// The line of the file, from 1.
        public var line: Int
        /// The command.
        public var command: String
        /// The lines it must give, errors with `! ` before them.
        public var expected: [String]
    }

    /// The commands in order.
    public var steps: [Step] = []

    /// Reads a transcript; output before the first command is refused.
    public init(parsing text: String) throws(CommandFailure) {
        for (number, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.endsLine).enumerated() {
            var line = String(raw)
            while line.last?.isWhitespace == true { line.removeLast() }
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("> ") {
                steps.append(Step(line: number + 1, command: String(line.dropFirst(2)), expected: []))
            } else if steps.isEmpty {
                throw CommandFailure(.usage, "line \(number + 1): a transcript starts with a command, as in > open 1")
            } else {
                steps[steps.count - 1].expected.append(line)
            }
        }
    }

    /// Whether output is what is expected.
    public static func matches(_ actual: [String], _ expected: [String]) -> Bool {
        guard let first = expected.first else { return actual.isEmpty }
        let rest = Array(expected.dropFirst())
        if first == "..." {
            return (0...actual.count).contains { matches(Array(actual.dropFirst($0)), rest) }
        }
        guard let line = actual.first, Self.line(line, matches: first) else { return false }
        return matches(Array(actual.dropFirst()), rest)
    }

    private static func line(_ actual: String, matches expected: String) -> Bool {
        let escaped = expected.split(separator: "...", omittingEmptySubsequences: false).map(String.init)
        guard escaped.count > 1 else { return actual == expected }
        var rest = actual[...]
        for (index, part) in escaped.enumerated() {
            if index == 0 {
                guard rest.hasPrefix(part) else { return false }
                rest = rest.dropFirst(part.count)
            } else if index == escaped.count - 1 {
                return rest.hasSuffix(part)
            } else {
                guard let range = rest.firstRange(of: part) else { return false }
                rest = rest[range.upperBound...]
            }
        }
        return true
    }
}

extension Character {
    /// Whether the character ends a line of a file; `\r\n` is one character.
    public var endsLine: Bool { self == "\n" || self == "\r\n" }
}

/// Where a replay differs from its transcript.
public struct TranscriptDifference: Hashable, Sendable {
    /// The command.
    public var step: Transcript.Step
    /// What it gave.
    public var actual: [String]

    /// The difference in lines: the command, what was expected, what came.
    public var lines: [String] {
        ["line \(step.line): > \(step.command)"]
            + (step.expected.isEmpty ? ["expected no output"] : step.expected.map { "expected: \($0)" })
            + (actual.isEmpty ? ["got no output"] : actual.map { "     got: \($0)" })
    }
}

extension Executor {
    /// Replays a transcript; returns the first difference, nil if there is none.
    public func check(_ transcript: Transcript, in workspace: inout Workspace) async -> TranscriptDifference? {
        for step in transcript.steps {
            let reply = await run(line: step.command, in: &workspace)
            let actual = reply.lines + (reply.failure.map { ["! \($0.message)"] } ?? [])
            if !Transcript.matches(actual, step.expected) { return TranscriptDifference(step: step, actual: actual) }
        }
        return nil
    }
}
