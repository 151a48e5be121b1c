import SessionCommands
import SessionCore
import SessionFormats
import Testing

extension ProfileCatalog {
    /// The profiles as the program has them.
    static let standard = ProfileCatalog(
        FrameworkProfiles.all, last: PlainProfile(), fallback: HexFormat())
}

/// A workspace over stores in memory, with a clock that stands still.
struct Bench {
    let clock = ManualClock(Timestamp(seconds: 1_800_000_000))
    let store: MemoryStore
    let executor: Executor
    var workspace = Workspace(catalog: .standard)

    /// Attaches one store; `memory:` may be written, `memory:ro` is read-only.
    init(recordLimit: Int? = 1_048_576, keyLimit: Int? = 250) {
        let store = MemoryStore(name: "memory:", clock: clock, recordLimit: recordLimit, keyLimit: keyLimit)
        let other = MemoryStore(name: "memory:2", clock: clock, recordLimit: recordLimit, keyLimit: keyLimit)
        self.store = store
        let opener: StoreOpener = { address throws(CommandFailure) in
            switch address {
            case "memory:": OpenedStore(store: store, allowsWriter: true, isReadOnly: false)
            case "memory:2": OpenedStore(store: other, allowsWriter: false, isReadOnly: false)
            case "memory:prod":
                OpenedStore(
                    store: store, allowsWriter: false, isReadOnly: false,
                    mark: StoreMark(name: "shop-eu", environment: "prod"))
            case "memory:ro": OpenedStore(store: ReadOnlyStore(store), allowsWriter: false, isReadOnly: true)
            default: throw CommandFailure(.usage, "no command or store of that name: \(address)")
            }
        }
        let runner = Runner(catalog: .standard, clock: clock, journal: MemoryJournal(), opener: opener)
        self.executor = Executor(runner: runner, clock: clock)
    }

    /// Runs lines; returns all they print, failures with `! ` before them.
    @discardableResult
    mutating func run(_ lines: String...) async -> [String] {
        var output: [String] = []
        for line in lines {
            let reply = await executor.run(line: line, in: &workspace)
            output += reply.lines + (reply.failure.map { ["! \($0.message)"] } ?? [])
        }
        return output
    }

    /// Runs a line that must fail, and returns why.
    mutating func failure(_ line: String, _ place: SourceLocation = #_sourceLocation) async throws -> CommandFailure {
        let reply = await executor.run(line: line, in: &workspace)
        return try #require(reply.failure, "\(line) gave \(reply.lines)", sourceLocation: place)
    }

    /// Puts a record into the store behind everybody's back.
    func put(_ key: RecordKey, _ text: String, flags: UInt32 = 0, lifetime: Lifetime = .never) async {
        await store.loadInitialData(key: key, payload: Array(text.utf8), flags: flags, lifetime: lifetime)
    }

    /// What the store holds.
    func stored(_ key: RecordKey) async throws -> StoredRecord? { try await store.load([key])[key] }

    /// The payload of a record as text.
    func text(_ key: RecordKey) async throws -> String? {
        try await stored(key).map { String(decoding: $0.payload, as: UTF8.self) }
    }
}
