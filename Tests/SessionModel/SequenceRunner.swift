internal import Glibc
internal import RandomValues
public import SessionCore
internal import Synchronization

/// A sequence of operations and the containers it is about.
public struct ModelSequence: Hashable, Sendable {
    /// The containers; operations name them by their position.
    public var containers: [ModelContainer]
    /// The steps, the first in an open transaction.
    public var operations: [ModelOperation]

    /// A sequence.
    public init(containers: [ModelContainer], operations: [ModelOperation]) {
        self.containers = containers
        self.operations = operations
    }
}

/// Runs sequences on the core and on the model at once, and finds where they part.
public struct SequenceRunner: Sendable {
    /// A store that nobody uses, and its clock; `advance` moves that clock, nil where time cannot be moved.
    public struct Ground: Sendable {
        let store: any SessionStore
        let clock: any WallClock
        let advance: (@Sendable (_ milliseconds: Int64) -> Void)?
        let tolerance: Int64

        /// A store and what tells its time.
        ///
        /// - Parameters:
        ///   - store: The store; records of other containers may be in it.
        ///   - clock: The clock by which it counts lives.
        ///   - tolerance: By how many milliseconds the ends of lives may differ.
        ///   - advance: Moves the clock.
        public init(
            store: any SessionStore, clock: any WallClock, tolerance: Int64,
            advance: (@Sendable (_ milliseconds: Int64) -> Void)?
        ) {
            self.store = store
            self.clock = clock
            self.tolerance = tolerance
            self.advance = advance
        }
    }

    private let makeGround: @Sendable () -> Ground
    /// Whether time can be moved.
    let movesTime: Bool
    private static let runs = Mutex(0)

    /// A runner over stores that are made for each run.
    ///
    /// - Parameters:
    ///   - movesTime: Whether the sequences move time; then lives are short and sessions time out.
    ///   - makeGround: Makes a store.
    public init(movesTime: Bool, _ makeGround: @escaping @Sendable () -> Ground) {
        self.movesTime = movesTime
        self.makeGround = makeGround
    }

    /// Runs over a `MemoryStore` each, by a clock that stands still between the steps.
    public static let memory = SequenceRunner(movesTime: true) {
        let clock = ManualClock(Timestamp(seconds: 1_700_000_000))
        return Ground(store: MemoryStore(name: "memory:", clock: clock), clock: clock, tolerance: 0) {
            clock.advance(milliseconds: $0)
        }
    }

    /// How many sequences a test runs: `TIDEMARK_SEQUENCES` in the environment, or its own number.
    public static func sequences(orElse count: Int) -> Int {
        getenv("TIDEMARK_SEQUENCES").flatMap { Int(String(cString: $0)) } ?? count
    }

    /// Where core and model part, as step and difference; nil if they agree to the end.
    ///
    /// After each step the sessions are compared that it can have changed, all of them after steps that are about all and at the end;
    /// a thorough run compares all after each step, and finds the same differences, earlier.
    ///
    /// `next` says what is done in the model's world; nil ends the run.
    func run(
        in containers: [ModelContainer], isThorough: Bool = false, _ next: (ModelWorld) -> ModelOperation?
    ) async -> (step: Int, problem: String)? {
        let ground = makeGround()
        let clock = SequenceClock(ground.clock)
        let run = Self.runs.withLock { runs in
            runs += 1
            return runs
        }
        var containers = containers
        for number in containers.indices { containers[number].name = "\(containers[number].name)\(run)" }
        var core: CoreWorld
        do throws(StoreError) { core = try CoreWorld(containers, over: ground.store, clock: clock) } catch {
            return (0, "no container: \(error)")
        }
        var model = ModelWorld(containers: containers)
        var comparison = WorldComparison(tolerance: ground.tolerance)
        var step = 0
        while let operation = next(model) {
            if case .advance(let milliseconds) = operation { ground.advance?(milliseconds) }
            let now = clock.now()
            let (answer, sessions) = await core.perform(operation, model)
            let outcome = sessions.isEmpty ? answer : .sessions(core.places(of: sessions))
            let expected = model.perform(operation, at: now, observed: outcome)
            guard outcome == expected || expected == .unspecified || Self.isSame(outcome, expected) else {
                return (step, "\(outcome), not \(expected)")
            }
            if operation.mayWrite, let problem = await comparison.difference(inStoreOf: core, &model, at: now) {
                return (step, problem)
            }
            let touched = isThorough ? nil : operation.touched(outcome, model)
            if let problem = comparison.difference(core, &model, in: touched) { return (step, problem) }
            step += 1
        }
        return comparison.difference(core, &model, in: nil).map { (step - 1, $0) }
    }

    /// Runs a sequence again, with all sessions compared after each step.
    func run(_ sequence: ModelSequence) async -> (step: Int, problem: String)? {
        var operations = sequence.operations.makeIterator()
        return await run(in: sequence.containers, isThorough: true) { _ in operations.next() }
    }

    private static func isSame(_ left: ModelOutcome, _ right: ModelOutcome) -> Bool {
        guard case .value(let left?) = left, case .value(let right?) = right else { return false }
        return TreeModel.sameContent(left, right)
    }
}

extension ModelOperation {
    /// Whether the store may be another one after it.
    fileprivate var mayWrite: Bool {
        switch self {
        case .store, .commit, .abort, .advance, .otherSet, .otherRemove, .otherDestroy: true
        default: false
        }
    }

    /// The sessions that it can have changed; nil for all.
    fileprivate func touched(_ outcome: ModelOutcome, _ model: ModelWorld) -> [Int]? {
        switch self {
        case .move, .regenerate, .invalidate: return nil
        default: break
        }
        if let sessionName { return model.session(sessionName).map { [$0] } ?? [] }
        if case .sessions(let numbers) = outcome { return numbers }
        switch self {
        case .advance, .otherSet, .otherRemove, .otherDestroy: return []
        default: return nil
        }
    }
}
