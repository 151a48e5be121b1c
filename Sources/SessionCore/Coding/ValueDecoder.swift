internal import OrderedCollections

/// The decoder that a type's `init(from:)` is given.
struct ValueDecoder: Decoder {
    /// What is decoded.
    let value: SessionValue
    /// Where it stands.
    let place: CodingPlace

    var codingPath: [any CodingKey] { place.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// The decoder of what counts: of an object its state, else this.
    var opened: ValueDecoder {
        guard case .object(_, let state) = value else { return self }
        return ValueDecoder(value: state, place: place.appending(PlaceKey.state)).opened
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let opened = opened
        guard case .map(let map) = opened.value else { throw opened.mismatch(SessionMap.self, expected: "a map") }
        return KeyedDecodingContainer(KeyedDecoding(map: map, place: opened.place))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let opened = opened
        guard let values = opened.value.elements else {
            throw opened.mismatch([SessionValue].self, expected: "a list")
        }
        return UnkeyedDecoding(values: values, place: opened.place)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { SingleValueDecoding(decoder: self) }

    /// Whether this decodes as nil.
    var isNil: Bool { opened.value == .null }

    /// An instance read from the value.
    func decoded<T: Decodable>(_ type: T.Type) throws -> T {
        if let direct = type as? any DirectlyCodable.Type, let result = try direct.init(decoding: self) as? T {
            return result
        }
        guard let place = place.calling() else { throw corrupted(CodingPlace.depthProblem) }
        let result: T
        do {
            result = try T(from: ValueDecoder(value: value, place: place))
        } catch {
            let failure = CodingFailure(error)
            throw place.isPlace(of: failure) ? error : corrupted(failure.problem)
        }
        if let collection = result as? any HashedCollection, let map = opened.value.map,
            collection.count != map.count
        {
            throw opened.corrupted(
                "the map has \(map.count) keys, the dictionary would have \(collection.count): "
                    + "some are no text, or the same text to Swift")
        }
        return result
    }
}

extension ValueDecoder {
    /// An error that says what should be here; null and references are named as what they are.
    func mismatch(_ type: Any.Type, expected: String) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: "expected \(expected), found \(value.kind.rawValue)")
        switch value {
        case .null: return .valueNotFound(type, context)
        case .reference(let number):
            return corrupted("this is a second reference to node \(number), which cannot be decoded")
        default: return .typeMismatch(type, context)
        }
    }

    /// An error about a value of the right kind.
    func corrupted(_ problem: String) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: place.namedPath, debugDescription: problem))
    }
}

extension SessionValue {
    /// The values of a list, tuple or set.
    var elements: [SessionValue]? {
        switch self {
        case .list(let values), .tuple(let values), .set(let values): values
        default: nil
        }
    }
}

private struct SingleValueDecoding: SingleValueDecodingContainer {
    let decoder: ValueDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.isNil }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.decoded(type) }
}
