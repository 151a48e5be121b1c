import CellGrid
import RandomValues

extension RandomSource {
    /// Text made of what screens get wrong: controls, bidi, marks, wide glyphs, joined emoji, flags.
    mutating func text(upTo length: Int) -> String {
        let pieces = [
            "a", "Z", " ", "é", "e\u{301}\u{302}\u{303}\u{304}\u{305}", "漢", "字", "👩‍💻", "🇸🇪", "👍🏽", "❤️", "1️⃣", "\u{1B}[31m",
            "\u{7}",
            "\r\n", "\t", "\u{9B}", "\u{202E}", "\u{200B}", "\u{FEFF}", "\u{E0041}", "\u{301}", "क्ष", "ำ", "가",
            "\u{1161}",
            "\u{0}", "\u{7F}", "…", "─", "\u{1F1F8}", "\u{1F3FB}", "\u{FE0F}", "\u{E000}", "\u{378}",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...length, using: &self) { text += pick(pieces, or: "a") }
        return text
    }

    /// Text of any scalars at all.
    mutating func scalars(upTo length: Int) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...length, using: &self) {
            let top = pick([0x80, 0x3000, 0xFFFF, 0x10FFFF] as [UInt32], or: 0x80)
            if let scalar = Unicode.Scalar(UInt32.random(in: 0...top, using: &self)) { text.append(scalar) }
        }
        return String(text)
    }

    /// Mostly within a small grid, so that what is drawn meets; now and then beside it or at the ends of the integers.
    mutating func coordinate() -> Int {
        switch Int.random(in: 0..<10, using: &self) {
        case 0: Int.random(in: -5...45, using: &self)
        case 1: pick([.min, .max, -1], or: 0)
        default: Int.random(in: 0...8, using: &self)
        }
    }

    mutating func rect() -> GridRect {
        GridRect(column: coordinate(), row: coordinate(), columns: coordinate(), rows: coordinate())
    }

    mutating func draw(on grid: inout Grid, times: Int) {
        for _ in 0..<times {
            let role = pick(Role.allCases, or: .text)
            switch Int.random(in: 0..<12, using: &self) {
            case 0: grid.fill(rect(), with: pick([" ", "漢", ".", "\t"], or: " "), role: role)
            case 1: grid.restyle(rect(), role: role)
            case 2: grid.box(rect(), title: text(upTo: 8), footer: text(upTo: 4), focused: Bool.random(using: &self))
            case 3: grid.cursor = GridPoint(column: coordinate(), row: coordinate())
            default:
                let point = GridPoint(column: coordinate(), row: coordinate())
                grid.put(text(upTo: 12), at: point, role: role, width: Bool.random(using: &self) ? .max : coordinate())
            }
        }
    }
}

/// A seed that differs from run to run.
func freshSeed() -> UInt64 { UInt64.random(in: 0 ... .max) }
