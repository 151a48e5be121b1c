public import SessionCore

/// Sessions of Tomcat in memcached-session-manager: key `ID-NODE` or `ID-NODE.ROUTE`, payload a header and the attributes, flags 0.
///
/// Follows memcached-session-manager 2.x (`SessionIdFormat.java`, `StorageKeyFormat.java`, `TranscoderService.java`): an id of 32 upper-case
/// hexadecimal digits, and before it, with `_` between, a prefix where one is configured, which is the container. The node of
/// memcached and the route belong to the id. Beside a session there may be `lock:KEY`, `validity:KEY` and `bak:KEY`.
public struct TomcatProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `tomcat`.
    public var name: String { "tomcat" }
    /// `To`.
    public var label: String { "To" }
    /// What the bytes are.
    public var formats: [any PayloadFormat] { [HexFormat()] }
    /// Bytes, flags 0: the manager stores what it encoded.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (HexFormat(), 0) }

    private static let lock: StaticString = "lock:"

    /// `JSESSIONID`.
    public var cookieNames: [String] { ["JSESSIONID"] }

    /// Takes keys with an id and a node.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        // A prefix is not empty, so no `_` stands first.
        guard Self.mayHoldID(key), let start = Self.idStart(in: key), start != 1 else { return .unclaimed }
        if key.begins(with: Self.lock) { return .other("lock") }
        if key.begins(with: "bak:") { return .other("backup copy of another server's record") }
        if key.begins(with: "validity:") { return .other("last access of a session") }
        return .session(KeyOwner(container: 0..<max(0, start - 1), session: start..<key.count))
    }

    /// The prefix and `_`, where there is one, and the id with its node.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        RecordKey(container.isEmpty ? session : container + [UInt8(ascii: "_")] + session)
    }

    /// `lock:` and the session's key.
    public func lockKey(container: [UInt8], session: [UInt8]) -> RecordKey? {
        RecordKey(Self.lock.bytes + key(container: container, session: session, package: nil).bytes)
    }

    /// What stands behind `lock:`, parted as a session's key is.
    public func lockedSession(of key: ArraySlice<UInt8>) -> LockedSession? {
        let key = Array(key)
        let owner = key.dropFirst(Self.lock.count)
        guard classify(key[...]) == .other("lock"), case .session(let parts) = classify(owner) else { return nil }
        let bytes = Array(owner)
        return LockedSession(container: bytes[parts.container], session: bytes[parts.session])
    }

    /// `locked`, for 5 s; pauses double from 10 to 500 ms.
    public var lockRecord: LockRecord? {
        LockRecord(
            .text(Array("locked".utf8)), flags: 0, lifetime: .seconds(5), pause: LockRecord.Pause(10, upTo: 500))
    }

    /// Whether one of each 32 bytes is such a digit, as it is where 32 of them stand in a row; tells most keys without reading them.
    private static func mayHoldID(_ key: ArraySlice<UInt8>) -> Bool {
        guard key.count >= 34 else { return false }
        return stride(from: key.startIndex + 31, to: key.endIndex, by: 32).contains { key[$0].isUppercaseHexDigit }
    }

    /// Where the id begins: at the front, or behind `_` or the colon of `lock:` and its like.
    private static func idStart(in key: ArraySlice<UInt8>) -> Int? {
        // The first dash behind 32 digits; a prefix may have dashes of its own.
        var digits = 0
        for index in key.indices {
            let byte = key[index]
            if byte == UInt8(ascii: "-"), digits == 32 {
                let start = index - 32 - key.startIndex
                let before = start == 0 ? nil : key[index - 33]
                return isNode(key[(index + 1)...]) && isBoundary(before, in: key) ? start : nil
            }
            digits = byte.isUppercaseHexDigit ? digits + 1 : 0
        }
        return nil
    }

    private static func isBoundary(_ byte: UInt8?, in key: ArraySlice<UInt8>) -> Bool {
        switch byte {
        case nil, UInt8(ascii: "_"): true
        case UInt8(ascii: ":"): key.begins(with: lock) || key.begins(with: "bak:") || key.begins(with: "validity:")
        default: false
        }
    }

    /// Whether this is a name, or two with a dot between.
    private static func isNode(_ text: ArraySlice<UInt8>) -> Bool {
        let dot = text.firstIndex(of: UInt8(ascii: ".")) ?? text.endIndex
        let route = text[dot...].dropFirst()
        return dot > text.startIndex && dot + 1 != text.endIndex && text[..<dot].allSatisfy(\.isURLSafe)
            && route.allSatisfy(\.isURLSafe)
    }
}
