public import SessionCore

/// A plan in a file: to be read by somebody else, and written later under the revisions that it was made over.
///
/// UTF-8 text. Lines that begin with `#` are for people: what is written, with secrets masked. Each other line is a value in the notation: the first
/// tells the version, the others are one record each, with all that the write needs.
public enum PlanFile {
    /// The version of the form.
    static let version = 1
    private static let mark = "tidemark-plan"

    struct Head: Codable {
        var version: Int
        var moment: Timestamp

        enum CodingKeys: String, CodingKey {
            case version = "tidemark-plan"
            case moment
        }
    }

    /// The text of a plan.
    ///
    /// - Parameters:
    ///   - steps: The writes.
    ///   - remarks: What they do, in words.
    ///   - moment: When it is made.
    /// - Returns: The file's content, which holds payloads: it is for its maker's eyes, like the sessions.
    /// - Throws: If a value cannot be written down.
    static func text(
        _ steps: [JournalCommit.Step], remarks: [String], at moment: Timestamp
    ) throws(ValueCodingError) -> String {
        var lines = [
            "# A plan of tidemark, made \(Quantities.moment(moment)) UTC. `tidemark apply FILE` writes it, if nothing of it changed."
        ]
        lines += remarks.map { "# \($0)" }
        lines.append(Notation.text(of: try ValueCoding.value(encoding: Head(version: version, moment: moment))))
        for step in steps { lines.append(Notation.text(of: try ValueCoding.value(encoding: step))) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads a plan.
    ///
    /// - Parameter text: The file's content.
    /// - Returns: The writes.
    /// - Throws: `undecodable`, with the line and what is wrong with it.
    public static func steps(_ text: String) throws(CommandFailure) -> [JournalCommit.Step] {
        var steps: [JournalCommit.Step] = []
        var hasHead = false
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.hasPrefix("#"), line.contains(where: { $0 != " " }) else { continue }
            do {
                let value = try Notation.value(parsing: String(line))
                if hasHead {
                    let step = try ValueCoding.decode(JournalCommit.Step.self, from: value)
                    // What is looked at has to be what is written.
                    guard step.id.key == step.write.key, step.before.map({ $0.key == step.id.key }) ?? true else {
                        throw CommandFailure(.undecodable, "line \(index + 1) is about more than one key")
                    }
                    steps.append(step)
                } else {
                    let head = try ValueCoding.decode(Head.self, from: value)
                    guard head.version == version else {
                        throw CommandFailure(
                            .undecodable, "the plan has version \(head.version), and this program knows \(version)")
                    }
                    hasHead = true
                }
            } catch let error as CommandFailure { throw error } catch {
                throw CommandFailure(.undecodable, "line \(index + 1) is none of a plan: \(error)")
            }
        }
        guard hasHead else { throw CommandFailure(.undecodable, "this is no plan of tidemark") }
        return steps
    }
}
