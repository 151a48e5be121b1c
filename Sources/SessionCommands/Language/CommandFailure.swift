public import SessionCore

/// Why a command did not do what it was asked: a sentence for the user and the exit code of a script.
public struct CommandFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The exit code.
    public var status: ExitStatus
    /// What, where, and what to do.
    public var message: String

    /// A failure.
    public init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The sentence.
    public var description: String { message }
}

extension CommandFailure {
    /// A store's error.
    public init(_ error: StoreError) {
        let status: ExitStatus =
            switch error.code {
            case .unreachable, .timedOut, .disconnected: .unreachable
            case .readOnly, .badKey, .unsupported, .limitReached, .constraint: .refused
            case .tooLarge, .unreadable: .undecodable
            case .missing: .notFound
            case .nonsense, .serverFailure, .busy, .cancelled: .failed
            }
        self.init(status, error.description)
    }

    /// A transaction's error.
    public init(_ error: TransactionError) {
        switch error {
        case .participant(let inner), .failed(.participant(let inner)): self.init(inner)
        case .failed, .inDoubt, .ended, .committing, .savepointInvalid, .hook, .nested, .nameTaken:
            self.init(.failed, error.description)
        case .overlap: self.init(.conflict, error.description)
        case .doomed, .savepointsUnsupported, .severalOneShotStores: self.init(.refused, error.description)
        }
    }

    private init(_ error: ParticipantError) {
        switch error.kind {
        case .store(let error): self.init(error)
        case .conflict: self.init(.conflict, error.description)
        case .incomplete: self.init(.failed, error.description)
        case .refused: self.init(.refused, error.description)
        }
    }
}
