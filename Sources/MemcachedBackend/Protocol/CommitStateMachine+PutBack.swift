import SessionCore

/// One record to put back to its base, on the condition that it still is what was written.
struct PutBack: Hashable, Sendable {
    var key: RecordKey
    var request: MemcachedRequest
}

extension CommitStateMachine {
    /// What the answers to one write and to the reading behind it mean.
    private enum Result: Hashable {
        /// Written; what the reading behind it found.
        case written(Item?)
        case conflict(RecordConflict)
        /// Not written, because the server could not.
        case refused(String)
        case unknown(String)
    }

    /// Judges the answers to the writes, and what to put back.
    ///
    /// A failure leaves no connection to put back on.
    mutating func written(_ replies: [MemcachedReply], failure: BatchFailure?, at now: Timestamp) -> Step {
        let results = writes.indices.map { index in
            result(
                writes[index], replies.indices.contains(2 * index) ? replies[2 * index] : nil,
                replies.indices.contains(2 * index + 1) ? replies[2 * index + 1] : nil,
                reason: failure?.detail ?? "the server's answer was cut off")
        }
        var lost = false
        var wrote = false
        var words: String?
        for (write, result) in zip(writes, results) {
            switch result {
            case .written(let item):
                wrote = true
                outcomes[write.key] = .written(
                    write.isDelete ? nil : item.map { $0.record(write.key, at: now) })
            case .conflict(let conflict):
                lost = true
                outcomes[write.key] = .conflict(conflict)
            case .refused(let answer):
                lost = true
                words = words ?? answer
                outcomes[write.key] = .unknown("the server answered \(answer)")
            case .unknown(let reason):
                wrote = true
                outcomes[write.key] = .unknown(reason)
            }
        }
        if let words, !wrote, results.allSatisfy({ if case .refused = $0 { true } else { false } }) {
            return .refuse(serverFailure(words))
        }
        guard lost, wrote, failure == nil else { return finish() }
        return putBack(putBacks(results, at: now))
    }

    private func result(
        _ write: RecordWrite, _ answer: MemcachedReply?, _ reading: MemcachedReply?, reason: String
    ) -> Result {
        guard let answer else { return .unknown(reason) }
        let item: Item? = if case .item(let found) = reading { found } else { nil }
        switch answer {
        case .done:
            switch reading {
            case nil, .serverError: return .unknown("it was written, but not read back: \(reason)")
            default: break
            }
            // The touch is not guarded by a revision; this tells whether it met the record it was meant for.
            if case (.unchanged(let base), .retime) = (write.expectation, write.change), let item,
                item.revision.number != base.revision.number
            {
                return .conflict(.changed(item.revision))
            }
            return .written(item)
        case .serverError(let words): return .refused(words)
        case .notStored: return .conflict(.appeared)
        case .exists, .missing: return .conflict(item.map { .changed($0.revision) } ?? .gone)
        case .item, .version, .statistics: return .unknown("the server's answer belongs to another command")
        }
    }

    private mutating func putBacks(_ results: [Result], at now: Timestamp) -> [PutBack] {
        var all: [PutBack] = []
        for (write, result) in zip(writes, results) {
            guard case .written(let item) = result else { continue }
            if let request = request(toPutBack: write, found: item, at: now) {
                all.append(PutBack(key: write.key, request: request))
            } else {
                outcomes[write.key] = .overtaken
            }
        }
        return all
    }

    /// The write that undoes one; nil if someone wrote over it already.
    private func request(toPutBack write: RecordWrite, found: Item?, at now: Timestamp) -> MemcachedRequest? {
        switch (write.expectation, write.change) {
        case (.unchanged(let base), .delete):
            guard found == nil, let expiry = baseExpiry(base, at: now) else { return nil }
            return .add(write.key, flags: base.flags, expiry: expiry, payload: base.payload)
        case (.absent, .put(let payload, let flags, _)):
            guard let found, found.payload == payload, found.flags == flags else { return nil }
            return .delete(write.key, revision: found.revision)
        case (.unchanged(let base), .put(let payload, let flags, _)):
            guard let found, found.payload == payload, found.flags == flags else { return nil }
            guard let expiry = baseExpiry(base, at: now) else { return .delete(write.key, revision: found.revision) }
            return .compareAndSwap(
                write.key, flags: base.flags, expiry: expiry, payload: base.payload, revision: found.revision)
        case (.unchanged(let base), .retime):
            guard found != nil, let expiry = baseExpiry(base, at: now) else { return nil }
            return .touch(write.key, expiry: expiry)
        case (.absent, .delete), (.absent, .retime):
            return nil
        }
    }

    /// The number for what was left of the base's life; nil when it is over.
    private func baseExpiry(_ base: StoredRecord, at now: Timestamp) -> Int64? {
        let left = (checkedExpiries[base.key] ?? base.expiry).secondsLeft(at: now)
        return left == 0 ? nil : facts.exptime(left, at: now)
    }

    /// Judges the answers to the putting back.
    mutating func settle(_ all: [PutBack], _ replies: [MemcachedReply], failure: BatchFailure?) {
        for (index, entry) in all.enumerated() {
            switch replies.indices.contains(index) ? replies[index] : nil {
            case .done: outcomes[entry.key] = .putBack
            case .serverError(let words):
                outcomes[entry.key] = .unknown("it was written, and could not be put back: \(words)")
            case .some: outcomes[entry.key] = .overtaken
            case nil:
                let reason = failure?.detail ?? "the server's answer was cut off"
                outcomes[entry.key] = .unknown("it was written, and may not have been put back: \(reason)")
            }
        }
    }
}

extension RecordWrite {
    fileprivate var isDelete: Bool {
        if case .delete = change { true } else { false }
    }
}
