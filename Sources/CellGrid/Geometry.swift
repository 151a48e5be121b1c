/// The size of a screen or grid in cells.
///
/// Both sides stay within `0...GridSize.limit`: a size can come from a command line or from a terminal driver, and
/// a driver may say 65535 x 65535, which no grid should be allocated for.
public struct GridSize: Hashable, Sendable {
    /// The largest number of columns or rows a grid has.
    public static let limit = 2000

    /// Cells in a row, `0...limit`.
    public var columns: Int { didSet { columns = Self.clamped(columns) } }
    /// Rows, `0...limit`.
    public var rows: Int { didSet { rows = Self.clamped(rows) } }

    /// Makes a size; values outside `0...limit` become the nearest one inside.
    public init(columns: Int, rows: Int) {
        self.columns = Self.clamped(columns)
        self.rows = Self.clamped(rows)
    }

    /// Reads a size as a command line says it, `100x30`.
    ///
    /// `nil` unless the text is two decimal numbers, each in `1...limit`, joined by `x`.
    public init?(parsing text: String) {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let columns = Self.number(parts[0]), let rows = Self.number(parts[1]) else {
            return nil
        }
        self.init(columns: columns, rows: rows)
    }

    private static func number(_ digits: Substring) -> Int? {
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(digits) else { return nil }
        return (1...limit).contains(value) ? value : nil
    }

    private static func clamped(_ value: Int) -> Int { min(max(value, 0), limit) }
}

/// A place in a grid; column 0, row 0 is the upper left cell.
public struct GridPoint: Hashable, Sendable {
    /// The column, counted from 0; may lie outside of any grid.
    public var column: Int
    /// The row, counted from 0; may lie outside of any grid.
    public var row: Int

    /// Makes a point.
    public init(column: Int, row: Int) {
        self.column = column
        self.row = row
    }
}

/// A rectangle of cells; may be empty and may lie partly or wholly outside of a grid.
public struct GridRect: Hashable, Sendable {
    /// The leftmost column.
    public var column: Int
    /// The topmost row.
    public var row: Int
    /// The width in cells, never negative.
    public var columns: Int { didSet { columns = max(columns, 0) } }
    /// The height in cells, never negative.
    public var rows: Int { didSet { rows = max(rows, 0) } }

    /// Makes a rectangle; a negative width or height becomes 0.
    public init(column: Int, row: Int, columns: Int, rows: Int) {
        self.column = column
        self.row = row
        self.columns = max(columns, 0)
        self.rows = max(rows, 0)
    }

    /// The first column to the right of the rectangle.
    public var right: Int { Self.sum(column, columns) }

    /// The first row below the rectangle.
    public var bottom: Int { Self.sum(row, rows) }

    /// Whether the rectangle holds no cell.
    public var isEmpty: Bool { columns == 0 || rows == 0 }

    /// The rectangle without a margin of `margin` cells on each side; empty where nothing is left.
    ///
    /// A negative margin gives a larger rectangle.
    public func inset(by margin: Int) -> GridRect {
        let both = margin.multipliedReportingOverflow(by: 2)
        let trimmed = both.overflow ? (margin > 0 ? Int.max : Int.min + 1) : max(both.partialValue, Int.min + 1)
        return GridRect(
            column: Self.sum(column, margin), row: Self.sum(row, margin),
            columns: Self.sum(columns, -trimmed), rows: Self.sum(rows, -trimmed)
        )
    }

    /// Whether the point lies in the rectangle.
    public func contains(_ point: GridPoint) -> Bool {
        point.column >= column && point.column < right && point.row >= row && point.row < bottom
    }

    /// The part of the rectangle that lies in a grid of that size, as ranges to loop over.
    func clipped(to size: GridSize) -> (columns: Range<Int>, rows: Range<Int>) {
        let left = min(max(column, 0), size.columns)
        let top = min(max(row, 0), size.rows)
        return (left..<max(left, min(right, size.columns)), top..<max(top, min(bottom, size.rows)))
    }

    /// A sum that stays at the largest or smallest integer instead of trapping.
    private static func sum(_ a: Int, _ b: Int) -> Int {
        let (value, overflow) = a.addingReportingOverflow(b)
        guard overflow else { return value }
        return b > 0 ? Int.max : Int.min
    }
}
