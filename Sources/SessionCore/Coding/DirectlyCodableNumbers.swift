internal import BigInt

extension DirectlyCodable where Self: FixedWidthInteger {
    var sessionValue: SessionValue { Int(exactly: self).map { .integer($0) } ?? .bigInteger(BigInt(self)) }

    init(decoding decoder: ValueDecoder) throws {
        let decoder = decoder.opened
        let number: Self?
        switch decoder.value {
        case .integer(let value): number = Self(exactly: value)
        case .bigInteger(let value): number = value.converted()
        default: throw decoder.mismatch(Self.self, expected: "an integer")
        }
        guard let number else { throw decoder.doesNotFit(Self.self) }
        self = number
    }
}

extension Int: DirectlyCodable {}
extension Int8: DirectlyCodable {}
extension Int16: DirectlyCodable {}
extension Int32: DirectlyCodable {}
extension Int64: DirectlyCodable {}
extension Int128: DirectlyCodable {}
extension UInt: DirectlyCodable {}
extension UInt8: DirectlyCodable {}
extension UInt16: DirectlyCodable {}
extension UInt32: DirectlyCodable {}
extension UInt64: DirectlyCodable {}
extension UInt128: DirectlyCodable {}

extension BigInt: DirectlyCodable {
    var sessionValue: SessionValue { converted().map { .integer($0) } ?? .bigInteger(self) }

    init(decoding decoder: ValueDecoder) throws {
        let decoder = decoder.opened
        switch decoder.value {
        case .integer(let value): self.init(value)
        case .bigInteger(let value): self = value
        default: throw decoder.mismatch(Self.self, expected: "an integer")
        }
    }

    /// The same number in a fixed width; nil if it does not fit.
    fileprivate func converted<T: FixedWidthInteger>() -> T? {
        // Not `T(exactly:)`, which takes -2^127 - 1 for an `Int128`.
        let number = T(truncatingIfNeeded: self)
        return BigInt(number) == self ? number : nil
    }
}

extension Double: DirectlyCodable {
    var sessionValue: SessionValue { .double(self) }

    init(decoding decoder: ValueDecoder) throws {
        let decoder = decoder.opened
        let number: Double?
        switch decoder.value {
        case .double(let value): number = value
        case .integer(let value): number = Double(exactly: value)
        case .bigInteger(let value):
            let rounded = Double(value)
            number = BigInt(exactly: rounded) == value ? rounded : nil
        default: throw decoder.mismatch(Self.self, expected: "a number")
        }
        guard let number else { throw decoder.doesNotFit(Self.self) }
        self = number
    }
}

extension Float: DirectlyCodable {
    var sessionValue: SessionValue { .double(Double(self)) }

    init(decoding decoder: ValueDecoder) throws {
        let wide = try Double(decoding: decoder)
        // A decimal fraction such as 0.1 is rounded in any width; a size that only the wider type has is not.
        let number = Float(wide)
        let decoder = decoder.opened
        if case .double = decoder.value {
            guard number.isFinite == wide.isFinite else { throw decoder.doesNotFit(Self.self) }
        } else {
            guard Double(number) == wide else { throw decoder.doesNotFit(Self.self) }
        }
        self = number
    }
}

extension ValueDecoder {
    fileprivate func doesNotFit(_ type: Any.Type) -> DecodingError {
        corrupted("\(Notation.text(of: value)) does not fit \(type)")
    }
}
