internal import OrderedCollections

/// Reads the members of a map.
struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let map: SessionMap
    let place: CodingPlace

    var codingPath: [any CodingKey] { place.codingPath }

    var allKeys: [Key] {
        map.keys.compactMap { key in
            if case .integer(let number) = key { return Key(intValue: number) }
            guard case .string(let text) = key.asText else { return nil }
            return Key(stringValue: text)
        }
    }

    func contains(_ key: Key) -> Bool { value(for: key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(for: key).isNil }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder(for: key).decoded(type) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try decoder(for: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(for: key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { superDecoder(at: PlaceKey.super) }

    func superDecoder(forKey key: Key) -> any Decoder { superDecoder(at: key) }

    private func superDecoder(at key: any CodingKey) -> any Decoder {
        // A superclass that keeps nothing may have been left out.
        ValueDecoder(value: value(for: key) ?? .null, place: place.appending(key))
    }

    private func decoder(for key: Key) throws -> ValueDecoder {
        guard let value = value(for: key) else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: codingPath, debugDescription: "there is no such key"))
        }
        return ValueDecoder(value: value, place: place.appending(key))
    }

    private func value(for key: any CodingKey) -> SessionValue? {
        // Python 2 writes text keys as bytes, PHP numeric ones as integers.
        map[.string(key.stringValue)] ?? map[.bytes(Array(key.stringValue.utf8))]
            ?? key.intValue.flatMap { map[.integer($0)] }
    }
}

/// Reads the elements of a list, tuple or set in turn.
struct UnkeyedDecoding: UnkeyedDecodingContainer {
    let values: [SessionValue]
    let place: CodingPlace
    private(set) var currentIndex = 0

    init(values: [SessionValue], place: CodingPlace) {
        self.values = values
        self.place = place
    }

    var codingPath: [any CodingKey] { place.codingPath }
    var count: Int? { values.count }
    var isAtEnd: Bool { currentIndex == values.count }

    mutating func decodeNil() throws -> Bool {
        let isNil = try next().isNil
        if isNil { currentIndex += 1 }
        return isNil
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        try advance { try $0.decoded(type) }
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try advance { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try advance { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder {
        try advance { $0 }
    }

    /// Reads the next element and passes it, unless reading throws.
    private mutating func advance<Result>(_ read: (ValueDecoder) throws -> Result) throws -> Result {
        let result = try read(next())
        currentIndex += 1
        return result
    }

    private func next() throws -> ValueDecoder {
        let place = place.appending(PlaceKey(intValue: currentIndex))
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                SessionValue.self,
                DecodingError.Context(
                    codingPath: place.codingPath, debugDescription: "the list ends after \(values.count) elements"))
        }
        return ValueDecoder(value: values[currentIndex], place: place)
    }
}
