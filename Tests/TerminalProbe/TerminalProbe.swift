import CellGrid
import CursesTerminal
import Glibc

/// A program for tests of the terminal: shows a fixed screen and the name of the last event, and ends in the ways a
/// program can end.
@main
struct TerminalProbe {
    @MainActor
    static func main() async {
        let terminal: CursesTerminal
        do {
            terminal = try CursesTerminal.open(theme: .dark)
        } catch {
            complain("probe: \(error)\n")
            exit(2)
        }
        var last = "nothing yet"
        var count = 0
        terminal.show(screen(last, count, terminal.size))
        for await event in terminal.events {
            count += 1
            switch event {
            case .key(.character("q")):
                terminal.close()
                exit(0)
            case .key(.character("T")): fatalError("a trap on purpose")
            case .key(.character("A")):
                complain("an abort on purpose\n")
                Glibc.abort()
            case .key(.character("O")): print(depth(1))
            case .key(.character("X")): exit(3)
            case .key(.character("W")): complain("a warning on purpose\n")
            case .key(.character("M")): terminal.setMouse(enabled: true)
            case .key(.control("z")): terminal.suspend()
            case .key(.control("l")): terminal.repaint()
            case .key(.control("y")): terminal.copyToClipboard("tide")
            case .hangup:
                let signal = terminal.endingSignal
                terminal.close()
                exit(signal.map { 128 + $0 } ?? 1)
            default: break
            }
            last = text(event)
            terminal.show(screen(last, count, terminal.size))
        }
    }

    private static func screen(_ last: String, _ count: Int, _ size: GridSize) -> Grid {
        var grid = Grid(size: size)
        grid.box(
            GridRect(column: 0, row: 0, columns: size.columns, rows: size.rows), title: "probe",
            footer: "\(size.columns)x\(size.rows)", focused: false
        )
        let rows = ["ab漢字cd", "e\u{301}👩‍💻👍🏽x", "🇸🇪 \u{202E}y", "plain"]
        for (row, text) in rows.enumerated() {
            let used = grid.put(text, at: GridPoint(column: 1, row: row + 1), role: .number)
            grid.put("|", at: GridPoint(column: 1 + max(used, 10), row: row + 1))
        }
        grid.put("last \(last) .", at: GridPoint(column: 1, row: 5), role: .modified)
        grid.put("count \(count)", at: GridPoint(column: 1, row: 6), role: .header)
        grid.put("pid \(getpid()) .", at: GridPoint(column: 1, row: 7), role: .dim)
        grid.cursor = GridPoint(column: 1, row: 6)
        return grid
    }

    private static func text(_ event: InputEvent) -> String {
        switch event {
        case .key(let key): "key \(key.name)"
        case .paste(let text): "paste \(text)"
        case .mouse(let mouse): "mouse \(mouse.kind) \(mouse.point.column),\(mouse.point.row)"
        case .resize(let size): "resize \(size.columns)x\(size.rows)"
        case .hangup: "hangup"
        }
    }

    private static func complain(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    /// Calls itself until the stack is full.
    private static func depth(_ level: Int) -> Int { level > 0 ? 1 + depth(level + 1) + level % 3 : 0 }
}
