import OrderedCollections
import SessionCore
import SessionFormats

/// Sessions to measure with: one map of text keys, half of the values text and half numbers.
enum SampleSession {
    /// The content of a session with so many keys.
    static func map(keys: Int) -> SessionMap {
        SessionMap(
            uniqueKeysWithValues: (0..<keys).map { number in
                let value: SessionValue =
                    number.isMultiple(of: 2) ? .string("value of key \(number)") : .integer(number)
                return (.string("key-\(number)"), value)
            })
    }

    /// The key that is edited, the last one, and not in any way special to `UnitOfWork`.
    static func editedKey(keys: Int) -> SessionValue { .string("key-\(keys - 1)") }

    /// A record as a store would give it, loaded; its session is in JSON and keeps its life.
    static func record(keys: Int) throws -> LoadedRecord {
        let key = RecordKey("carts:\(keys)")
        let stored = StoredRecord(
            key: key, payload: try JSONFormat().encode(.map(map(keys: keys))), flags: 0, expiry: .never,
            revision: Revision(1))
        return LoadedRecord(
            id: RecordID(store: "bench", key: key), stored: stored, profile: PlainProfile(), fallback: HexFormat(),
            lifetime: .never)
    }
}
