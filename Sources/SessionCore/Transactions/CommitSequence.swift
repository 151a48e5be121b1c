/// The order of a two-phase commit, as a value: says which call comes next, and what to abort after a failure.
struct CommitSequence: Hashable, Sendable {
    enum Phase: Int, Hashable, Sendable {
        case begin
        case commit
        case vote
        case finish
    }

    enum Action: Hashable, Sendable {
        /// Make this call on the participant of that position.
        case call(Phase, Int)
        /// All calls were made.
        case done
    }

    private let count: Int
    private var phase = Phase.begin
    private var position = 0
    private var begun = 0

    /// A commit of so many participants, which stand in their order.
    init(count: Int) {
        self.count = count
    }

    /// The next call; the one before it succeeded.
    mutating func next() -> Action {
        if position == count, let following = Phase(rawValue: phase.rawValue + 1) {
            phase = following
            position = 0
        }
        guard position < count else { return .done }
        defer { position += 1 }
        if phase == .begin { begun = position + 1 }
        return .call(phase, position)
    }

    /// The participants to abort after a call failed: all that began, the failed one among them, last first.
    func abortedAfterFailure() -> [Int] {
        (0..<begun).reversed()
    }
}
