internal import SessionCore

/// A lock that is held here: what was stored when it was taken.
struct HeldLock: Hashable, Sendable {
    var lock: SessionLock
    var stored: StoredRecord
}

/// One try to take a session's lock, as its framework would: what to ask of the store next.
///
/// Waits for nothing. A record that is not there is added; one that says its lock is free is replaced, as the version that was seen.
struct LockAttempt: Hashable, Sendable {
    enum Event: Hashable, Sendable {
        case started
        /// What became of a write.
        case written(RecordOutcome)
        /// What is stored; nil if nothing is.
        case found(StoredRecord?)
    }

    enum Action: Hashable, Sendable {
        case write(RecordWrite)
        case look
        /// The lock is ours.
        case taken(HeldLock)
        /// Someone else has it; nil where it changed hands as often as it was looked at.
        case held(StoredRecord?)
        /// Nobody knows whether it was taken.
        case unsure(String)
    }

    /// How often a try looks before it takes a lock that comes and goes for a held one.
    static let mostLooks = 3

    let lock: SessionLock
    let record: LockRecord
    private var looks = 0

    init(_ lock: SessionLock, record: LockRecord) {
        self.lock = lock
        self.record = record
    }

    mutating func next(_ event: Event, at now: Timestamp) -> Action {
        switch event {
        case .started: return take(.absent, at: now)
        case .written(.written(let stored?)): return .taken(HeldLock(lock: lock, stored: stored))
        case .written(.unknown(let reason)): return .unsure(reason)
        case .written:
            looks += 1
            return looks > Self.mostLooks ? .held(nil) : .look
        case .found(nil): return take(.absent, at: now)
        case .found(let stored?):
            return record.isHeld(stored.payload) ? .held(stored) : take(.unchanged(stored), at: now)
        }
    }

    private func take(_ expectation: RecordWrite.Expectation, at now: Timestamp) -> Action {
        .write(
            RecordWrite(
                key: lock.id.key, expectation: expectation,
                change: .put(
                    payload: record.payload(at: now), flags: record.flags, expiry: .renew(record.lifetime))))
    }
}

/// How a lock that was held here ended.
enum LockEnd: Hashable, Sendable {
    case released
    /// Its life was over before the work was.
    case expired
    /// Its life was over, and another has it now, or had it since; that one was left alone.
    case overtaken
    /// It could not be released, for a reason.
    case left(String)
}

/// The release of a lock: only of the one that was taken, whatever stands under its key by now.
///
/// Requests that wait for a counted lock change its record, and it is ours all the same while it only counts up and keeps its expiry.
struct LockRelease: Hashable, Sendable {
    enum Action: Hashable, Sendable {
        case write(RecordWrite)
        case look
        case ended(LockEnd)
    }

    /// How often a lock is tried to be released that others count up in between.
    static let mostLooks = 10

    let held: HeldLock
    let record: LockRecord
    private var looks = 0

    init(_ held: HeldLock, record: LockRecord) {
        self.held = held
        self.record = record
    }

    mutating func next(_ event: LockAttempt.Event) -> Action {
        switch event {
        case .started: return release(held.stored)
        case .written(.written): return .ended(.released)
        case .written(.conflict(.gone)): return .ended(.expired)
        case .written(.conflict):
            guard record.content == .count else { return .ended(.overtaken) }
            looks += 1
            return looks > Self.mostLooks ? .ended(.left("requests that wait for it kept changing it")) : .look
        case .written(.unknown(let reason)): return .ended(.left(reason))
        case .written: return .ended(.left("the store did not write it"))
        case .found(nil): return .ended(.expired)
        case .found(let stored?):
            return record.isCountedUp(stored, from: held.stored) ? release(stored) : .ended(.overtaken)
        }
    }

    private func release(_ stored: StoredRecord) -> Action {
        let change: RecordWrite.Change =
            record.releasedPayload.map {
                .put(payload: $0, flags: stored.flags, expiry: .renew(record.lifetime))
            } ?? .delete
        return .write(RecordWrite(key: stored.key, expectation: .unchanged(stored), change: change))
    }
}
