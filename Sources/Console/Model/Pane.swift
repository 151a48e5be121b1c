/// The parts of the screen that can have the focus.
public enum Pane: Int, Hashable, Sendable, CaseIterable {
    /// The sessions of a container.
    case sessions = 1
    /// The keys of the open session.
    case keys
    /// The selected value.
    case value
    /// The savepoints.
    case savepoints
    /// Dirty records and round trips.
    case backend

    /// The name in the pane's border.
    public var title: String {
        switch self {
        case .sessions: "Sessions"
        case .keys: "Keys"
        case .value: "Value"
        case .savepoints: "Savepoints"
        case .backend: "Backend"
        }
    }

    /// The pane after this one, or before it.
    func next(by step: Int) -> Pane {
        let count = Self.allCases.count
        return Pane(rawValue: (rawValue - 1 + step + count) % count + 1) ?? self
    }
}

/// How much of the screen the focused pane takes.
public enum Zoom: Int, Hashable, Sendable, CaseIterable {
    /// Its usual place.
    case normal
    /// The whole height of its column.
    case half
    /// All of the screen.
    case full
}
