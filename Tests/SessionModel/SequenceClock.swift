internal import SessionCore
internal import Synchronization

/// The clock of a sequence: that of the store, set back while sessions are compared.
///
/// Reading a session counts as using it, and comparing must not. A clock that was set back does not make a session look used.
final class SequenceClock: WallClock {
    private let base: any WallClock
    private let isSetBack = Mutex(false)

    init(_ base: any WallClock) {
        self.base = base
    }

    func now() -> Timestamp {
        isSetBack.withLock { $0 } ? Timestamp(milliseconds: 0) : base.now()
    }

    func setBack<Result>(_ body: () -> Result) -> Result {
        isSetBack.withLock { $0 = true }
        defer { isSetBack.withLock { $0 = false } }
        return body()
    }
}
