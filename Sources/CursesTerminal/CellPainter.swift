internal import CNcurses
internal import CellGrid

/// Puts cells on a curses window in the looks of a theme.
@MainActor
struct CellPainter {
    private let ascii: Bool
    private let looks: [Role: Look]

    private struct Look {
        var attributes: attr_t = 0
        var pair: Int16 = 0
    }

    /// Reserves the colour pairs of a theme.
    ///
    /// Call after curses has started.
    init(theme: Theme, ascii: Bool) {
        self.ascii = ascii
        let colors = has_colors() && start_color() == OK && tigetnum("colors") >= 8
        if colors { use_default_colors() }
        var pairs: [[ThemeColor?]: Int16] = [[nil, nil]: 0]
        var looks: [Role: Look] = [:]
        for role in Role.allCases {
            let style = colors ? theme.style(of: role) : theme.style(of: role).withoutColor
            var look = Look()
            if style.bold { look.attributes |= attr_t(TM_BOLD) }
            if style.dim { look.attributes |= attr_t(TM_DIM) }
            if style.underline { look.attributes |= attr_t(TM_UNDERLINE) }
            if style.reverse { look.attributes |= attr_t(TM_REVERSE) }
            let key = [style.foreground, style.background]
            if let pair = pairs[key] {
                look.pair = pair
            } else {
                look.pair = Int16(pairs.count)
                init_pair(look.pair, style.foreground?.rawValue ?? -1, style.background?.rawValue ?? -1)
                pairs[key] = look.pair
            }
            looks[role] = look
        }
        self.looks = looks
    }

    /// Draws a cell at an explicit place; the right half of a wide glyph is drawn with its left one.
    func draw(_ cell: Cell, column: Int, row: Int, columns: Int, on window: UnsafeMutablePointer<WINDOW>) {
        guard cell.part != .trail else { return }
        let look = looks[cell.role] ?? Look()
        let width = cell.part == .lead ? 2 : 1
        guard column + width <= columns else { return add([0x20], look, column, row, window) }
        let scalars = scalars(of: cell.glyph)
        // The C library may know fewer characters than this program; a glyph at another width moves all after it.
        if let first = scalars.first, tm_wcwidth(first) == Int32(width) {
            add(scalars.map { wchar_t($0) }, look, column, row, window)
        } else {
            for offset in 0..<width { add([0x3F], look, column + offset, row, window) }
        }
    }

    private func scalars(of glyph: Character) -> [UInt32] {
        guard ascii else { return glyph.unicodeScalars.map(\.value) }
        switch glyph {
        case "─": return [0x2D]
        case "═": return [0x3D]
        case "│", "║": return [0x7C]
        case "┌", "┐", "└", "┘", "╔", "╗", "╚", "╝": return [0x2B]
        case "…": return [0x7E]
        default: return glyph.asciiValue.map { [UInt32($0)] } ?? []
        }
    }

    private func add(
        _ text: [wchar_t], _ look: Look, _ column: Int, _ row: Int, _ window: UnsafeMutablePointer<WINDOW>
    ) {
        var cell = cchar_t()
        guard wmove(window, Int32(row), Int32(column)) == OK,
            setcchar(&cell, text + [0], look.attributes, look.pair, nil) == OK
        else { return }
        // ERR in the lower right corner only says that the cursor could not move on.
        _ = wadd_wch(window, &cell)
    }
}
