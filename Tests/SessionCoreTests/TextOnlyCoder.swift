/// A foreign encoder that takes one text.
final class TextOnlyEncoder: Encoder, SingleValueEncodingContainer {
    private(set) var text = ""

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> { fatalError("takes text only") }
    func unkeyedContainer() -> any UnkeyedEncodingContainer { fatalError("takes text only") }

    func encodeNil() throws { throw TextOnly() }
    func encode(_ value: String) throws { text = value }
    func encode<T: Encodable>(_ value: T) throws { throw TextOnly() }
}

/// A foreign decoder that holds one text.
struct TextOnlyDecoder: Decoder, SingleValueDecodingContainer {
    var text: String

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }
    func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> { throw TextOnly() }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw TextOnly() }

    func decodeNil() -> Bool { false }
    func decode(_ type: String.Type) throws -> String { text }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { throw TextOnly() }
}

/// The coders were asked for something else than text.
private struct TextOnly: Error {}
