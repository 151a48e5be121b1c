extension SessionValue: Codable {
    /// Puts the value into what is encoded.
    ///
    /// `ValueCoding` takes it as it is. Every other encoder is given its text in the notation, because no other data model
    /// has all kinds of values.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if encoder is ValueEncoder {
            try container.encode(self)
        } else if tokens(nestedDeeperThan: Notation.maximumDepth) != nil {
            // Its text could not be read back.
            throw EncodingError.invalidValue(
                self,
                EncodingError.Context(
                    codingPath: encoder.codingPath, debugDescription: CodingPlace.depthProblem))
        } else {
            try container.encode(Notation.text(of: self))
        }
    }

    /// Takes the value from what is decoded: with `ValueCoding` as it is, with every other decoder from its notation.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? ValueDecoder {
            self = decoder.value
            return
        }
        let container = try decoder.singleValueContainer()
        do {
            self = try Notation.value(parsing: container.decode(String.self))
        } catch let error as NotationError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
        }
    }
}
