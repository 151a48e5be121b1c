extension SessionContainer {
    /// Removes the sessions that have expired, and tells of each.
    ///
    /// Run it from time to time where `events` is set; stores drop expired records by themselves, but tell nobody. A file with tables of an
    /// application is an exception: there only a sweep removes them. One round trip.
    ///
    /// - Returns: The ids of the sessions that expired since the last sweep.
    /// - Throws: `unsupported` if the store cannot count.
    @discardableResult
    public func sweep() async throws(StoreError) -> [String] {
        guard let store = store as? any CountingStore, !profile.hashesKeys else {
            throw StoreError(
                .unsupported, store: store.name, detail: "sweeping needs a store that can tell its expired sessions")
        }
        var known: Set<String> = []
        var ids: [String] = []
        for key in try await store.sweep(keys) {
            guard let bytes = keys.session(of: key) else { continue }
            let id = String(decoding: bytes, as: UTF8.self)
            if known.insert(id).inserted { ids.append(id) }
        }
        for id in ids { events?.publish(SessionEvent(kind: .expired, container: name, id: id)) }
        return ids
    }

    /// Gives every stored session the life that it would have had under this container's timing.
    ///
    /// For use after a timeout changed, so that no session ends earlier or later than the new one says. What is left
    /// of each life moves by as much as timeout and resolution did; sessions whose time would be over end within a second.
    /// Costs a scan of the store, and one round trip for each 1,000 records.
    ///
    /// - Parameters:
    ///   - old: The timing under which the sessions got their lives.
    ///   - now: The present moment, by the clock that the store's expiries are told in.
    /// - Returns: How many records got another life.
    /// - Throws: `unsupported` if the store cannot list its keys or they do not tell their container.
    @discardableResult
    public func retime(from old: ContainerTiming, at now: Timestamp) async throws(StoreError) -> Int {
        guard store.capabilities.contains(.scan), !profile.hashesKeys else {
            throw StoreError(
                .unsupported, store: store.name, detail: "re-timing needs a store that lists its sessions")
        }
        var lives: [RecordKey: Lifetime] = [:]
        var count = 0
        do {
            for try await batch in store.scan() {
                for row in 0..<batch.count {
                    let record = batch[row]
                    guard keys.session(of: record.key) != nil,
                        let life = timing.retimed(record.expiry, from: old, at: now)
                    else { continue }
                    lives[record.key] = life
                }
                if lives.count >= 1000 {
                    count += try await store.touch(lives).count
                    lives = [:]
                }
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.serverFailure, store: store.name, detail: "the scan ended: \(error)")
        }
        return try await count + store.touch(lives).count
    }
}
