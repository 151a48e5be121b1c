import Glibc
import Testing
import TmuxSession

@Suite(.enabled(if: TmuxSession.isAvailable, "tmux is not installed"), .serialized)
struct ScreenTests {
    @Test func `wide glyphs, marks and emoji keep the columns of the grid`() async throws {
        let session = try Probe.start(columns: 30, rows: 10)
        let screen = try await session.wait(for: "30x10")
        #expect(screen.count == 10)
        #expect(screen[0] == "┌─ probe ────────────────────┐")
        #expect(screen[1] == "│ab漢字cd  |                 │")
        #expect(screen[2] == "│e\u{301}👩👍x    |                 │")
        #expect(screen[3] == "│SE <202E>y|                 │")
        #expect(screen[9] == "└──────────────────── 30x10 ─┘")
        try await session.wait(until: "the cursor is where the grid has it") {
            try $0.format("#{cursor_x},#{cursor_y},#{cursor_flag}") == "1,6,1"
        }
    }

    @Test func `keys arrive by their names`() async throws {
        let session = try Probe.start()
        try await session.wait(for: "nothing yet")
        let keys = [
            ("j", "j"), ("Up", "Up"), ("Down", "Down"), ("Left", "Left"), ("Right", "Right"), ("Enter", "Enter"),
            ("Tab", "Tab"), ("BTab", "Shift-Tab"), ("Escape", "Esc"), ("BSpace", "Backspace"), ("Space", "Space"),
            ("DC", "Del"), ("IC", "Ins"), ("Home", "Home"), ("End", "End"), ("PPage", "PgUp"), ("NPage", "PgDn"),
            ("F1", "F1"), ("F5", "F5"), ("F12", "F12"), ("C-r", "Ctrl-R"), ("C-c", "Ctrl-C"), ("C-s", "Ctrl-S"),
            ("C-q", "Ctrl-Q"), ("C-v", "Ctrl-V"), ("C-o", "Ctrl-O"), ("é", "é"), ("漢", "漢"),
        ]
        for (sent, name) in keys {
            try session.send(sent)
            try await session.wait(for: "last key \(name) .")
        }
    }

    @Test func `a paste is one event and no keys`() async throws {
        let session = try Probe.start()
        try await session.wait(for: "nothing yet")
        try session.paste("y\nq漢")
        try await session.wait(for: "last paste y^Jq漢 .")
        try await session.wait(for: "count 1")
    }

    @Test func `the mouse clicks at its cell`() async throws {
        let session = try Probe.start()
        try await session.wait(for: "nothing yet")
        try session.send("M")
        try await session.wait(until: "the mouse is on") { try $0.format("#{mouse_any_flag}") == "1" }
        try session.sendBytes([0x1B, 0x5B, 0x4D, 0x20, 0x21 + 7, 0x21 + 3])
        try await session.wait(for: "last mouse press 7,3 .")
    }

    @Test func `another size is drawn at once`() async throws {
        let session = try Probe.start()
        try await session.wait(for: "80x24")
        try session.resize(columns: 50, rows: 12)
        // The screen may be read while it is being drawn, so the whole last row is waited for.
        let lastRow = "└" + String(repeating: "─", count: 40) + " 50x12 ─┘"
        try await session.wait(until: "the last row is \(lastRow)") { session in
            let screen = try session.screen()
            return screen.count == 12 && screen[11] == lastRow
        }
        try await session.wait(for: "last resize 50x12 .")
        try session.resize(columns: 90, rows: 30)
        try await session.wait(for: "last resize 90x30 .")
    }

    @Test func `the size is the driver's, whatever LINES and COLUMNS say`() async throws {
        let session = try Probe.start(environment: ["LINES": "10", "COLUMNS": "20"])
        let screen = try await session.wait(for: "80x24")
        #expect(screen[23].contains("80x24"))
    }

    @Test(arguments: ["C", "nowhere.UTF-8"])
    func `borders fit the locale`(locale: String) async throws {
        let session = try Probe.start(columns: 30, rows: 10, environment: ["LC_ALL": locale])
        let screen = try await session.wait(for: "30x10")
        if locale == "C" {
            #expect(screen[0] == "+- probe --------------------+")
            #expect(screen[1] == "|ab????cd  |                 |")
        } else {
            #expect(screen[1] == "│ab漢字cd  |                 │", "C.UTF-8 stands in for a locale that is not there")
        }
    }

    @Test func `a repaint wipes what others wrote`() async throws {
        let session = try Probe.start()
        let process = try await Probe.processID(session)
        let path = "/proc/\(process)/fd/1"
        let stray = open(path, O_WRONLY | O_NOCTTY)
        try #require(stray >= 0)
        _ = write(stray, "\u{1B}[3;3Hstray", 11)
        close(stray)
        try await session.wait(for: "stray")
        try session.send("C-l")
        try await session.wait(until: "the stray text is gone") { try !$0.screen().contains { $0.contains("stray") } }
    }

    @Test func `text goes to the clipboard`() async throws {
        let session = try Probe.start()
        try await session.wait(for: "nothing yet")
        try session.send("C-y")
        try await session.wait(until: "the clipboard holds the text") { $0.clipboard() == "tide" }
    }

    @Test func `a terminal type without an entry is driven as a common one`() async throws {
        let session = try Probe.start(environment: ["TERM": "no-such-terminal"])
        try await session.wait(for: "┌─ probe")
    }
}
