public import SessionCore

/// A profile that a config file describes: a pattern of keys, formats, flags, what a commit does to expiry, and locks.
///
/// A pattern is text with fields: `{id}`, `{container}` if keys name one, and `{package}` at its end if packages have records of their
/// own, which a session's own record is without. `{id|md5}` and `{id|sha256}` stand for lower-case hexadecimal digests of the id. `{{` and `}}`
/// are braces. A field ends where the text behind it first comes. A pattern whose texts have neither letter nor digit takes no
/// keys, for it would take everybody's; `use NAME PROFILE` still opens sessions with it.
public struct PatternProfile: SessionProfile {
    /// As configured.
    public let name: String
    /// As configured, else the first two letters of the name.
    public let label: String
    /// As configured; `keep` unless it says otherwise.
    public let expiryRule: ExpiryRule
    /// As configured, in their order.
    public let formats: [any PayloadFormat]
    /// The first of the formats, and the flags as configured.
    public let newRecord: (format: any PayloadFormat, flags: UInt32)
    private let pattern: KeyPattern
    private let locks: KeyPattern?
    private let isTelling: Bool

    /// Packages by name where the pattern has them, else one unnamed package.
    public var layout: SessionLayout { pattern.has(.package) ? .packages : .flat }
    /// Others read these records, so an emptied session is written empty.
    public var deletesEmptySessions: Bool { false }
    /// Whether the pattern has a digest for the id.
    public var hashesKeys: Bool { pattern.digest != nil }

    /// The profile that settings describe.
    ///
    /// - Parameters:
    ///   - settings: What the config file says.
    ///   - known: The formats that can be named.
    ///   - taken: Names of other profiles.
    /// - Throws: A `PatternProfileError` for the first setting that cannot be used.
    public init(
        _ settings: PatternSettings, known: [any PayloadFormat] = FormatCatalog.all,
        taken: [String] = FrameworkProfiles.all.map(\.name) + [PlainProfile().name]
    ) throws(PatternProfileError) {
        let check = PatternCheck(settings: settings)
        try check.name(taken: taken)
        name = settings.name
        label = try check.label()
        expiryRule = try check.expiry()
        let (formats, flags) = (try check.formats(known: known), try check.flags())
        guard let first = formats.first else {
            throw check.failure("formats", "none is given", "name one, such as json")
        }
        self.formats = formats
        newRecord = (first, flags)
        pattern = try check.pattern(settings.key, of: "key")
        locks = try check.locks(of: pattern)
        isTelling = pattern.isTelling
    }

    /// Takes the keys that the pattern matches; those of locks are none of them.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        if let locks, locks.owner(of: key) != nil { return .other("lock") }
        guard isTelling, let owner = pattern.owner(of: key) else { return .unclaimed }
        return .session(owner)
    }

    /// The pattern with its fields filled in.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        RecordKey(pattern.key(container: container, session: session, package: package))
    }

    /// The pattern of locks with its fields filled in.
    public func lockKey(container: [UInt8], session: [UInt8]) -> RecordKey? {
        locks.map { RecordKey($0.key(container: container, session: session, package: nil)) }
    }

    /// The fields of the pattern of locks; what their records hold is not configured.
    public func lockedSession(of key: ArraySlice<UInt8>) -> LockedSession? {
        let key = Array(key)
        guard let owner = locks?.owner(of: key[...]) else { return nil }
        return LockedSession(container: key[owner.container], session: key[owner.session])
    }
}
