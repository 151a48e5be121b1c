internal import SessionCore

/// The kinds of failure that model and core must agree on.
enum ModelFailure: Error, Hashable, Sendable {
    case place
    case refused
    case notLoaded
    case badID
    case ended
    case savepointInvalid
    /// Records that are not what was loaded.
    case conflict(Set<String>)
    /// Records that cannot be merged.
    case overlap(Set<String>)
    case other(String)

    init(_ error: any Error) {
        switch error {
        case let error as SessionError: self.init(session: error)
        case let error as TransactionError: self.init(transaction: error)
        default: self = .other("\(error)")
        }
    }

    private init(session error: SessionError) {
        switch error {
        case .place: self = .place
        case .refused: self = .refused
        case .packageNotLoaded: self = .notLoaded
        case .badID: self = .badID
        case .transaction(let error): self.init(transaction: error)
        case .store, .pointer, .coding: self = .other("\(error)")
        }
    }

    private init(transaction error: TransactionError) {
        switch error {
        case .ended: self = .ended
        case .savepointInvalid: self = .savepointInvalid
        case .overlap(let overlaps): self = .overlap(Set(overlaps.map { Self.text($0.record.key) }))
        case .participant(let failure):
            guard case .conflict(let records) = failure.kind else { fallthrough }
            self = .conflict(Set(records.keys.map(Self.text)))
        default: self = .other("\(error)")
        }
    }

    private static func text(_ key: RecordKey) -> String { String(decoding: key.bytes, as: UTF8.self) }
}

/// What a step came to.
enum ModelOutcome: Hashable, Sendable {
    /// What the step names is not there.
    case skipped
    case done
    /// No session was found, and none made.
    case nothing
    /// Sessions, by their place among those of the transaction.
    case sessions([Int])
    case value(SessionValue?)
    case flag(Bool)
    case count(Int)
    case names(Set<String>)
    case failed(ModelFailure)
    /// No document says what is right.
    case unspecified
}
