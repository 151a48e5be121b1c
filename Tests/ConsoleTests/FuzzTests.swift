import CellGrid
import RandomValues
import SessionCommands
import SessionCore
import Testing

@testable import Console

/// Anything may be typed, pasted, pointed at, resized and answered, in any order.
@Suite struct FuzzTests {
    private static let events = 200

    /// As many of the 300 runs as one test case does.
    private static let runs = 30

    @Test(arguments: 0..<10)
    func `random input and answers keep the laws of the console`(part: Int) async throws {
        for run in 0..<Self.runs {
            let seed = RandomSource.base &+ UInt64(part * Self.runs + run)
            var random = RandomSource(seed: seed)
            var story = try await Story(
                size: Self.size(&random), tour: random.number(0...3) == 0 ? DemoContent.tour() : nil,
                isReadOnly: random.number(0...9) == 0)
            for event in 0..<Self.events {
                try await Self.step(&story, &random)
                let problem = Self.problem(of: story.model, drawsScreen: random.number(0...9) == 0)
                guard let problem else { continue }
                Issue.record("\(problem) after event \(event) of TIDEMARK_SEED=\(seed)")
                return
            }
        }
    }

    /// The law that a model breaks; nil if it keeps all.
    static func problem(of model: Model, drawsScreen: Bool) -> String? {
        func breaks(_ cursor: ListCursor, _ count: Int) -> Bool {
            cursor.selected < 0 || cursor.selected > max(0, count - 1) || cursor.top < 0
                || (!model.isTooSmall && cursor.top > cursor.selected)
        }
        if breaks(model.sessionList.cursor, model.sessionCount) { return "the selected session is outside of the list" }
        if breaks(model.keyList.cursor, model.keyLines.count) { return "the selected key is outside of the list" }
        if breaks(model.savepointCursor, model.workspace.work.savepoints.count + 1) {
            return "the selected savepoint is outside of the list"
        }
        if model.sessionCount > 0, model.selectedSession == nil { return "no session is selected" }
        if model.valueScroll < 0 { return "the value is scrolled to before its start" }
        if case .rollback(let menu) = model.popup, !menu.choices.indices.contains(menu.cursor.selected) {
            return "the selected target is outside of the menu"
        }
        guard drawsScreen else { return nil }
        let grid = model.view()
        if grid.size != model.size { return "the screen is \(grid.size), the model \(model.size)" }
        if grid != model.view() { return "the same model is drawn in two ways" }
        if let cursor = grid.cursor,
            !(0..<grid.size.columns).contains(cursor.column) || !(0..<grid.size.rows).contains(cursor.row)
        {
            return "the cursor is at \(cursor), outside of the screen"
        }
        return nil
    }

    private static func size(_ random: inout RandomSource) -> GridSize {
        let edges = [(0, 0), (1, 1), (59, 15), (60, 16), (59, 16), (80, 24), (100, 30), (200, 60), (79, 24), (100, 16)]
        let (columns, rows) =
            random.number(0...2) == 0
            ? random.pick(edges, or: (80, 24)) : (random.number(60...110), random.number(16...32))
        return GridSize(columns: columns, rows: rows)
    }

    private static let keys: [Key] =
        KeyTable.bindings.flatMap(\.keys) + [.backspace, .insert, .function(1), .control("a"), .control("w")]

    private static let commands = [
        "open 4711", "open shop-carts:4712", "open nobody", "use shop-carts", "use made tidemark timeout=1h",
        "set /step 1",
        "set /items/0/quantity 5", "set /a {\"b\": [1, tuple(2, null)]}", "set \"\" b\"x\"", "delete /items/0",
        "delete /step",
        "destroy", "ttl 2h", "ttl never", "savepoint", "savepoint one", "rollback base", "rollback 1",
        "rollback base /step",
        "commit", "abort", "undo", "redo", "refresh", "close", "diff", "diff store", "plan", "status", "sessions *",
        "writer set /step 2", "writer set /step 3", "writer destroy", "trips", "help set", "attach demo:",
        "attach nowhere",
        "open greeting", "open visit-counter", "open 4358694e-eb09-4c67-98ae-914a10562ce7", "get /items", "nonsense",
        "",
    ]

    private static let texts = [
        "y\nc", "茶", "👩‍👩‍👧", "e\u{301}\u{302}", "\u{202E}x", "\u{1B}[31m", "\"text\"", "{\"a\": 1}", "/a~1b", " ", "47",
        "\u{0}",
        String(repeating: "long ", count: 60),
    ]

    /// Ways to where random keys seldom get: inside of values, into conflicts, into commits that wait.
    private static let walks = [
        ["Esc", "Esc", ":open shop-carts:4711", ":open 4711", "2", "g", "j", "j", "j", "Enter", "Enter", "j", "e"],
        ["Esc", "Esc", ":open shop-carts:4711", ":set /step 1", ":writer set /step 2", "c", "y", "R"],
        ["Esc", "Esc", ":open shop-carts:4712", ":set /step 1", ":writer set /note 2", "hold", "R", "c", "y"],
        ["Esc", "Esc", ":open shop-carts:4711", ":set /step 1", "hold", "c", "y", "2", "j", "e"],
        [
            "Esc", "Esc", ":open shop-carts:4711", ":set /items/0/sku 1", "s", "Enter", ":delete /items/1", "2", "b",
            "j",
        ],
    ]

    private static func run(_ walk: [String], in story: inout Story) async throws {
        story.isHolding = false
        for step in walk {
            if step == "hold" {
                story.isHolding = true
            } else if step.hasPrefix(":") {
                try await story.run(String(step.dropFirst()))
            } else {
                try await story.press(step)
            }
        }
    }

    private static func step(_ story: inout Story, _ random: inout RandomSource) async throws {
        switch random.number(0...30) {
        case 0...15:
            await story.send(.input(.key(random.pick(keys, or: .enter))))
        case 16...17:
            try await story.press("Esc", "Esc", ":")
            await story.paste(random.pick(commands, or: ""))
            try await story.press("Enter")
        case 18: await story.paste(random.pick(texts, or: ""))
        case 19: for character in random.pick(texts, or: "").prefix(3) { await story.type(String(character)) }
        case 20...21:
            await story.mouse(
                random.pick([.press, .wheelUp, .wheelDown], or: .press), column: random.number(-2...120),
                row: random.number(-2...60))
        case 22: await story.resize(size(&random))
        case 23...24: story.isHolding = random.number(0...1) == 0
        case 25...26: if !story.held.isEmpty { try await story.answer(random.number(0...(story.held.count - 1))) }
        case 27:
            guard !story.held.isEmpty else { return }
            let failure = CommandFailure(.unreachable, "demo: did not answer")
            try await story.answer(random.number(0...(story.held.count - 1)), with: .failed(failure))
        case 28: try await run(random.pick(walks, or: []), in: &story)
        case 29: story.store.state = random.pick([.fine, .fine, .fine, .away, .cutsAnswers], or: .fine)
        default: story.clock.advance(milliseconds: Int64(random.number(0...600_000)))
        }
    }
}
