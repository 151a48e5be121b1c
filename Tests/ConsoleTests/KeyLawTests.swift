import CellGrid
import CustomDump
import SessionCommands
import SessionCore
import Testing

@testable import Console

/// A key and all that it changes.
struct KeyLaw: Sendable, CustomTestStringConvertible {
    var key: String
    var change: @Sendable (inout Model) -> Void

    init(_ key: String, _ change: @escaping @Sendable (inout Model) -> Void) {
        self.key = key
        self.change = change
    }

    var testDescription: String { key }

    /// Presses the key on a model, and shows where it is not what was said.
    func check(_ start: Model, _ place: SourceLocation = #_sourceLocation) {
        var actual = start
        actual.press(named: key)
        var expected = start
        change(&expected)
        guard actual != expected else { return }
        // Not expectDifference: without Xcode its failures reach no Swift Testing issue, and the test passes.
        Issue.record("\(key): \(diff(expected, actual) ?? "the model differs")", sourceLocation: place)
    }
}

extension Model {
    /// Presses a key whose effects are of no interest.
    fileprivate mutating func press(named name: String) {
        guard let key = Key(name: name) else { return }
        _ = update(.input(.key(key)), now: now)
    }

    fileprivate func prompt(_ purpose: Prompt.Purpose, text: String = "") -> Prompt {
        Prompt(purpose, text: text, session: workspace.currentSession)
    }

    fileprivate mutating func selectSession(_ line: Int) {
        sessionList.cursor.select(line, of: sessionCount)
        sessionList.cursor.settle(height: ScreenLayout(model: self).listHeight(.sessions), of: sessionCount)
    }

    fileprivate mutating func selectKey(_ line: Int) {
        keyList.cursor.select(line, of: keyLines.count)
        keyList.cursor.settle(height: ScreenLayout(model: self).listHeight(.keys), of: keyLines.count)
    }
}

@Suite struct KeyLawTests {
    static let inSessions = [
        KeyLaw("j") { $0.selectSession(1) }, KeyLaw("Down") { $0.selectSession(1) },
        KeyLaw("k") { _ in }, KeyLaw("Up") { _ in }, KeyLaw("g") { _ in }, KeyLaw("Home") { _ in },
        KeyLaw("G") { $0.selectSession(45) }, KeyLaw("End") { $0.selectSession(45) },
        KeyLaw("PgDn") { $0.selectSession(ScreenLayout(model: $0).listHeight(.sessions) - 1) },
        KeyLaw("PgUp") { _ in },
        KeyLaw("Tab") { $0.focus = .keys }, KeyLaw("Shift-Tab") { $0.focus = .backend },
        KeyLaw("1") { _ in }, KeyLaw("2") { $0.focus = .keys }, KeyLaw("3") { $0.focus = .value },
        KeyLaw("4") { $0.focus = .savepoints }, KeyLaw("5") { $0.focus = .backend },
        KeyLaw("+") { $0.zoom = .half }, KeyLaw("_") { _ in },
        KeyLaw("?") { $0.popup = .help(TextInput(), ListCursor()) },
        KeyLaw(":") { $0.popup = .palette(TextInput(), history: nil) },
        KeyLaw("/") { $0.popup = .prompt($0.prompt(.filter(.sessions))) },
        KeyLaw("s") { $0.popup = .prompt($0.prompt(.savepoint)) },
        KeyLaw("p") { $0.valueView = .text },
        KeyLaw("F1") { _ in }, KeyLaw("Ctrl-L") { _ in }, KeyLaw("Ctrl-Z") { _ in },
    ]

    @Test(arguments: inSessions)
    func `a key in the sessions pane changes this and nothing else`(law: KeyLaw) async throws {
        var model = try await Story().model
        model.notice = nil
        law.check(model)
    }

