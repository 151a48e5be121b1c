extension MemoryStore: CountingStore {
    /// From how many entries on the store cleans up expired ones by itself.
    static let firstCleanUp = 1024

    /// How many keys of expired records wait for a sweep at most; the oldest are forgotten.
    public static let rememberedExpired = 65_536

    /// Removes the expired records of a container and returns their keys, each once.
    public func sweep(_ container: ContainerKeys) async throws(StoreError) -> [RecordKey] {
        try refuseIfClosed()
        let now = clock.now()
        cleanUp(at: now)
        let swept = untold.filter { container.session(of: $0) != nil }
        untold.removeAll { container.session(of: $0) != nil }
        count(.touch, "sweep", swept, bytesOut: 0, bytesIn: swept.reduce(0) { $0 + $1.bytes.count }, at: now)
        return swept
    }

    /// Removes what has expired, and remembers its keys.
    func cleanUp(at now: Timestamp) {
        for (key, entry) in entries where entry.expiry.isPast(at: now) {
            entries[key] = nil
            remember(key)
        }
        cleanUpCount = max(Self.firstCleanUp, entries.count * 2)
    }

    /// Cleans up when the store has doubled since the last time, so that a write costs the same whatever the size.
    func cleanUpIfLarge(at now: Timestamp) {
        if entries.count >= cleanUpCount { cleanUp(at: now) }
    }

    /// Keeps the key of a record that expired until a sweep tells of it.
    func remember(_ key: RecordKey) {
        untold.append(key)
        if untold.count > Self.rememberedExpired { untold.removeFirst(untold.count - Self.rememberedExpired / 2) }
    }

    /// Refuses a batch after which a container would hold more sessions than it may.
    func check(_ limit: SessionLimit, _ writes: [RecordWrite], at now: Timestamp) throws(StoreError) {
        var deleted: Set<RecordKey> = []
        var written: Set<ArraySlice<UInt8>> = []
        for write in writes {
            guard let session = limit.keys.session(of: write.key) else { continue }
            if case .delete = write.change { deleted.insert(write.key) } else { written.insert(session) }
        }
        guard !written.isEmpty else { return }
        var present: Set<ArraySlice<UInt8>> = []
        for (key, entry) in entries where !entry.expiry.isPast(at: now) && !deleted.contains(key) {
            if let session = limit.keys.session(of: key) { present.insert(session) }
        }
        guard !written.isSubset(of: present) else { return }
        guard present.union(written).count <= limit.maximum else {
            throw StoreError(
                .limitReached, store: name,
                detail:
                    "the container \(PrintableText.escaping(limit.keys.container)) holds \(present.count) sessions and may hold "
                    + "\(limit.maximum); nothing was written. End sessions, or wait until some expire.")
        }
    }
}
