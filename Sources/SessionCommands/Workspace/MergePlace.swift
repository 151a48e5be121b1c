public import SessionCore

/// A place of an open session that changed here and in the store, and is to be decided before a commit.
public struct MergePlace: Hashable, Sendable {
    /// The session.
    public var session: SessionID
    /// The record it is in.
    public var record: RecordID
    /// The pointer in the session.
    public var pointer: JSONPointer
    /// What was loaded, what is staged, and what the store holds.
    public var conflict: MergeConflict
    /// Whether the record is gone from the store, which is then the question.
    public var isGone: Bool
    /// What was decided; nil for nothing yet.
    public var choice: MergeChoice?

    /// The session and the pointer, as messages name the place.
    public var title: String { "\(session.title) \(pointer.tokens.isEmpty ? "\"\"" : pointer.description)" }

    /// One of the place's values on one line, without what sounds secret.
    public func text(_ value: SessionValue?) -> String {
        guard let value else { return "nothing" }
        return Secrets.isSecret(conflict.path) ? Secrets.mask : Workspace.shortText(of: Secrets.masked(value))
    }

    /// Whether any of its values, or a part of one, is not shown because it sounds secret.
    public var isSecret: Bool {
        let values = [conflict.base, conflict.mine, conflict.theirs].compactMap { $0 }
        return Secrets.isSecret(conflict.path) || values.contains { Secrets.masked($0) != $0 }
    }

    /// What both sides put behind a list, the store's first; nil where anything else was changed.
    public var both: SessionValue? {
        guard case .list(let base)? = conflict.base ?? .list([]), case .list(let mine)? = conflict.mine,
            case .list(let theirs)? = conflict.theirs, mine.starts(with: base), theirs.starts(with: base)
        else { return nil }
        return .list(theirs + mine.dropFirst(base.count))
    }
}

/// What `merge` decides.
public struct MergeDecision: Hashable, Sendable {
    /// The place; nil for all of the session that are not decided yet.
    public var pointer: JSONPointer?
    /// What becomes of it.
    public var choice: MergeChoice

    /// A decision.
    public init(pointer: JSONPointer?, choice: MergeChoice) {
        self.pointer = pointer
        self.choice = choice
    }
}

extension MergeChoice {
    /// The choice as `merge` takes it.
    public var words: String {
        switch self {
        case .mine: "mine"
        case .theirs: "theirs"
        case .value(let value): Notation.text(of: value)
        }
    }
}
