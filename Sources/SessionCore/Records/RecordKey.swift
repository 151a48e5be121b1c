/// The key of one record in a store: bytes, because memcached keys may hold anything but white space.
public struct RecordKey: Codable, Hashable, Sendable {
    /// The key's bytes, exactly as the store holds them.
    public let bytes: [UInt8]

    /// Makes a key of bytes; which keys are allowed is for the store to say.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// Makes a key of the UTF-8 bytes of some text.
    public init(_ text: String) {
        self.bytes = Array(text.utf8)
    }
}

extension RecordKey: ExpressibleByStringLiteral {
    /// Makes a key of a literal's UTF-8 bytes.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension RecordKey: Comparable {
    /// Orders keys by their bytes.
    public static func < (left: RecordKey, right: RecordKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension RecordKey: CustomStringConvertible {
    /// The key as printable text: what is not printable UTF-8 is written as `\xNN` or `\uNNNN`.
    public var description: String {
        PrintableText.escaping(bytes)
    }
}
