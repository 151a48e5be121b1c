public import SessionCore

/// Sessions in one memcached server.
///
/// Requests share one connection and are pipelined on it; a scan has one of its own. Nothing is sent before the first
/// request, which connects and asks the server for its version, clock and limits in the same write. After a failure
/// the next request connects anew, at the earliest after a pause that grows from 0.1 s to 2 s.
///
/// Batches are not atomic: see `commit(_:)`. Tested with memcached 1.6.18; needs the meta commands of 1.6.
public final class MemcachedStore: SessionStore {
    /// `host:port`, `[::1]:port` or `unix:///path`.
    public let name: String
    /// It can scan; the server says when asked if it does not allow that.
    public let capabilities: StoreCapabilities = .scan

    private let clock: any WallClock
    private let log = TrafficLog()
    private let link: MemcachedLink
    private let scans: MetadumpScans

    /// A store at an address; connects with the first request.
    /// - Parameters:
    ///   - address: where the server listens.
    ///   - timeouts: how long to wait for it.
    ///   - clock: the clock by which expiries are told.
    public init(address: MemcachedAddress, timeouts: MemcachedTimeouts = MemcachedTimeouts(), clock: any WallClock) {
        name = address.description
        self.clock = clock
        link = MemcachedLink(address: address, timeouts: timeouts, clock: clock, log: log)
        scans = MetadumpScans(name: name, address: address, timeouts: timeouts, clock: clock, log: log)
    }

    deinit {
        scans.close()
        Task.detached { [link] in await link.close() }
    }

    /// Reads records without marking them as used.
    ///
    /// One round trip.
    public func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: StoredRecord] {
        for key in keys { try check(key) }
        guard !keys.isEmpty else { return [:] }
        let answer = try await answer(.load, keys.map { .read($0) })
        let now = clock.now()
        var records: [RecordKey: StoredRecord] = [:]
        for (key, reply) in zip(keys, answer.replies) {
            if case .item(let item) = reply { records[key] = item.record(key, at: now) }
        }
        return records
    }

    /// The revisions of records, without their payloads; the server takes it for no access.
    public func revisions(of keys: [RecordKey]) async throws(StoreError) -> [RecordKey: Revision] {
        for key in keys { try check(key) }
        guard !keys.isEmpty else { return [:] }
        let answer = try await answer(.watch, keys.map { .check($0) })
        let now = clock.now()
        var revisions: [RecordKey: Revision] = [:]
        for (key, reply) in zip(keys, answer.replies) {
            if case .item(let item) = reply { revisions[key] = item.record(key, at: now).revision }
        }
        return revisions
    }

    /// Writes a batch, each record on the condition that its revision still is the expected one.
    ///
    /// One round trip for one record that is added, deleted, or put with a new life. Two for everything else, and for a
    /// record that was loaded on an earlier connection, because a server started again counts revisions anew: all records
    /// are checked first, and nothing is written if one differs. Where another writer comes between check and write,
    /// a third puts back what was written, on the condition that nobody wrote over it.
    ///
    /// A retimed record is touched after the check; memcached cannot make that conditional. If another writer came
    /// between, its record got the new life and the outcome is the conflict.
    public func commit(_ writes: [RecordWrite]) async throws(StoreError) -> CommitReport {
        guard !writes.isEmpty else { return CommitReport(outcomes: [:]) }
        let start: (facts: ServerFacts, generation: Int?)
        do {
            start = try await link.commitStart()
        } catch {
            throw error.error(store: name)
        }
        var machine = CommitStateMachine(writes, facts: start.facts, store: name, generation: start.generation)
        var step = machine.begin(at: clock.now())
        while true {
            switch step {
            case .finish(let report): return report
            case .refuse(let error): throw error
            case .send(let purpose, let requests):
                switch await link.run(purpose, requests, onlyOn: machine.requiredGeneration) {
                case .success(let answer):
                    step = machine.answered(answer.replies, on: answer.generation, at: clock.now())
                case .failure(let failure): step = machine.failed(failure, at: clock.now())
                }
            }
        }
    }

    /// Gives records a new life; their revisions stay.
    ///
    /// One round trip.
    public func touch(_ lifetimes: [RecordKey: Lifetime]) async throws(StoreError) -> Set<RecordKey> {
        guard !lifetimes.isEmpty else { return [] }
        for key in lifetimes.keys { try check(key) }
        if let refusal = CommitRules.refusal(of: lifetimes, store: name) { throw refusal }
        let facts: ServerFacts
        do {
            facts = try await link.knownFacts()
        } catch {
            throw error.error(store: name)
        }
        let now = clock.now()
        var requests: [MemcachedRequest] = []
        let keys = lifetimes.keys.sorted()
        for key in keys {
            guard let lifetime = lifetimes[key], let expiry = facts.exptime(lifetime.secondsLeft, at: now) else {
                throw StoreError(
                    .unsupported, store: name,
                    detail: "\(key): the life would end after 2038-01-19, the last day memcached can name; "
                        + "nothing was written. Use a shorter one, or never.")
            }
            requests.append(.touch(key, expiry: expiry))
        }
        let replies = try await answer(.touch, requests).replies
        return Set(zip(keys, replies).lazy.filter { $0.1 == .done }.map(\.0))
    }

    /// Lists all keys by a metadump on a connection of its own; throws `busy` while another scan runs.
    public func scan() -> ScanStream {
        scans.start()
    }

    /// What the server says of itself now.
    ///
    /// One round trip.
    public func facts() async throws(StoreError) -> StoreFacts {
        do {
            let facts = try await link.freshFacts()
            return StoreFacts(
                product: "memcached \(facts.version)", recordCount: facts.recordCount,
                recordLimit: facts.recordLimit(flags: 0), keyLimit: WireKey.longest)
        } catch {
            throw error.error(store: name)
        }
    }

    /// What went over the wire so far.
    public func traffic() async -> StoreTraffic {
        log.snapshot
    }

    /// Ends the connection and a running scan; later requests throw `disconnected`.
    public func close() async {
        scans.close()
        await link.close()
    }

    private func check(_ key: RecordKey) throws(StoreError) {
        if let refusal = KeyRules.refusal(of: key, forWriting: false, store: name) { throw refusal }
    }

    /// The answers to commands, none of which is a `SERVER_ERROR`.
    private func answer(
        _ purpose: RoundTrip.Purpose, _ requests: [MemcachedRequest]
    ) async throws(StoreError) -> BatchAnswer {
        switch await link.run(purpose, requests) {
        case .failure(let failure): throw failure.error(store: name)
        case .success(let answer):
            for case .serverError(let words) in answer.replies {
                throw StoreError(.serverFailure, store: name, detail: "the server answered \(words).")
            }
            return answer
        }
    }
}
