/// Outcomes as lines of text.
enum OutcomeTable {
    private static let header = ["what", "ours p50", "beside", "its p50", "ratio", "of the rounds"]

    /// A table with a header, its columns padded.
    static func text(_ outcomes: [Outcome]) -> String {
        let rows = [header] + outcomes.map(cells)
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return isNumber(column) ? padding + row[column] : row[column] + padding
            }.joined(separator: " | ")
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "-|-")
        return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
    }

    private static func isNumber(_ column: Int) -> Bool { column == 1 || column >= 3 }

    private static func cells(_ outcome: Outcome) -> [String] {
        let spread = [outcome.ratios.first, outcome.ratios.last].compactMap { $0 }.map(ratio)
        return [
            outcome.what, time(outcome.ours), outcome.reference, time(outcome.theirs), ratio(outcome.ratios.median),
            spread.joined(separator: " to "),
        ]
    }

    /// A time with three digits and its unit.
    static func time(_ nanoseconds: Double) -> String {
        switch nanoseconds {
        case ..<1e3: "\(digits(nanoseconds)) ns"
        case ..<1e6: "\(digits(nanoseconds / 1e3)) us"
        default: "\(digits(nanoseconds / 1e6)) ms"
        }
    }

    static func ratio(_ value: Double) -> String {
        value < 0.1 ? "1/\(digits(1 / value))" : digits(value)
    }

    /// A number with three digits, all of them in front of the point if it has more there.
    private static func digits(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let decimals = value < 10 ? 2 : value < 100 ? 1 : 0
        let scale = [1, 10, 100][decimals]
        let scaled = Int((value * Double(scale)).rounded())
        guard decimals > 0 else { return "\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}
