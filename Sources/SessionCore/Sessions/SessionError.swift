/// Why a session cannot be looked up, read or edited.
public enum SessionError: RetryableError, Hashable, Sendable {
    /// The store cannot be asked. It says nothing about the session, which may well be there.
    case store(StoreError)
    /// The transaction does not allow it: it ended, failed, or commits.
    case transaction(TransactionError)
    /// There is nothing at that place; `noKey` for a missing key.
    case place(PointerMismatch)
    /// The text is no JSON Pointer.
    case pointer(JSONPointerError)
    /// The value, or any edit, cannot be made at that place; holds the reason as a sentence.
    case refused(JSONPointer, String)
    /// A value cannot be encoded as that of a session, or decoded from one.
    case coding(ValueCodingError)
    /// The package has a record of its own that was not named on opening; holds its name.
    case packageNotLoaded(String)
    /// The id can be no session's; holds the reason as a sentence.
    case badID(String, String)

    /// Whether the work may succeed if the transaction is run again from its start.
    public var isRetryable: Bool {
        switch self {
        case .store(let error): error.isRetryable
        case .transaction(let error): error.isRetryable
        default: false
        }
    }
}

extension SessionError: CustomStringConvertible {
    /// A sentence that says what, where and what to do.
    public var description: String {
        switch self {
        case .store(let error): error.description
        case .transaction(let error): error.description
        case .place(let mismatch): mismatch.description
        case .pointer(let error): error.description
        case .refused(let pointer, let reason):
            "\(pointer.tokens.isEmpty ? "the session" : pointer.description): \(reason)"
        case .coding(let error): error.description
        case .packageNotLoaded(let name):
            "the package \(PrintableText.escaping(name)) has a record of its own and is not loaded; "
                + "name it when the session is opened"
        case .badID(let id, let reason): "no session can have the id \(PrintableText.escaping(id)): \(reason)"
        }
    }
}
