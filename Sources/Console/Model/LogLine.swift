public import SessionCore

/// Something that happened, for the log.
public struct LogLine: Hashable, Sendable {
    /// When.
    public var moment: Timestamp
    /// What, on one line.
    public var text: String
    /// Whether it is a failure.
    public var isFailure: Bool
}

/// What the message line says.
public struct Notice: Hashable, Sendable {
    /// How much it matters.
    public enum Weight: Hashable, Sendable {
        /// Something was done.
        case done
        /// Something is under way.
        case waiting
        /// Something needs attention.
        case warning
        /// Something failed.
        case failure
    }

    /// How much it matters.
    public var weight: Weight
    /// The sentence.
    public var text: String
}
