import SessionCore

/// Decides a commit: what to check, what to write, what to put back, and what then is true of each record.
///
/// One record that is added, deleted, or put with a new life is one round trip: the server checks its condition with the
/// write. Everything else takes two: with several records a conflict known beforehand must not leave the others
/// written for a moment, and a life that is kept has to be asked for first (a revision does not guard it: `touch`
/// does not change it). A third puts back what was written when another record lost a race.
///
/// What was loaded on an earlier connection is checked with its payload, because revisions start anew when a server
/// does; and a write goes out on the connection of its check only. A check that itself had to go out on a new
/// connection is done again with the payload.
///
/// Behind each write stands a reading of the same record, because `STORED` does not tell the revision it made.
struct CommitStateMachine: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case send(RoundTrip.Purpose, [MemcachedRequest])
        case finish(CommitReport)
        /// Nothing was written.
        case refuse(StoreError)
    }

    enum Phase: Hashable, Sendable {
        case idle
        case checking
        case writing
        case puttingBack([PutBack])
        case ended
    }

    let writes: [RecordWrite]
    let facts: ServerFacts
    let store: String
    /// The connection the machine works on; nil until the first answer where there was none.
    private(set) var generation: Int?
    /// The connection whose revisions are taken at their word; nil for none.
    private var trustedGeneration: Int?
    private(set) var phase: Phase = .idle
    /// Expiries found by the check, by our clock.
    private(set) var checkedExpiries: [RecordKey: Expiry] = [:]
    var outcomes: [RecordKey: RecordOutcome] = [:]

    init(_ writes: [RecordWrite], facts: ServerFacts, store: String, generation: Int?) {
        self.generation = generation
        trustedGeneration = generation
        self.writes = writes
        self.facts = facts
        self.store = store
    }

    mutating func begin(at now: Timestamp) -> Step {
        if let refusal = refusal(at: now) { return .refuse(refusal) }
        guard needsCheck else { return write(at: now) }
        phase = .checking
        generation = nil
        return check()
    }

    private func check() -> Step {
        .send(.check, writes.map { isFromEarlierConnection($0) ? .read($0.key) : .check($0.key) })
    }

    /// The connection that the next step needs; nil for any.
    ///
    /// A write trusts what was learnt on one connection only.
    var requiredGeneration: Int? {
        let trusts = writes.contains { if case .unchanged = $0.expectation { true } else { false } }
        return trusts || writes.count > 1 ? generation : nil
    }

    mutating func answered(_ replies: [MemcachedReply], on generation: Int, at now: Timestamp) -> Step {
        self.generation = generation
        switch phase {
        case .checking:
            let assumed = check()
            trustedGeneration = generation
            return check() == assumed ? checked(replies, at: now) : check()
        case .writing: return written(replies, failure: nil, at: now)
        case .puttingBack(let all):
            settle(all, replies, failure: nil)
            return finish()
        case .idle, .ended: return finish()
        }
    }

    mutating func failed(_ failure: BatchFailure, at now: Timestamp) -> Step {
        switch phase {
        case .writing where failure.wasSent: return written(failure.replies, failure: failure, at: now)
        case .checking, .writing, .idle, .ended: return .refuse(failure.error(store: store))
        case .puttingBack(let all):
            settle(all, failure.replies, failure: failure)
            return finish()
        }
    }
}

extension CommitStateMachine {
    private var needsCheck: Bool {
        writes.count > 1
            || writes.contains { write in
                switch write.change {
                case .put(_, _, .keep), .retime: true
                case .put(_, _, .renew), .delete: isFromEarlierConnection(write)
                }
            }
    }

    private func isFromEarlierConnection(_ write: RecordWrite) -> Bool {
        guard case .unchanged(let base) = write.expectation else { return false }
        return base.revision.epoch != trustedGeneration
    }

    private func refusal(at now: Timestamp) -> StoreError? {
        if let refusal = CommitRules.refusal(of: writes, store: store) { return refusal }
        guard facts.hasRevisions else {
            return error(
                .unsupported,
                "the server runs without revisions (-C), so nothing can be written without the risk of "
                    + "overwriting others; nothing was written. Start it without -C.")
        }
        return writes.lazy.compactMap { refusal(of: $0, at: now) }.first
    }

