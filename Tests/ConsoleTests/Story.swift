import CellGrid
import Console
import SessionCommands
import SessionCore
import SessionFormats
import Synchronization

extension ProfileCatalog {
    /// The profiles as the program has them.
    static let standard = ProfileCatalog(
        FrameworkProfiles.all, last: PlainProfile(), fallback: HexFormat())
}

/// A console as a user has it, over a real workspace, runner and store, with a clock that stands still.
///
/// Every effect of a key is done to its end before the next key, so there is nothing to wait for. While `isHolding`,
/// what is asked of the store is kept in `held` and answered when the story says so.
struct Story {
    struct NoSuchKey: Error { var name: String }
    struct NothingHeld: Error { var position: Int }

    /// 08:00:00 UTC.
    static let start = Timestamp(seconds: 1_800_000_000)

    let clock = ManualClock(Self.start)
    let store: UnsteadyStore
    /// What was written to files, by their names.
    let files = StoryFiles()
    let runner: Runner
    private(set) var model: Model
    /// Whether questions to the store wait to be answered.
    var isHolding = false
    /// The questions that wait, oldest first.
    private(set) var held: [StoreEffect] = []
    /// What was put on the clipboard.
    private(set) var clipboard: [String] = []
    /// Effects on the terminal, but for the clipboard.
    private(set) var terminalEffects: [Effect] = []

    /// A console that was started on a store with the demo's records, or others.
    init(
        size: GridSize = .usual, records: [DemoRecord]? = nil, tour: Tour? = nil, isReadOnly: Bool = false,
        mark: StoreMark? = nil,
        recordLimit: Int = 1_048_576 - 59, isHolding: Bool = false
    ) async throws {
        let memory = MemoryStore(name: "demo:", clock: clock, recordLimit: recordLimit, keyLimit: 250)
        for record in try records ?? DemoContent.records() {
            await memory.loadInitialData(
                key: record.key, payload: record.payload, flags: record.flags, lifetime: record.lifetime)
        }
        let store = UnsteadyStore(memory)
        self.store = store
        let files = files
        self.runner = Runner(
            catalog: .standard, clock: clock, journal: MemoryJournal(),
            files: { path, content throws(CommandFailure) in
                files.made.withLock { $0[path] = String(decoding: content, as: UTF8.self) }
            }
        ) { address throws(CommandFailure) in
            guard address == "demo:" else {
                throw CommandFailure(.usage, "no command or store of that name: \(address)")
            }
            return OpenedStore(
                store: isReadOnly ? ReadOnlyStore(store) : store, allowsWriter: true, isReadOnly: isReadOnly, mark: mark
            )
        }
        self.model = Model(size: size, workspace: Workspace(catalog: .standard), tour: tour, now: clock.now())
        self.isHolding = isHolding
        await send(.start(address: "demo:"))
    }

    /// Presses keys by their names.
    mutating func press(_ names: String...) async throws {
        for name in names {
            guard let key = Key(name: name) else { throw NoSuchKey(name: name) }
            await send(.input(.key(key)))
        }
    }

    /// Types text, a key for each character.
    mutating func type(_ text: String) async {
        for character in text { await send(.input(.key(.character(character)))) }
    }

    /// Empties the line that is being typed, and types text.
    mutating func retype(_ text: String) async throws {
        try await press("Ctrl-E", "Ctrl-U")
        await type(text)
    }

    mutating func paste(_ text: String) async { await send(.input(.paste(text))) }

    mutating func resize(_ size: GridSize) async { await send(.input(.resize(size))) }

    mutating func mouse(_ kind: MouseEvent.Kind, column: Int, row: Int) async {
        await send(.input(.mouse(MouseEvent(kind: kind, point: GridPoint(column: column, row: row)))))
    }

    /// Runs a command by the palette, and closes what it shows.
    mutating func run(_ command: String) async throws {
        try await press(":")
        await type(command)
        try await press("Enter")
        if case .text = model.popup { try await press("Esc") }
    }

    /// Selects the key of a name in the keys pane, which must list it.
    mutating func select(_ token: String) async throws {
        try await press("2", "g")
        for _ in 0..<1000 where model.selectedPointer?.tokens.last != token { try await press("j") }
        guard model.selectedPointer?.tokens.last == token else { throw NoSuchKey(name: token) }
    }

    /// Edits the key of a name.
    mutating func edit(_ token: String, to text: String) async throws {
        try await select(token)
        try await press("e")
        try await retype(text)
        try await press("Enter")
    }

    /// Another program opens a session by its stored key, changes it and commits.
    func elsewhere(open key: String, _ commands: String...) async throws {
        let store = store
        let other = Runner(catalog: .standard, clock: clock) { _ throws(CommandFailure) in
            OpenedStore(store: store, allowsWriter: false, isReadOnly: false)
        }
        var workspace = Workspace(catalog: .standard)
        let executor = Executor(runner: other, clock: clock)
        for line in ["attach demo:", "open \(key)"] + commands + ["commit"] {
            if let failure = await executor.run(line: line, in: &workspace).failure { throw failure }
        }
    }

    /// What the store holds under a key, as text.
    func stored(_ key: RecordKey) async throws -> String? {
        try await store.base.load([key])[key].map { String(decoding: $0.payload, as: UTF8.self) }
    }

    /// Lets the store answer one held question.
    mutating func answer(_ position: Int = 0) async throws {
        guard held.indices.contains(position) else { throw NothingHeld(position: position) }
        let effect = held.remove(at: position)
        for await result in runner.results(of: effect) { await send(.result(result)) }
    }

    /// Answers all held questions, and those that follow.
    mutating func answerAll() async throws {
        while !held.isEmpty { try await answer() }
    }

    /// Gives an answer of the story's own to a held question, which stays held if more is to come.
    mutating func answer(_ position: Int = 0, with outcome: StoreResult.Outcome) async throws {
        guard held.indices.contains(position) else { throw NothingHeld(position: position) }
        let result = StoreResult(request: held[position].request, outcome: outcome, traffic: [:])
        if result.isLast { held.remove(at: position) }
        await send(.result(result))
    }

    /// Sends a message, and does everything that follows from it.
    mutating func send(_ message: Message) async {
        var messages = [message]
        while !messages.isEmpty {
            for effect in model.update(messages.removeFirst(), now: clock.now()) {
                switch effect {
                case .store(let question) where isHolding: held.append(question)
                case .store(let question):
                    for await result in runner.results(of: question) { messages.append(.result(result)) }
                case .cancel(let request): held.removeAll { $0.request == request }
                case .filterMore: messages.append(.filterMore)
                case .copy(let text): clipboard.append(text)
                case .repaint, .suspend, .useMouse, .quit, .hangUp: terminalEffects.append(effect)
                }
            }
        }
    }

    /// Whether the program has ended.
    var hasQuit: Bool { terminalEffects.contains(.quit) }

    /// The sentence in the message line.
    var said: String { model.notice?.text ?? "" }

    /// The screen as text.
    var screen: String { model.view().lines.joined(separator: "\n") }

    /// How many changes are staged.
    var staged: Int { model.workspace.work.changeCount }
}

extension GridSize {
    static let usual = GridSize(columns: 100, rows: 30)
    static let classic = GridSize(columns: 80, rows: 24)
    static let smallest = GridSize(columns: 60, rows: 16)
}

/// Files of a story.
final class StoryFiles: Sendable {
    let made = Mutex<[String: String]>([:])
}
