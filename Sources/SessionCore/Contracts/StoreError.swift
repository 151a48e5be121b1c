/// Why a store could not do what it was asked.
///
/// Missing records are an answer, never an error.
public struct StoreError: RetryableError, Hashable, Sendable {
    /// The kinds of failure a caller may want to tell apart.
    public enum Code: Hashable, Sendable {
        /// No connection could be made.
        case unreachable
        /// The store did not connect or answer in time.
        case timedOut
        /// The connection ended before the answer did.
        case disconnected
        /// The answer is not one the protocol allows here.
        case nonsense
        /// The store answered that it cannot, in its own words.
        case serverFailure
        /// Another scan is running; the server allows one at a time.
        case busy
        /// The store was opened read-only.
        case readOnly
        /// The key cannot be stored: too long, empty, or with bytes the store does not take.
        case badKey
        /// The record is larger than the store takes.
        case tooLarge
        /// The store cannot do this at all.
        case unsupported
        /// The container holds as many sessions as it may.
        case limitReached
        /// There is no such store, as for a file that does not exist.
        case missing
        /// What is stored is damaged, or of a kind that is not known.
        case unreadable
        /// A rule that the store itself keeps forbids the change, such as a foreign key.
        case constraint
        /// The caller gave up waiting.
        case cancelled
    }

    /// The kind of failure.
    public var code: Code
    /// The store's address, as the user wrote it.
    public var store: String
    /// What happened and what to do, as a sentence without the store's name.
    public var detail: String

    /// An error of a store.
    public init(_ code: Code, store: String, detail: String) {
        self.code = code
        self.store = store
        self.detail = detail
    }

    /// Whether the same request may succeed later without anything being changed.
    public var isRetryable: Bool {
        switch code {
        case .unreachable, .timedOut, .disconnected, .busy, .cancelled: true
        case .nonsense, .serverFailure, .readOnly, .badKey, .tooLarge, .unsupported, .limitReached, .missing,
            .unreadable,
            .constraint:
            false
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// The sentence shown to a user, starting with the store's address.
    public var description: String { Self.sentence(about: store, detail) }

    /// An address and what is said of it; addresses such as `demo:` end in a colon of their own.
    public static func sentence(about store: String, _ detail: String) -> String {
        store.hasSuffix(":") ? "\(store) \(detail)" : "\(store): \(detail)"
    }
}
