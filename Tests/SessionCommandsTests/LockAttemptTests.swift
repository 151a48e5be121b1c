import RandomValues
import SessionCore
import SessionFormats
import Testing

@testable import SessionCommands

/// A store of one record, with requests of a framework that lock and unlock it as theirs do, and a note of whose lock it is.
private struct LockWorld {
    enum Owner: Hashable { case nobody, us, request }

    let record: LockRecord
    let key: RecordKey = "lock"
    var now = Timestamp(seconds: 1000)
    var stored: StoredRecord?
    var owner = Owner.nobody
    private var revision: UInt64 = 0

    init(_ record: LockRecord) { self.record = record }

    private mutating func put(_ text: [UInt8], expiry: Expiry) {
        revision += 1
        stored = StoredRecord(
            key: key, payload: text, flags: record.flags, expiry: expiry, revision: Revision(revision))
    }

    private var life: Expiry { Expiry(record.lifetime, from: now) }

    /// Lets time pass.
    mutating func pass(_ milliseconds: Int64) {
        now = now.adding(milliseconds: milliseconds)
        if let stored, stored.expiry.isPast(at: now) { (self.stored, owner) = (nil, .nobody) }
    }

    /// A request asks for the lock; one that waits for a counted lock counts it up.
    mutating func ask() {
        guard let stored else {
            put(record.payload(at: now), expiry: life)
            owner = .request
            return
        }
        guard record.content == .count, let count = Int(String(decoding: stored.payload, as: UTF8.self)) else { return }
        if count == 0 { owner = .request }
        put(Array(String(count + 1).utf8), expiry: stored.expiry)
    }

    /// The request that has the lock ends.
    mutating func endRequest() {
        guard owner == .request else { return }
        owner = .nobody
        if let text = record.releasedPayload { put(text, expiry: life) } else { stored = nil }
    }

    /// A conditional write of ours, as a store does it.
    mutating func write(_ write: RecordWrite) -> RecordOutcome {
        switch (write.expectation, stored) {
        case (.absent, _?): return .conflict(.appeared)
        case (.unchanged, nil): return .conflict(.gone)
        case (.unchanged(let base), let stored?) where base.revision != stored.revision:
            return .conflict(.changed(stored.revision))
        default: break
        }
        switch write.change {
        case .put(let payload, _, .renew(let lifetime)): put(payload, expiry: Expiry(lifetime, from: now))
        case .delete: stored = nil
        default: Issue.record("no write of a lock: \(write)")
        }
        owner = stored.map { record.isHeld($0.payload) } == true ? .us : .nobody
        return .written(stored)
    }
}

@Suite struct LockAttemptTests {
    private static let profiles: [any SessionProfile] = [
        PHPMemcachedProfile(), PHPMemcacheProfile(), CodeIgniterProfile(), TomcatProfile(),
    ]

    private func lock(_ record: LockRecord) -> SessionLock {
        let container = ContainerID(store: "s", profile: "p", name: [])
        return SessionLock(
            session: SessionID(container: container, id: [1]), id: RecordID(store: "s", key: "lock"), profile: "p",
            record: record)
    }

