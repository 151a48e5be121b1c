public import SessionCore

/// Records that no framework's profile claims: the container is what stands before the key's last colon, `(other)` without one.
public struct PlainProfile: SessionProfile {
    /// The profile.
    public init() {}

    /// `plain`.
    public var name: String { "plain" }
    /// `??`.
    public var label: String { "??" }
    /// One unnamed package.
    public var layout: SessionLayout { .flat }
    /// The record keeps its life.
    public var expiryRule: ExpiryRule { .keep }
    /// Nobody knows what an empty record means, so it is written empty.
    public var deletesEmptySessions: Bool { false }
    /// What flags and first bytes tell: structured formats, also compressed or in base64, then numbers and text.
    public var formats: [any PayloadFormat] { Self.recognisable }

    private static let recognisable: [any PayloadFormat] = {
        let pickled = PickleFormat()
        let php: [any PayloadFormat] = [PHPSerializedFormat(), PHPSessionFormat(), IgbinaryFormat()]
        let structured: [any PayloadFormat] =
            [JSONFormat()] + php + [pickled, MessagePackFormat(), MarshalFormat(), JavaFormat()]
        return structured
            + [pickled, JSONFormat(), MarshalFormat()].map { WrappedFormat(ZlibWrapper(), $0) }
            + [JSONFormat(), JavaFormat()].map { WrappedFormat(GzipWrapper(), $0) }
            + (php + [JSONFormat(), MessagePackFormat(), TextFormat()]).map {
                WrappedFormat(PHPCompressionWrapper(), $0)
            }
            + [pickled, WrappedFormat(ZlibWrapper(), JSONFormat()), WrappedFormat(ZlibWrapper(), pickled)]
            .map { WrappedFormat(Base64Wrapper(), $0) }
            // Python's clients and the numbers of Node's; PHP's own types are told by 4 bits that mean other things elsewhere.
            + [FlatNumberFormat(.integer, flags: [2, 4]), FlatNumberFormat(.integer, flags: [768]), TextFormat()]
    }()
    /// JSON, flags 0.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (JSONFormat(), 0) }

    /// Claims every key.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard let colon = key.lastIndex(of: UInt8(ascii: ":")), colon > key.startIndex, colon + 1 < key.endIndex else {
            return .session(KeyOwner(container: 0..<0, session: 0..<key.count))
        }
        let offset = key.startIndex
        return .session(KeyOwner(container: 0..<(colon - offset), session: (colon + 1 - offset)..<key.count))
    }

    /// The container, a colon and the id; the id alone without a container.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        RecordKey(container.isEmpty ? session : container + [UInt8(ascii: ":")] + session)
    }
}
