public import SessionCore

/// Sessions of Express: key `sess:` and an id of 32 URL-safe characters, payload JSON, flags 2.
///
/// Follows connect-memcached with the prefix `sess:` and the ids of uid-safe (24 random bytes in base64). Other prefixes are chosen by
/// `use NAME express`, the empty one, which is connect-memcached's default, is the container `(other)`.
public struct ExpressProfile: SessionProfile {
    /// The profile.
    public init() {}

    /// `express`.
    public var name: String { "express" }
    /// `Ex`.
    public var label: String { "Ex" }
    /// One unnamed package.
    public var layout: SessionLayout { .flat }
    /// The record keeps its life.
    public var expiryRule: ExpiryRule { .keep }
    /// An emptied session is written empty, as Express would.
    public var deletesEmptySessions: Bool { false }
    /// JSON, else what the bytes are.
    public var formats: [any PayloadFormat] { [JSONFormat(), TextFormat()] }
    /// JSON, flags 2: what the `memcached` package writes for an object.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (JSONFormat(), 2) }

    private static let prefix = Array("sess:".utf8)

    /// Claims keys with the prefix and an id of the right length and characters.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.starts(with: Self.prefix) else { return .unclaimed }
        let id = key.dropFirst(Self.prefix.count)
        guard id.count == 32, id.allSatisfy(Self.isURLSafe) else { return .unclaimed }
        return .session(KeyOwner(container: 0..<(Self.prefix.count - 1), session: Self.prefix.count..<key.count))
    }

    /// The container, a colon and the id; the id alone in `(other)`.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        PlainProfile().key(container: container, session: session, package: package)
    }

    private static func isURLSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
