/// One conditional write: what must still be true, and what then becomes of the record.
public struct RecordWrite: Codable, Hashable, Sendable {
    /// What a write demands of the store before it happens.
    public enum Expectation: Codable, Hashable, Sendable {
        /// No record has this key.
        case absent
        /// The record is still this version, which was loaded with this payload, flags and expiry.
        case unchanged(StoredRecord)
    }

    /// What becomes of the record's expiry.
    public enum ExpiryChange: Codable, Hashable, Sendable {
        /// What is left of its life when the write happens; needs an expectation of `unchanged`.
        case keep
        /// A new life, counted from the write.
        case renew(Lifetime)
    }

    /// What becomes of the record.
    public enum Change: Codable, Hashable, Sendable {
        /// Its payload is replaced.
        case put(payload: [UInt8], flags: UInt32, expiry: ExpiryChange)
        /// It is removed.
        case delete
        /// It keeps payload and flags and gets a new life.
        case retime(Lifetime)
    }

    /// The record's key.
    public var key: RecordKey
    /// What must still be true.
    public var expectation: Expectation
    /// What becomes of it.
    public var change: Change

    /// A conditional write; there is no unconditional one.
    public init(key: RecordKey, expectation: Expectation, change: Change) {
        self.key = key
        self.expectation = expectation
        self.change = change
    }
}

/// Why a conditional write did not happen: how the record differs from what was expected.
public enum RecordConflict: Codable, Hashable, Sendable {
    /// Another writer changed it; the store now holds this version.
    case changed(Revision)
    /// It is no longer there: deleted, evicted or expired.
    case gone
    /// It is there, though none was expected.
    case appeared
}

/// What became of one record of a batch.
public enum RecordOutcome: Codable, Hashable, Sendable {
    /// Written; what the store held right after, nil after a delete or when it was gone again at once.
    case written(StoredRecord?)
    /// Not written, because the record is not what was expected.
    case conflict(RecordConflict)
    /// Not written, because another record of the batch had a conflict.
    case untouched
    /// Written, then put back to what was loaded, because another record lost a race.
    case putBack
    /// Written, and could not be put back because someone wrote over it meanwhile.
    case overtaken
    /// The store did not answer; it may or may not have been written. Holds the reason.
    case unknown(String)
}

/// What became of a batch of conditional writes.
public struct CommitReport: Hashable, Sendable {
    /// One outcome for each record of the batch.
    public var outcomes: [RecordKey: RecordOutcome]

    /// A report of outcomes.
    public init(outcomes: [RecordKey: RecordOutcome]) {
        self.outcomes = outcomes
    }

    /// Whether every record was written.
    public var isComplete: Bool {
        outcomes.values.allSatisfy { if case .written = $0 { true } else { false } }
    }

    /// Whether the store holds nothing of the batch.
    public var wroteNothing: Bool {
        outcomes.values.allSatisfy { outcome in
            switch outcome {
            case .conflict, .untouched, .putBack: true
            case .written, .overtaken, .unknown: false
            }
        }
    }
}
