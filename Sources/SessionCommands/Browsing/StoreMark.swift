/// What the config file says of a store: how it is called, what it is for, and whether a commit to it wants its name.
public struct StoreMark: Hashable, Sendable {
    /// When a commit wants the store's name.
    public enum Confirmation: String, Hashable, Sendable, CaseIterable {
        /// With every commit.
        case always
        /// With every commit if the store is marked `prod`.
        case prod
        /// Never; a review and its `y` are all.
        case never
    }

    /// What the journal keeps of a store.
    public enum JournalRule: String, Hashable, Sendable, CaseIterable {
        /// Drafts, and commits with their values, so that they can be taken back.
        case values
        /// Commits without values: which records were written when, and how that ended. No drafts.
        case keys
        /// Nothing.
        case off
    }

    /// The environment of production.
    public static let production = "prod"

    /// The name in the config file.
    public var name: String
    /// What it is for, such as `prod`, `staging` or `dev`; nil if the file does not say.
    public var environment: String?
    /// When a commit wants the name.
    public var confirmation: Confirmation

    /// What the journal keeps of it.
    public var journal: JournalRule

    /// A mark.
    public init(
        name: String, environment: String? = nil, confirmation: Confirmation = .prod, journal: JournalRule = .values
    ) {
        self.name = name
        self.environment = environment
        self.confirmation = confirmation
        self.journal = journal
    }

    /// Whether it is production.
    public var isProduction: Bool { environment == Self.production }

    /// Whether a commit wants the name.
    public var wantsName: Bool {
        switch confirmation {
        case .always: true
        case .prod: isProduction
        case .never: false
        }
    }

    /// Refuses what changes the store unless its name was given.
    ///
    /// Throws `refused`, with what to do.
    public func check(_ confirmed: Set<String>) throws(CommandFailure) {
        guard wantsName, !confirmed.contains(name) else { return }
        throw CommandFailure(
            .refused,
            "\(name) is \(isProduction ? "a production store" : "a store that wants its name"); nothing was written. "
                + "commit --confirm \(name) writes, in the console c and then the name, for a whole script the option --confirm \(name)"
        )
    }
}
