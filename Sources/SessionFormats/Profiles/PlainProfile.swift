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
        let json = JSONFormat()
        let pickle = PickleFormat()
        let php: [any PayloadFormat] = [PHPSerializedFormat(), PHPSessionFormat(), IgbinaryFormat()]
        // What the flags tell comes first: short compressed text can read as text with a strange beginning.
        var formats = (php + [json, MessagePackFormat(), TextFormat()] as [any PayloadFormat])
            .flatMap(PHPCompressionWrapper.formats(around:))
        formats.append(json)
        formats += php
        formats += [pickle, MessagePackFormat(), MarshalFormat(), JavaFormat()] as [any PayloadFormat]
        for format in [pickle, json, MarshalFormat()] as [any PayloadFormat] {
            formats.append(WrappedFormat(ZlibWrapper(), format))
        }
        for format in [json, JavaFormat()] as [any PayloadFormat] {
            formats.append(WrappedFormat(GzipWrapper(), format))
        }
        for format in [pickle, WrappedFormat(ZlibWrapper(), json), WrappedFormat(ZlibWrapper(), pickle)]
            as [any PayloadFormat]
        {
            formats.append(WrappedFormat(Base64Wrapper(), format))
        }
        // Python's clients and pecl-memcache; the types of php-memcached are numbers that mean other things elsewhere.
        formats.append(FlatNumberFormat(.integer, flags: [2, 4, 768]))
        formats.append(TextFormat())
        return formats
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
