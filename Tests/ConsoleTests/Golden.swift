import CellGrid
import Glibc
import Testing

/// Screens that were looked at once and are kept in `Screens`, a file each.
///
/// `RECORD=1` in the environment writes them anew; with `CI` set that is refused, because nobody looks there.
enum Golden {
    /// Checks a screen against its file, which is named after the test, with the screen's size and what `part` adds.
    static func expect(_ grid: Grid, _ part: String = "", _ place: SourceLocation = #_sourceLocation) {
        let path =
            "\(DemoContent.package)/Tests/ConsoleTests/Screens/\(name(part)).\(grid.size.columns)x\(grid.size.rows).txt"
        let actual = grid.golden()
        if isSet("RECORD") {
            guard !isSet("CI") else {
                Issue.record("screens are not recorded where CI is set; unset RECORD", sourceLocation: place)
                return
            }
            guard write(actual, to: path) else {
                Issue.record("cannot write \(path)", sourceLocation: place)
                return
            }
            return
        }
        guard let expected = try? DemoContent.text(of: path) else {
            Issue.record("no screen in \(path); run with RECORD=1 and look at it", sourceLocation: place)
            return
        }
        guard actual != expected else { return }
        let difference = rowDifference(expected, actual).joined(separator: "\n")
        Issue.record("the screen is not that in \(path); RECORD=1 takes it\n\(difference)", sourceLocation: place)
    }

    /// The rows that differ, numbered from 1, `-` as kept and `+` as drawn.
    static func rowDifference(_ expected: String, _ actual: String) -> [String] {
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
        var lines: [String] = []
        for row in 0..<max(old.count, new.count) {
            let before = row < old.count ? String(old[row]) : nil
            let after = row < new.count ? String(new[row]) : nil
            guard before != after else { continue }
            if let before { lines.append("- \(row + 1) \(before)") }
            if let after { lines.append("+ \(row + 1) \(after)") }
        }
        return lines
    }

    private static func name(_ part: String) -> String {
        let test = Test.current?.name.prefix { $0 != "(" }.filter { $0 != "`" } ?? "screen"
        return (test + (part.isEmpty ? "" : " \(part)")).map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
    }

    private static func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }

    private static func write(_ text: String, to path: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        return fwrite(bytes, 1, bytes.count, file) == bytes.count
    }
}
