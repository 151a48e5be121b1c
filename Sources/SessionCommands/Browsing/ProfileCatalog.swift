public import SessionCore

/// The profiles the program knows, in the order they are asked whose a key is.
public struct ProfileCatalog: Sendable {
    /// The profiles; the last claims every key.
    public let profiles: [any SessionProfile]
    /// Shows a payload that no format of its profile can read.
    public let fallback: any PayloadFormat

    /// A catalog; `last` must claim every key.
    public init(_ profiles: [any SessionProfile], last: any SessionProfile, fallback: any PayloadFormat) {
        self.profiles = profiles + [last]
        self.fallback = fallback
    }

    /// The profile of a name.
    public func named(_ name: String) -> (any SessionProfile)? { profiles.first { $0.name == name } }

    /// Whose a key is: the profile's position and the parts of the key; nil if it is no session's.
    public func owner(of key: ArraySlice<UInt8>) -> (profile: Int, owner: KeyOwner)? {
        // By index: an enumeration would copy each profile for each key of a scan.
        for index in profiles.indices {
            switch profiles[index].classify(key) {
            case .session(let owner): return (index, owner)
            case .other: return nil
            case .unclaimed: continue
            }
        }
        return nil
    }
}

extension ProfileCatalog: Hashable {
    /// Whether both have profiles of the same names.
    public static func == (left: ProfileCatalog, right: ProfileCatalog) -> Bool {
        left.profiles.map(\.name) == right.profiles.map(\.name)
    }

    /// Feeds the names.
    public func hash(into hasher: inout Hasher) { hasher.combine(profiles.map(\.name)) }
}
