import CellGrid
import Console
import ConsoleRuntime
import SessionCommands
import SessionCore
import Testing

/// The loop itself, with a script instead of a terminal.
@MainActor @Suite(.timeLimit(.minutes(1))) struct HeadlessTests {
    private let clock = ManualClock(Story.start)

    private func demo() async throws -> UnsteadyStore {
        let store = MemoryStore(name: "demo:", clock: clock)
        for record in try DemoContent.records() {
            await store.loadInitialData(
                key: record.key, payload: record.payload, flags: record.flags, lifetime: record.lifetime)
        }
        return UnsteadyStore(store)
    }

    private func runtime(_ terminal: any Terminal, _ store: UnsteadyStore) -> ConsoleRuntime {
        let runner = Runner(catalog: .standard, clock: clock) { _ throws(CommandFailure) in
            OpenedStore(store: store, allowsWriter: true, isReadOnly: false)
        }
        let model = Model(size: terminal.size, workspace: Workspace(catalog: .standard), now: clock.now())
        return ConsoleRuntime(model: model, runner: runner, clock: clock, terminal: terminal)
    }

    private func play(_ script: String, on store: UnsteadyStore) async throws -> HeadlessTerminal {
        let terminal = HeadlessTerminal(size: .classic, script: try KeyScript.parse(script))
        await runtime(terminal, store).run(address: "demo:")
        return terminal
    }

    private static let script = """
        /
        type 4711
        Enter
        Enter
        G
        e
        Ctrl-U
        type "address"
        Enter
        y
        resize 100x30
        c
        """

    @Test func `a script runs to its end, twice to the same screen`() async throws {
        let first = try await play(Self.script, on: demo())
        let second = try await play(Self.script, on: demo())
        #expect(first.screen.lines.contains { $0.contains("M /step \"payment\" -> \"address\"") })
        #expect(first.screen == second.screen)
        #expect(first.screen.size == .usual)
        #expect(first.clipboard == ["\"address\""])
    }

    @Test func `the screen is the one a user sees who waits for every answer`() async throws {
        let terminal = try await play(Self.script, on: demo())
        var story = try await Story(size: .classic)
        for event in try KeyScript.parse(Self.script) { await story.send(.input(event)) }
        #expect(terminal.screen == story.model.view())
    }

    @Test func `every key waits for the answers to the one before`() async throws {
        let store = try await demo()
        let terminal = try await play(Self.script + "\ny\nA\n", on: store)
        let stored = try #require(try await store.base.load(["shop-carts:4711"])["shop-carts:4711"])
        #expect(String(decoding: stored.payload, as: UTF8.self).contains("\"step\":\"address\""))
        #expect(terminal.screen.lines.contains { $0.contains("txn #3") })
    }

    @Test func `a script may be empty, and may quit before its end`() async throws {
        let empty = try await play("", on: demo())
        #expect(empty.screen.lines.contains { $0.contains("1 Sessions all") })
        let store = try await demo()
        let quit = try await play("q\n:\ntype open greeting\nEnter", on: store)
        #expect(!quit.screen.lines.contains { $0.contains("2 Keys greeting") })
    }

    @Test func `a store that is away ends no script`() async throws {
        let store = try await demo()
        store.state = .away
        let terminal = try await play("j\nEnter\nR\n?", on: store)
        #expect(terminal.screen.lines.contains { $0.contains("Help") })
    }

    @Test func `keys are answered while the store is silent`() async throws {
        let store = try await demo()
        let terminal = LiveTerminal(size: .classic)
        let run = Task { await runtime(terminal, store).run(address: "demo:") }
        try await terminal.wait(for: "greeting")
        store.state = .silent
        terminal.press(.enter)
        try await terminal.wait(for: "open greeting")
        terminal.press(.character("j"))
        terminal.press(.character("?"))
        try await terminal.wait(for: "Help: Sessions")
        terminal.press(.escape)
        store.state = .fine
        store.speak()
        try await terminal.wait(for: "2 Keys greeting")
        terminal.hangUp()
        _ = await run.value
        #expect(terminal.isClosed)
    }

    @Test func `Ctrl-C gives up what a silent store was asked`() async throws {
        let store = try await demo()
        let terminal = LiveTerminal(size: .classic)
        let run = Task { await runtime(terminal, store).run(address: "demo:") }
        try await terminal.wait(for: "greeting")
        store.state = .silent
        terminal.press(.enter)
        try await terminal.wait(for: "open greeting")
        terminal.press(.control("c"))
        try await terminal.wait(for: "cancelled")
        terminal.press(.control("c"))
        _ = await run.value
        #expect(terminal.isClosed)
    }
}

/// A terminal whose keys are pressed by a test, and whose screens it can wait for.
@MainActor
final class LiveTerminal: Terminal {
    struct Ended: Error { var waitedFor: String }

    let size: GridSize
    let events: AsyncStream<InputEvent>
    private(set) var isClosed = false
    private let keys: AsyncStream<InputEvent>.Continuation
    private let screens: AsyncStream<Grid>
    private let shown: AsyncStream<Grid>.Continuation

    init(size: GridSize) {
        self.size = size
        (events, keys) = AsyncStream.makeStream()
        (screens, shown) = AsyncStream.makeStream()
    }

    func press(_ key: Key) { keys.yield(.key(key)) }
    func hangUp() { keys.finish() }

    /// Waits until a screen shows some text; the suite's time limit is the deadline.
    func wait(for text: String) async throws {
        for await grid in screens where grid.lines.contains(where: { $0.contains(text) }) { return }
        throw Ended(waitedFor: text)
    }

    func show(_ grid: Grid) { shown.yield(grid) }
    func repaint() {}
    func suspend() {}
    func setMouse(enabled: Bool) {}
    func copyToClipboard(_ text: String) {}
    func close() {
        isClosed = true
        keys.finish()
        shown.finish()
    }
}
