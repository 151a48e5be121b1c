public import SessionCore

/// Who a container is opened as.
public enum ContainerRole: String, Hashable, Sendable {
    /// An operator, who changes nothing by looking: no life is refreshed, and nothing staged is dropped for a timeout.
    case console
    /// An application: a session that was not used for the timeout is empty when it is next opened, and using one refreshes its life.
    case application
}

/// What `use` says of a container; what it does not say stays as it was.
public struct ContainerOptions: Hashable, Sendable {
    /// The profile's name; nil for whatever the store shows.
    public var profile: String?
    /// Seconds after which an unused session is gone, 0 for never; nil for as the profile has it.
    public var timeout: Int64?
    /// Seconds to which the last access is kept.
    public var resolution: Int64?
    /// How many sessions it may hold; 0 for any number.
    public var limit: Int?
    /// Whether every reading asks the store first.
    public var isLive: Bool?
    /// Who it is opened as.
    public var role: ContainerRole?

    /// Options; none by default.
    public init(
        profile: String? = nil, timeout: Int64? = nil, resolution: Int64? = nil, limit: Int? = nil,
        isLive: Bool? = nil, role: ContainerRole? = nil
    ) {
        self.profile = profile
        self.timeout = timeout
        self.resolution = resolution
        self.limit = limit
        self.isLive = isLive
        self.role = role
    }
}

/// How a container is used.
public struct ContainerSettings: Hashable, Sendable {
    /// Seconds after which an unused session is gone, 0 for never; nil if nobody said.
    public internal(set) var timeout: Int64?
    /// Seconds to which the last access is kept.
    public internal(set) var resolution: Int64 = 0
    /// How many sessions it may hold; nil for any number.
    public internal(set) var limit: Int?
    /// Whether every reading asks the store first.
    public internal(set) var isLive = false
    /// Who it is opened as.
    public internal(set) var role = ContainerRole.console

    /// When sessions time out; nil if nobody said.
    public var timing: ContainerTiming? {
        timeout.map { ContainerTiming(timeout: $0, resolution: resolution) }
    }

    /// The life that a commit gives; nil if nobody said.
    var lifetime: Lifetime? { timing?.lifetime }

    mutating func apply(_ options: ContainerOptions) {
        timeout = options.timeout ?? timeout
        resolution = options.resolution ?? resolution
        limit = options.limit.map { $0 > 0 ? $0 : nil } ?? limit
        isLive = options.isLive ?? isLive
        role = options.role ?? role
    }

    /// The settings in words, each with a comma before it.
    var words: String {
        var words = ""
        if let timing {
            words += ", timeout \(Quantities.lifetime(timing.timeout == 0 ? .never : .seconds(timing.timeout)))"
            if timing.resolution > 0 { words += ", resolution \(Quantities.lifetime(.seconds(timing.resolution)))" }
        }
        if let limit { words += ", at most \(Quantities.count(limit, "session"))" }
        if isLive { words += ", live" }
        if role == .application { words += ", as an application" }
        return words
    }
}
