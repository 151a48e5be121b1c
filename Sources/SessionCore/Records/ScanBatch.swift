/// Some keys of a scan, as columns: a million keys are a few arrays, not a million objects.
public struct ScanBatch: Hashable, Sendable {
    /// What a scan tells about one record without reading it.
    public struct Row: Hashable, Sendable {
        /// The record's key.
        public var key: RecordKey
        /// Bytes the record takes in the store, with the store's own overhead.
        public var size: UInt32
        /// When the record ends.
        public var expiry: Expiry

        /// A scanned record.
        public init(key: RecordKey, size: UInt32, expiry: Expiry) {
            self.key = key
            self.size = size
            self.expiry = expiry
        }
    }

    /// All keys, one after the other.
    public private(set) var keyBytes: [UInt8] = []
    /// Where each key ends in `keyBytes`.
    public private(set) var keyEnds: [Int] = []
    /// Bytes each record takes in the store.
    public private(set) var sizes: [UInt32] = []
    /// When each record ends, in seconds since 1970; -1 for never.
    public private(set) var expiries: [Int64] = []

    /// A batch without keys.
    public init() {}

    /// A batch of these rows.
    public init(_ rows: some Sequence<Row>) {
        for row in rows {
            append(key: row.key.bytes, size: row.size, expirySeconds: row.expiry.seconds)
        }
    }

    /// Number of keys.
    public var count: Int { keyEnds.count }

    /// Whether there is no key.
    public var isEmpty: Bool { keyEnds.isEmpty }

    /// Makes room for so many more keys and bytes.
    public mutating func reserve(keys: Int, bytes: Int) {
        keyBytes.reserveCapacity(keyBytes.count + bytes)
        keyEnds.reserveCapacity(keyEnds.count + keys)
        sizes.reserveCapacity(sizes.count + keys)
        expiries.reserveCapacity(expiries.count + keys)
    }

    /// Adds one key; `expirySeconds` counts from 1970, -1 for never.
    public mutating func append(key: some Sequence<UInt8>, size: UInt32, expirySeconds: Int64) {
        keyBytes.append(contentsOf: key)
        keyEnds.append(keyBytes.count)
        sizes.append(size)
        expiries.append(expirySeconds)
    }

    /// Adds all keys of another batch behind these.
    public mutating func append(_ other: ScanBatch) {
        let offset = keyBytes.count
        keyBytes.append(contentsOf: other.keyBytes)
        keyEnds.append(contentsOf: other.keyEnds.lazy.map { $0 + offset })
        sizes.append(contentsOf: other.sizes)
        expiries.append(contentsOf: other.expiries)
    }

    /// Where the key of a row lies in `keyBytes`; `row` is from 0 to `count` - 1.
    public func keyRange(_ row: Int) -> Range<Int> {
        (row == 0 ? 0 : keyEnds[row - 1])..<keyEnds[row]
    }

    /// One row as a value; `row` is from 0 to `count` - 1.
    public subscript(row: Int) -> Row {
        let expiry: Expiry = expiries[row] < 0 ? .never : .at(Timestamp(seconds: expiries[row]))
        return Row(key: RecordKey(keyBytes[keyRange(row)]), size: sizes[row], expiry: expiry)
    }
}