    static let inKeys = [
        KeyLaw("j") { $0.selectKey(1) }, KeyLaw("G") { $0.selectKey(6) }, KeyLaw("k") { _ in },
        KeyLaw("h") { $0.focus = .sessions }, KeyLaw("l") { $0.focus = .value },
        KeyLaw("e") { $0.popup = .prompt($0.prompt(.edit(JSONPointer(tokens: ["id"]), .integer), text: "4711")) },
        KeyLaw("Enter") { $0.popup = .prompt($0.prompt(.edit(JSONPointer(tokens: ["id"]), .integer), text: "4711")) },
        KeyLaw("a") { $0.popup = .prompt($0.prompt(.newKey(JSONPointer(tokens: [])))) },
        KeyLaw("t") { $0.popup = .prompt($0.prompt(.timeToLive)) },
        KeyLaw("/") { $0.popup = .prompt(Prompt(.filter(.keys), session: nil)) },
        KeyLaw("x") { $0.keyList.revealed = ["/id"] },
    ]

    @Test(arguments: inKeys)
    func `a key in the keys pane changes this and nothing else`(law: KeyLaw) async throws {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        var model = story.model
        model.focus = .keys
        model.notice = nil
        law.check(model)
    }

    @Test func `zooming goes to full and back one step at a time`() async throws {
        var model = try await Story().model
        var zooms: [Zoom] = []
        for key in ["+", "+", "+", "_", "_", "_"] {
            model.press(named: key)
            zooms.append(model.zoom)
        }
        #expect(zooms == [.half, .full, .full, .half, .normal, .normal])
    }

    @Test func `tabs go round all containers in both directions`() async throws {
        var story = try await Story()
        let count = story.model.sessionCount
        var titles: [String] = []
        for _ in 0..<6 {
            try await story.press("]")
            titles.append(story.model.sessionList.container?.title ?? "all")
        }
        #expect(titles == ["(other)", "MemCacheSession", "cms:editor", "flask", "sess", "shop-carts"])
        try await story.press("]")
        #expect(story.model.sessionList.container == nil && story.model.sessionCount == count)
        try await story.press("[")
        #expect(story.model.sessionList.container?.title == "shop-carts")
        #expect(story.model.sessionCount == 10)
    }

    @Test func `going out of a map returns to the line it was entered from`() async throws {
        var story = try await Story()
        try await story.run("open shop-carts:4711")
        try await story.select("items")
        try await story.press("Enter", "j", "Enter", "j")
        #expect(story.model.selectedPointer?.tokens == ["items", "1", "name"])
        try await story.press("h")
        #expect(story.model.selectedPointer?.tokens == ["items", "1"])
        try await story.press("Esc")
        #expect(story.model.selectedPointer?.tokens == ["items"])
    }

    @Test func `the mouse selects and scrolls where it points`() async throws {
        var story = try await Story(size: .classic)
        await story.mouse(.press, column: 5, row: 5)
        #expect(story.model.sessionList.cursor.selected == 2)
        await story.mouse(.wheelDown, column: 5, row: 5)
        #expect(story.model.sessionList.cursor.selected == 5)
        await story.mouse(.wheelUp, column: 5, row: 5)
        #expect(story.model.sessionList.cursor.selected == 2)
        await story.mouse(.press, column: 60, row: 4)
        #expect(story.model.focus == .keys)
        for (column, row) in [(0, 0), (79, 23), (-1, -1), (500, 500), (Int.max, Int.min)] {
            await story.mouse(.press, column: column, row: row)
            await story.mouse(.wheelDown, column: column, row: row)
        }
        #expect(story.model.focus == .keys)
    }

    @Test(arguments: [GridSize.usual, .classic, .smallest, GridSize(columns: 200, rows: 60)])
    func `a screen drawn at a size is the one that is drawn after a resize to it`(size: GridSize) async throws {
        // Few enough lines that no list scrolls: what is scrolled to may well depend on the sizes before.
        let records = try DemoContent.records().filter { $0.key.description.hasPrefix("shop-carts:47") }.prefix(5)
        var screens: [[String]] = []
        for start in [size, .usual, .classic, .smallest] {
            var story = try await Story(size: .usual, records: Array(records))
            await story.resize(start)
            try await story.run("open shop-carts:4711")
            await story.resize(.classic)
            try await story.edit("step", to: "\"x\"")
            await story.resize(GridSize(columns: 20, rows: 4))
            await story.resize(GridSize(columns: 0, rows: 0))
            await story.resize(size)
            screens.append(story.model.view().lines)
        }
        #expect(Set(screens).count == 1)
    }
}
