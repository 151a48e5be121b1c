/// The encoder that an instance's `encode(to:)` is given.
struct ValueEncoder: Encoder {
    let node: EncodedNode

    var codingPath: [any CodingKey] { node.place.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.beginMap()
        return KeyedEncodingContainer(KeyedEncoding(node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.beginList()
        return UnkeyedEncoding(node: node)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleValueEncoding(node: node)
    }
}

// One generic `encode` stands for the protocols' many: `CodingPlace.value(encoding:)` tells the types apart.

private struct SingleValueEncoding: SingleValueEncodingContainer {
    let node: EncodedNode

    var codingPath: [any CodingKey] { node.place.codingPath }

    func encodeNil() { node.set(.null) }

    func encode<T: Encodable>(_ value: T) throws { node.set(try node.place.value(encoding: value)) }
}

private struct UnkeyedEncoding: UnkeyedEncodingContainer {
    let node: EncodedNode

    var codingPath: [any CodingKey] { node.place.codingPath }
    var count: Int { node.count }

    func encodeNil() { node.append(.null) }

    func encode<T: Encodable>(_ value: T) throws {
        node.append(try node.place.appending(PlaceKey(intValue: count)).value(encoding: value))
    }

    func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        ValueEncoder(node: node.appendNode()).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        ValueEncoder(node: node.appendNode()).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { ValueEncoder(node: node.appendNode()) }
}

private struct KeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: EncodedNode

    var codingPath: [any CodingKey] { node.place.codingPath }

    func encodeNil(forKey key: Key) { node.set(.null, for: key) }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        node.set(try node.place.appending(key).value(encoding: value), for: key)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        ValueEncoder(node: node.node(for: key, reusing: true)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        ValueEncoder(node: node.node(for: key, reusing: true)).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { ValueEncoder(node: node.node(for: PlaceKey.super, reusing: false)) }

    func superEncoder(forKey key: Key) -> any Encoder { ValueEncoder(node: node.node(for: key, reusing: false)) }
}
