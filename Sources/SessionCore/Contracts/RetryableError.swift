/// An error that knows whether the same work may succeed when it is done again from its start.
///
/// `withTransaction` asks the errors that its work throws, so a layer above the core makes its own errors retryable by this.
public protocol RetryableError: Error {
    /// Whether the work may succeed if it is done again: another writer was faster, or a store was busy or away.
    var isRetryable: Bool { get }
}
