/// One cell of a grid: a glyph and what it means.
public struct Cell: Hashable, Sendable {
    /// Which part of a glyph a cell holds.
    public enum Part: UInt8, Hashable, Sendable {
        /// The whole of a glyph one cell wide.
        case whole
        /// The left half of a glyph two cells wide; the cell to the right is its `trail`.
        case lead
        /// The right half of a glyph two cells wide; its own glyph is a blank that is not drawn.
        case trail
    }

    /// The glyph: one base character with at most three marks on it; a blank in a `trail`.
    public var glyph: Character
    /// What the cell means.
    public var role: Role
    /// Which part of the glyph this is.
    public var part: Part

    /// Makes a cell.
    public init(glyph: Character = " ", role: Role = .text, part: Part = .whole) {
        self.glyph = glyph
        self.role = role
        self.part = part
    }

    /// Whether the cell is the right half of a wide glyph, which the cell to its left draws.
    public var isContinuation: Bool { part == .trail }
}
