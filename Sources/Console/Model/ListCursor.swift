/// The selected line of a list, and the first line that is drawn.
public struct ListCursor: Hashable, Sendable {
    /// The selected line, from 0.
    public private(set) var selected = 0
    /// The first line drawn.
    public private(set) var top = 0

    /// At the first line.
    public init() {}

    /// Selects a line of a list of `count`.
    mutating func select(_ line: Int, of count: Int) {
        selected = max(0, min(line, count - 1))
    }

    /// Moves by some lines.
    mutating func move(by lines: Int, of count: Int) {
        let (sum, overflow) = selected.addingReportingOverflow(lines)
        select(overflow ? (lines < 0 ? 0 : count - 1) : sum, of: count)
    }

    /// The first line to draw so that the selected one is among `height` lines.
    func firstLine(height: Int, of count: Int) -> Int {
        guard height > 0 else { return selected }
        let latest = max(0, count - height)
        let first = min(max(top, selected - height + 1), selected)
        return min(first, latest)
    }

    /// Remembers what was drawn, so that the list does not jump.
    mutating func settle(height: Int, of count: Int) {
        select(selected, of: count)
        top = firstLine(height: height, of: count)
    }
}
