internal import OrderedCollections
internal import SessionCore

extension PHPSplicer {
    /// Reads what was written again, and compares it with what the edit was to give.
    func prove(
        _ expected: SessionValue, decode: ([UInt8]) throws(FormatError) -> SessionValue
    ) throws(FormatError) {
        let found = try decode(output)
        let expected = expected.asPHPReads
        guard found == expected || found == expected.renumbered(newSlot) else {
            throw FormatError(
                format: "php", problem: "what would be read is not what the edit says; the value is kept as it is")
        }
    }
}

extension SessionValue {
    /// The value as it looks when it is read again: PHP has one kind of array and one kind of text.
    fileprivate var asPHPReads: SessionValue {
        switch self {
        case .bytes(let bytes): return PHPText.text(bytes[...])
        case .list(let values): return values.isEmpty ? .emptyMap : .list(values.map(\.asPHPReads))
        case .map(let map):
            let read = Self.asPHPReads(map)
            let isList = !read.isEmpty && read.keys.enumerated().allSatisfy { $0.element == .integer($0.offset) }
            return isList ? .list(Array(read.values)) : .map(read)
        case .object(let name, .map(let map)): return .object(className: name, state: .map(Self.asPHPReads(map)))
        default: return self
        }
    }

    private static func asPHPReads(_ map: SessionMap) -> SessionMap {
        SessionMap(map.map { ($0.key.asPHPReads, $0.value.asPHPReads) }, uniquingKeysWith: { $1 })
    }
}
