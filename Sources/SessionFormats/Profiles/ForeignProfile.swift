public import SessionCore

/// How the sessions of an application are treated that others wrote and will read: edited, and otherwise left as they are.
public protocol ForeignProfile: SessionProfile {}

extension ForeignProfile {
    /// One unnamed package.
    public var layout: SessionLayout { .flat }
    /// The record keeps its life: when it ends is for its application to say.
    public var expiryRule: ExpiryRule { .keep }
    /// An emptied session is written empty, as its application would; some take a deleted one for an error.
    public var deletesEmptySessions: Bool { false }
}
