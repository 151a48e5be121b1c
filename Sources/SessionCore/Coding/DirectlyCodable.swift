internal import BigInt
internal import OrderedCollections

/// A type that a kind of value is for, so that its own `encode(to:)` and `init(from:)` are not called.
protocol DirectlyCodable {
    /// The value that stands for this.
    var sessionValue: SessionValue { get }
    /// Reads what a decoder stands at.
    init(decoding decoder: ValueDecoder) throws
}

extension SessionValue: DirectlyCodable {
    var sessionValue: SessionValue { self }

    init(decoding decoder: ValueDecoder) { self = decoder.value }

    /// UTF-8 bytes as text; every other value as it is.
    var asText: SessionValue {
        guard case .bytes(let bytes) = self, let text = String(validating: bytes, as: UTF8.self) else { return self }
        return .string(text)
    }
}

extension OrderedDictionary: DirectlyCodable where Key == SessionValue, Value == SessionValue {
    var sessionValue: SessionValue { .map(self) }

    init(decoding decoder: ValueDecoder) throws {
        let decoder = decoder.opened
        guard case .map(let map) = decoder.value else { throw decoder.mismatch(Self.self, expected: "a map") }
        self = map
    }
}

extension Bool: DirectlyCodable {
    var sessionValue: SessionValue { .bool(self) }

    init(decoding decoder: ValueDecoder) throws {
        let decoder = decoder.opened
        guard case .bool(let value) = decoder.value else { throw decoder.mismatch(Self.self, expected: "a bool") }
        self = value
    }
}

extension String: DirectlyCodable {
    var sessionValue: SessionValue { .string(self) }

    init(decoding decoder: ValueDecoder) throws {
        let decoder = decoder.opened
        guard case .string(let text) = decoder.value.asText else {
            if case .bytes = decoder.value { throw decoder.corrupted("expected text, found bytes that are no UTF-8") }
            throw decoder.mismatch(Self.self, expected: "text")
        }
        self = text
    }
}

extension Array: DirectlyCodable where Element == UInt8 {
    var sessionValue: SessionValue { .bytes(self) }

    init(decoding decoder: ValueDecoder) throws {
        let decoder = decoder.opened
        if case .bytes(let bytes) = decoder.value {
            self = bytes
            return
        }
        guard let values = decoder.value.elements else { throw decoder.mismatch(Self.self, expected: "bytes") }
        self = try values.enumerated().map { index, value in
            try UInt8(
                decoding: ValueDecoder(value: value, place: decoder.place.appending(PlaceKey(intValue: index))))
        }
    }
}
