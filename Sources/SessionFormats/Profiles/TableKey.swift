internal import SessionCore

/// Keys of records that are rows of a database: a prefix, the container, a colon and the id.
struct TableKey: Hashable, Sendable {
    private let prefix: [UInt8]

    /// The keys behind a prefix, which ends in a colon.
    init(prefix: StaticString) { self.prefix = prefix.bytes }

    /// The container up to the next colon, and the id behind it.
    func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.starts(with: prefix) else { return .unclaimed }
        let start = key.startIndex + prefix.count
        guard let colon = key[start...].firstIndex(of: UInt8(ascii: ":")), colon > start, colon + 1 < key.endIndex
        else {
            return .unclaimed
        }
        let offset = key.startIndex
        return .session(
            KeyOwner(
                container: (start - offset)..<(colon - offset), session: (colon + 1 - offset)..<(key.endIndex - offset))
        )
    }

    /// The key of a container's session.
    func key(container: [UInt8], session: [UInt8]) -> RecordKey {
        RecordKey(prefix + container + [UInt8(ascii: ":")] + session)
    }
}
