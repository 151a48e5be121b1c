public import OrderedCollections
public import SessionCore

/// The keys of a store as a scan told them, grouped into containers.
///
/// Columns and row numbers: a million keys take some tens of megabytes, and adding a batch costs its own size.
public struct KeyIndex: Hashable, Sendable {
    /// One session in a listing.
    public struct Row: Hashable, Sendable {
        /// Which session.
        public var session: SessionID
        /// Bytes its records take in the store, as far as scanned: of its first record.
        public var size: UInt32
        /// When its record ends.
        public var expiry: Expiry

        /// A listed session.
        public init(session: SessionID, size: UInt32, expiry: Expiry) {
            self.session = session
            self.size = size
            self.expiry = expiry
        }
    }

    /// The rows of one container.
    public struct Container: Hashable, Sendable {
        /// Row numbers in the columns, one for each session.
        public fileprivate(set) var rows: [Int32] = []
        /// Bytes of all its records.
        public fileprivate(set) var bytes = 0
        /// Ids of sessions of which several records may come.
        fileprivate var partIDs: Set<[UInt8]> = []
    }

    private struct GroupKey: Hashable {
        var profile: Int
        var name: [UInt8]
    }

    private var columns = ScanBatch()
    private var sessionRanges: [Range<Int32>] = []
    /// The position of each key's container in `containers`; -1 for a key that is no session's.
    private var containerOrdinals: [Int32] = []
    private var groups: [GroupKey: ContainerID] = [:]
    /// The containers, in the order their first key came.
    public private(set) var containers: OrderedDictionary<ContainerID, Container> = [:]
    /// Keys that belong to a framework but are no session.
    public private(set) var otherKeyCount = 0
    /// The locks that frameworks keep beside sessions, by the key of the session's record.
    public private(set) var locks: [RecordKey: ScannedLock] = [:]
    /// Sessions in all containers.
    public private(set) var sessionCount = 0

    /// An index without keys.
    public init() {}

    /// Keys scanned.
    public var keyCount: Int { columns.count }

    /// Adds a batch of keys of a store.
    public mutating func add(_ batch: ScanBatch, store: String, catalog: ProfileCatalog) {
        let first = columns.count
        columns.append(batch)
        sessionRanges.reserveCapacity(columns.count)
        var current: (key: GroupKey, container: Container)?
        for row in 0..<batch.count {
            let range = batch.keyRange(row)
            let key = batch.keyBytes[range]
            guard let (profile, owner) = catalog.owner(of: key) else {
                sessionRanges.append(0..<0)
                containerOrdinals.append(-1)
                otherKeyCount += 1
                if let found = catalog.lock(of: key, expiry: batch[row].expiry) { locks[found.session] = found.lock }
                continue
            }
            sessionRanges.append(Int32(owner.session.lowerBound)..<Int32(owner.session.upperBound))
            let name = key[
                (range.lowerBound + owner.container.lowerBound)..<(range.lowerBound + owner.container.upperBound)]
            // Keys of one container often come in runs; the container is taken out of the dictionary while a run lasts.
            if current?.key.profile != profile || current.map({ $0.key.name.elementsEqual(name) }) != true {
                put(back: current)
                let group = GroupKey(profile: profile, name: Array(name))
                current = (group, take(group, store: store, catalog: catalog))
            }
            containerOrdinals.append(current.map { ordinal(of: $0.key) } ?? -1)
            let isNew = owner.package == nil || addPart(of: owner, key: key, to: &current)
            current?.container.bytes += Int(batch.sizes[row])
            if isNew {
                current?.container.rows.append(Int32(first + row))
                sessionCount += 1
            }
        }
        put(back: current)
    }

    private mutating func take(_ group: GroupKey, store: String, catalog: ProfileCatalog) -> Container {
        let id: ContainerID
        if let known = groups[group] {
            id = known
        } else {
            id = ContainerID(store: store, profile: catalog.profiles[group.profile].name, name: group.name)
            groups[group] = id
        }
        let container = containers[id] ?? Container()
        containers[id] = Container()
        return container
    }

    private func ordinal(of group: GroupKey) -> Int32 {
        groups[group].flatMap { containers.index(forKey: $0) }.map(Int32.init) ?? -1
    }

    private mutating func put(back current: (key: GroupKey, container: Container)?) {
        guard let current, let id = groups[current.key] else { return }
        containers[id] = current.container
    }

    private func addPart(
        of owner: KeyOwner, key: ArraySlice<UInt8>, to current: inout (key: GroupKey, container: Container)?
    ) -> Bool {
        let start = key.startIndex
        let id = Array(key[(start + owner.session.lowerBound)..<(start + owner.session.upperBound)])
        return current?.container.partIDs.insert(id).inserted ?? true
    }

    /// The container of a row.
    public func container(of row: Int32) -> ContainerID? {
        let ordinal = Int(containerOrdinals[Int(row)])
        return ordinal < 0 ? nil : containers.elements[ordinal].key
    }

    /// One row of a container; `row` is one of its row numbers.
    public func row(_ row: Int32, of container: ContainerID) -> Row {
        let scanned = columns[Int(row)]
        return Row(
            session: SessionID(container: container, id: Array(sessionBytes(row))), size: scanned.size,
            expiry: scanned.expiry)
    }

    /// The id's bytes of a row, without copying.
    public func sessionBytes(_ row: Int32) -> ArraySlice<UInt8> {
        let start = columns.keyRange(Int(row)).lowerBound
        let range = sessionRanges[Int(row)]
        return columns.keyBytes[(start + Int(range.lowerBound))..<(start + Int(range.upperBound))]
    }

    /// The row numbers of a container ordered by id, without keys that came twice.
    public func sortedRows(of container: ContainerID) -> [Int32] {
        let rows = (containers[container]?.rows ?? []).sorted {
            sessionBytes($0).lexicographicallyPrecedes(sessionBytes($1))
        }
        var result: [Int32] = []
        result.reserveCapacity(rows.count)
        for row in rows where result.last.map({ sessionBytes($0) != sessionBytes(row) }) ?? true { result.append(row) }
        return result
    }

    /// Row numbers whose id, or whole key, contains some bytes, among `rows`.
    public func rows(_ rows: ArraySlice<Int32>, containing needle: [UInt8], inWholeKey: Bool = false) -> [Int32] {
        rows.filter { row in
            let text = inWholeKey ? columns.keyBytes[columns.keyRange(Int(row))] : sessionBytes(row)
            return Self.contains(text, needle)
        }
    }

    /// Whether bytes contain others; upper and lower case ASCII letters are alike.
    public static func contains(_ text: ArraySlice<UInt8>, _ needle: [UInt8]) -> Bool {
        guard let first = needle.first.map(lowercased) else { return true }
        guard text.count >= needle.count else { return false }
        for start in text.startIndex...(text.endIndex - needle.count) where lowercased(text[start]) == first {
            var index = 1
            while index < needle.count, lowercased(text[start + index]) == lowercased(needle[index]) { index += 1 }
            if index == needle.count { return true }
        }
        return false
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte + 32 : byte
    }
}