    private func refusal(of write: RecordWrite, at now: Timestamp) -> StoreError? {
        var lifetime: Lifetime?
        var isPut = false
        switch write.change {
        case .delete: break
        case .retime(let renewed): lifetime = renewed
        case .put(let payload, let flags, let change):
            isPut = true
            if case .renew(let renewed) = change { lifetime = renewed }
            let size = write.key.bytes.count + payload.count
            let limit = facts.recordLimit(flags: flags)
            if size > limit {
                return error(
                    .tooLarge,
                    "\(write.key): \(size) bytes with its key, \(size - limit) more than the server takes "
                        + "(item_size_max \(facts.itemSizeMax)); nothing was written. Make the record smaller, or "
                        + "start the server with a larger -I.")
            }
        }
        if let lifetime, facts.exptime(lifetime.secondsLeft, at: now) == nil {
            return error(
                .unsupported,
                "\(write.key): the life would end after 2038-01-19, the last day memcached can name; "
                    + "nothing was written. Use a shorter one, or never.")
        }
        return KeyRules.refusal(of: write.key, forWriting: isPut, store: store)
    }

    private mutating func checked(_ replies: [MemcachedReply], at now: Timestamp) -> Step {
        for (write, reply) in zip(writes, replies) {
            if case .serverError(let words) = reply { return .refuse(serverFailure(words)) }
            if let conflict = conflict(of: write, with: reply) { outcomes[write.key] = .conflict(conflict) }
            if case .item(let item) = reply { checkedExpiries[write.key] = item.expiry(at: now) }
        }
        guard outcomes.isEmpty else {
            for write in writes where outcomes[write.key] == nil { outcomes[write.key] = .untouched }
            return finish()
        }
        return self.write(at: now)
    }

    private func conflict(of write: RecordWrite, with reply: MemcachedReply) -> RecordConflict? {
        switch (write.expectation, reply) {
        case (.absent, .item): return .appeared
        case (.unchanged, .missing): return .gone
        case (.unchanged(let base), .item(let item)):
            // A server that was started again may give the same number to other content; then the content decides.
            guard item.revision.number == base.revision.number, item.flags == base.flags,
                item.size == base.payload.count, item.payload ?? base.payload == base.payload
            else { return .changed(item.revision) }
            // A life that has ended must not be written as 0, which means never.
            if case .put(_, _, .keep) = write.change, item.secondsLeft == 0 { return .gone }
            return nil
        default: return nil
        }
    }

    private mutating func write(at now: Timestamp) -> Step {
        var requests: [MemcachedRequest] = []
        for write in writes {
            switch (write.expectation, write.change) {
            case (.absent, .put(let payload, let flags, let change)):
                guard let expiry = expiry(of: change, write.key, at: now) else { return lifeEnded(write.key) }
                requests.append(.add(write.key, flags: flags, expiry: expiry, payload: payload))
                requests.append(.read(write.key))
            case (.unchanged(let base), .put(let payload, let flags, let change)):
                guard let expiry = expiry(of: change, write.key, at: now) else { return lifeEnded(write.key) }
                requests.append(
                    .compareAndSwap(
                        write.key, flags: flags, expiry: expiry, payload: payload, revision: base.revision))
                requests.append(.read(write.key))
            case (.unchanged(let base), .delete):
                requests.append(.delete(write.key, revision: base.revision))
                requests.append(.check(write.key))
            case (_, .retime(let lifetime)):
                guard let expiry = facts.exptime(lifetime.secondsLeft, at: now) else { return lifeEnded(write.key) }
                requests.append(.touch(write.key, expiry: expiry))
                requests.append(.read(write.key))
            case (.absent, .delete):
                return lifeEnded(write.key)
            }
        }
        phase = .writing
        return .send(.write, requests)
    }

    /// The number for a put's life; nil when there is none left.
    private func expiry(of change: RecordWrite.ExpiryChange, _ key: RecordKey, at now: Timestamp) -> Int64? {
        switch change {
        case .renew(let lifetime): return facts.exptime(lifetime.secondsLeft, at: now)
        case .keep:
            guard let checked = checkedExpiries[key] else { return nil }
            let left = checked.secondsLeft(at: now)
            return left == 0 ? nil : facts.exptime(left, at: now)
        }
    }

    /// Nothing has been sent when a life turns out to have ended between check and write.
    private mutating func lifeEnded(_ key: RecordKey) -> Step {
        for write in writes { outcomes[write.key] = write.key == key ? .conflict(.gone) : .untouched }
        return finish()
    }

    mutating func putBack(_ all: [PutBack]) -> Step {
        guard !all.isEmpty else { return finish() }
        phase = .puttingBack(all)
        return .send(.putBack, all.map(\.request))
    }

    mutating func finish() -> Step {
        phase = .ended
        return .finish(CommitReport(outcomes: outcomes))
    }

    func serverFailure(_ words: String) -> StoreError {
        error(.serverFailure, "the server answered \(words); nothing was written. Does it have enough memory?")
    }

    private func error(_ code: StoreError.Code, _ detail: String) -> StoreError {
        StoreError(code, store: store, detail: detail)
    }
}
