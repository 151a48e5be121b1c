internal import BigInt
internal import SessionCore

/// The two forms of a UUID: the whole number that Python pickles, and text in groups of 8, 4, 4, 4 and 12 digits.
enum PickleUUID {
    /// The text of a number of 128 bits; nil for another value.
    static func text(of value: SessionValue) -> String? {
        let number: BigInt
        switch value {
        case .integer(let small): number = BigInt(small)
        case .bigInteger(let big): number = big
        default: return nil
        }
        guard number.signum() >= 0, number.bitWidth <= 129 else { return nil }
        let digits = String(number, radix: 16)
        let padded = Array(String(repeating: "0", count: max(0, 32 - digits.count)) + digits)
        guard padded.count == 32 else { return nil }
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(padded[$0]) }.joined(separator: "-")
    }

    /// The number that such a text names; nil for another text.
    ///
    /// Upper case is read too.
    static func number(of text: String) -> SessionValue? {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12],
            groups.joined().allSatisfy({ $0.isASCII && $0.isHexDigit }), let number = BigInt(groups.joined(), radix: 16)
        else { return nil }
        return Int(exactly: number).map { .integer($0) } ?? .bigInteger(number)
    }
}