    @Test(arguments: RandomSource.seeds(20))
    func `a lock is ours only while nobody has it, and only ours is released, whoever comes between`(
        seed: UInt64
    ) throws {
        var random = RandomSource(seed: seed)
        var endings: Set<LockEnd> = []
        var heldCount = 0
        for _ in 0..<300 {
            let profile = try #require(Self.profiles.randomElement(using: &random))
            let record = try #require(profile.lockRecord)
            var world = LockWorld(record)
            func disturb(longest: Int64) {
                for _ in 0..<Int.random(in: 0...2, using: &random) {
                    switch Int.random(in: 0...3, using: &random) {
                    case 0, 1: world.ask()
                    case 2: world.endRequest()
                    default: world.pass(Int64.random(in: 0...longest, using: &random))
                    }
                }
            }
            disturb(longest: 2000)
            var attempt = LockAttempt(lock(record), record: record)
            var action = attempt.next(.started, at: world.now)
            var held: HeldLock?
            var steps = 0
            attempting: while steps < 50 {
                steps += 1
                disturb(longest: 1000)
                switch action {
                case .write(let write):
                    let owner = world.owner
                    let outcome = world.write(write)
                    if case .written = outcome {
                        #expect(owner == .nobody, "\(profile.name) takes what a request has, seed \(seed)")
                    }
                    action = attempt.next(.written(outcome), at: world.now)
                case .look: action = attempt.next(.found(world.stored), at: world.now)
                case .taken(let taken):
                    held = taken
                    break attempting
                case .held:
                    heldCount += 1
                    break attempting
                case .unsure: Issue.record("nothing was unknown, seed \(seed)")
                }
            }
            #expect(steps < 50, "\(profile.name) does not end, seed \(seed)")
            guard let held else { continue }
            for _ in 0..<Int.random(in: 0...6, using: &random) { disturb(longest: 200_000) }
            var release = LockRelease(held, record: record)
            var next = release.next(.started)
            releasing: for _ in 0..<50 {
                disturb(longest: 100)
                switch next {
                case .write(let write):
                    let owner = world.owner
                    let outcome = world.write(write)
                    if case .written = outcome {
                        #expect(owner == .us, "\(profile.name) releases another's lock, seed \(seed)")
                        #expect(world.owner == .nobody)
                    }
                    next = release.next(.written(outcome))
                case .look: next = release.next(.found(world.stored))
                case .ended(let end):
                    endings.insert(end)
                    // One that others changed as often as it was looked at ends by itself.
                    if case .left = end { break releasing }
                    #expect(world.owner != .us, "\(profile.name) leaves its lock: \(end), seed \(seed)")
                    break releasing
                }
            }
        }
        #expect(
            heldCount > 0 && endings.isSuperset(of: [.released, .expired, .overtaken]),
            "seed \(seed): \(heldCount), \(endings)")
    }

    @Test func `a lock of which nobody knows whether it was written is not taken for ours`() throws {
        let record = try #require(PHPMemcachedProfile().lockRecord)
        var attempt = LockAttempt(lock(record), record: record)
        _ = attempt.next(.started, at: Timestamp(seconds: 1))
        #expect(attempt.next(.written(.unknown("cut")), at: Timestamp(seconds: 1)) == .unsure("cut"))
    }

    @Test func `a lock that comes and goes is held in the end`() throws {
        let record = try #require(PHPMemcachedProfile().lockRecord)
        var attempt = LockAttempt(lock(record), record: record)
        var action = attempt.next(.started, at: Timestamp(seconds: 1))
        var looks = 0
        while looks < 100 {
            if case .write = action {
                action = attempt.next(.written(.conflict(.appeared)), at: Timestamp(seconds: 1))
            } else if action == .look {
                looks += 1
                action = attempt.next(.found(nil), at: Timestamp(seconds: 1))
            } else {
                break
            }
        }
        #expect(action == .held(nil) && looks == LockAttempt.mostLooks)
    }

    @Test(arguments: [
        ("php-memcached", [150, 150, 150, 150]), ("php-memcache", [5, 10, 20, 40]),
        ("codeigniter", [1000, 1000, 1000]),
        ("tomcat", [10, 20, 40, 80, 160, 320, 500, 500]),
    ])
    func `the pauses are the framework's, and there is one less than tries`(name: String, pauses: [Int64]) throws {
        let record = try #require(Self.profiles.first { $0.name == name }?.lockRecord)
        var patience = LockPatience(tries: pauses.count + 1)
        #expect(pauses.map { _ in patience.failed(record.pause) } == pauses)
        #expect(patience.failed(record.pause) == nil && patience.made == pauses.count + 1)
        var once = LockPatience(tries: 1)
        #expect(once.failed(record.pause) == nil)
    }

    @Test(arguments: [("0", false), ("1", true), ("17", true), ("0 ", false), ("", true), ("x", true), ("-1", true)])
    func `only a zero is a counted lock that was released`(text: String, isHeld: Bool) throws {
        #expect(try #require(PHPMemcacheProfile().lockRecord).isHeld(Array(text.utf8)) == isHeld)
    }
}
