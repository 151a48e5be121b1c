internal import SessionCore

extension Command {
    /// Reads what stands behind `find`.
    static func parseFind(_ words: inout CommandWords) throws(CommandFailure) -> Command {
        var query = ColumnQuery()
        while let word = try words.next() {
            if word == "by" {
                query.order = try column(try words.next())
            } else if word == "desc", query.order != nil {
                query.isDescending = true
            } else if word.hasPrefix("limit=") {
                guard let limit = Int(word.dropFirst("limit=".count)), 1...1_000_000 ~= limit else {
                    throw CommandFailure(.usage, "find: limit takes a number of sessions from 1 to 1000000")
                }
                query.limit = limit
            } else {
                let name = try column(word)
                guard let sign = try words.next(), let comparison = ColumnQuery.Comparison(rawValue: sign) else {
                    throw CommandFailure(
                        .usage, "find: behind /\(name) stands one of = != < <= > >=, with blanks around it")
                }
                guard let text = try words.next() else {
                    throw CommandFailure(.usage, "find: the value behind \(sign) is missing")
                }
                query.conditions.append(
                    ColumnQuery.Condition(column: name, comparison: comparison, value: try scalar(text)))
            }
        }
        return .find(query)
    }

    private static func column(_ word: String?) throws(CommandFailure) -> String {
        guard let word, let pointer = try? JSONPointer(parsing: word), pointer.tokens.count == 1 else {
            throw CommandFailure(
                .usage, "find: a column is written as /user_id; usage: \(CommandSyntax.named("find")?.usage ?? "")")
        }
        return pointer.tokens[0]
    }

    /// A value of the notation where the word is one, such as 14 or null; else the word as text.
    private static func scalar(_ text: String) throws(CommandFailure) -> SessionValue {
        let value = (try? Notation.value(parsing: text)) ?? .string(text)
        switch value {
        case .null, .bool, .integer, .double, .string, .bytes: return value
        default: throw CommandFailure(.usage, "find: a column holds no \(value.kind.rawValue)")
        }
    }
}
