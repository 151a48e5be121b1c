internal import SessionCore

/// How long to go on with a lock that a request holds: decides between another try and none.
struct LockPatience: Hashable, Sendable {
    /// The most tries that can be asked for.
    static let mostTries = 1000

    /// The tries that were asked for.
    let tries: Int
    /// The tries in which the lock was held.
    private(set) var made: Int

    init(tries: Int, made: Int = 0) {
        self.tries = tries
        self.made = made
    }

    /// Counts a try in which the lock was held; gives the pause before the next in milliseconds, nil if that was the last.
    mutating func failed(_ pause: LockRecord.Pause) -> Int64? {
        made += 1
        return made < tries ? pause.milliseconds(after: made) : nil
    }
}

extension Command {
    /// Reads a number of tries.
    static func lockTries(_ text: Substring) throws(CommandFailure) -> Int {
        guard let number = Int(text), 1...LockPatience.mostTries ~= number else {
            throw CommandFailure(.usage, "commit: --lock= takes a number of tries from 1 to \(LockPatience.mostTries)")
        }
        return number
    }

    /// Reads `all`, or nothing.
    static func parseAll(_ words: inout CommandWords) throws(CommandFailure) -> Bool {
        guard let word = try words.next() else { return false }
        guard word == "all" else { throw CommandFailure(.usage, "locks: only all can follow; usage: locks [all]") }
        return true
    }
}
