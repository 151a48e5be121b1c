internal import SessionCommands

/// A walk through the program: short texts, each with a command that shows what it says.
public struct Tour: Hashable, Sendable {
    /// One stop.
    public struct Step: Hashable, Sendable {
        /// What is said.
        public var text: String
        /// The command that is run when the user goes on; nil for none.
        public var command: String?
    }

    /// The stops.
    public var steps: [Step] = []
    /// The stop that is shown.
    public var position = 0

    /// Reads a talk: lines of text, each stop ended by a line `> command` or a blank line; `#` lines are comments.
    public init(parsing text: String) {
        var words: [String] = []
        func flush(_ command: String?, _ words: inout [String], _ steps: inout [Step]) {
            guard !words.isEmpty || command != nil else { return }
            steps.append(Step(text: words.joined(separator: " "), command: command))
            words = []
        }
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.endsLine) {
            if line.hasPrefix("#") { continue }
            if line.hasPrefix("> ") {
                flush(String(line.dropFirst(2)), &words, &steps)
            } else if line.isEmpty {
                flush(nil, &words, &steps)
            } else {
                words.append(String(line))
            }
        }
        flush(nil, &words, &steps)
    }

    /// The stop that is shown; nil behind the last.
    public var step: Step? { position < steps.count ? steps[position] : nil }
}
