public import SessionCore

/// Tidemark's own sessions: key `tidemark:<container>:<id>[:<package>]`, payload the text notation, flags 0.
///
/// A session is one record that holds its packages as maps, and may have more records, one for a package each.
public struct TidemarkProfile: SessionProfile {
    /// The profile.
    public init() {}

    /// `tidemark`.
    public var name: String { "tidemark" }
    /// `Td`.
    public var label: String { "Td" }
    /// Packages by name.
    public var layout: SessionLayout { .packages }
    /// A commit starts the container's timeout anew.
    public var expiryRule: ExpiryRule { .containerTimeout }
    /// An emptied session is deleted.
    public var deletesEmptySessions: Bool { true }
    /// The text notation.
    public var formats: [any PayloadFormat] { [NotationFormat()] }
    /// The text notation, flags 0.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (NotationFormat(), 0) }

    private static let prefix = Array("tidemark:".utf8)

    /// Claims keys with the prefix, a container and an id.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.begins(with: "tidemark:") else { return .unclaimed }
        let start = key.startIndex + Self.prefix.count
        let colon = UInt8(ascii: ":")
        guard let containerEnd = key[start...].firstIndex(of: colon), containerEnd > start else { return .unclaimed }
        let session = key[(containerEnd + 1)...]
        let sessionEnd = session.firstIndex(of: colon) ?? key.endIndex
        guard sessionEnd > session.startIndex else { return .unclaimed }
        let offset = key.startIndex
        let package = sessionEnd == key.endIndex ? nil : (sessionEnd + 1 - offset)..<(key.endIndex - offset)
        return .session(
            KeyOwner(
                container: (start - offset)..<(containerEnd - offset),
                session: (session.startIndex - offset)..<(sessionEnd - offset), package: package))
    }

    /// The prefix and the parts, joined by colons.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        let colon = [UInt8(ascii: ":")]
        return RecordKey(Self.prefix + container + colon + session + (package.map { colon + $0 } ?? []))
    }
}
