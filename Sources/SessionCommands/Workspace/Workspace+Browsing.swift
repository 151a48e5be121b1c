internal import OrderedCollections
internal import SessionCore

extension Workspace {
    mutating func attach(_ address: String, name: String?) throws(CommandFailure) -> Reply {
        let name = name ?? address
        // What is staged for one store must never be written to another that has taken its name.
        if let present = stores[name], present.address != address,
            sessions.keys.contains(where: { $0.container.store == name })
        {
            throw CommandFailure(
                .refused,
                "\(PrintableText.escaping(name)) is \(present.address) and has open sessions; choose another name after AS, or close them"
            )
        }
        return Reply(effects: [request(.attach(address: address, name: name), .attach)])
    }

    mutating func attached(_ store: AttachedStore) -> Reply {
        stores[store.name] = store
        currentStore = store.name
        currentContainer = nil
        let access = store.isReadOnly ? "read-only" : "read and write"
        return Reply(lines: [
            "attached " + StoreError.sentence(about: store.address, "\(store.facts.product), \(access)")
        ])
    }

    mutating func requestScan(_ purpose: ScanPurpose) throws(CommandFailure) -> Reply {
        let store = try requireStore()
        guard store.capabilities.contains(.scan) else {
            throw CommandFailure(
                .refused, "\(store.address) cannot list its keys; open sessions by their id or stored key")
        }
        let effect = request(.scan(store: store.name), .scan(store: store.name, purpose))
        stores[store.name]?.nextIndex = KeyIndex()
        recognised = [:]
        seenLocks = [:]
        stores[store.name]?.scan = .running(effect.request)
        return Reply(effects: [effect])
    }

    mutating func scanned(_ batch: ScanBatch, store name: String) {
        let catalog = catalog
        // The first scan is shown while it runs; a later one takes the place of the index when it ends.
        if stores[name]?.index.keyCount == 0 { stores[name]?.nextIndex = nil }
        if stores[name]?.nextIndex != nil {
            stores[name]?.nextIndex?.add(batch, store: name, catalog: catalog)
        } else {
            stores[name]?.index.add(batch, store: name, catalog: catalog)
        }
    }

    mutating func scanEnded(store name: String, _ purpose: ScanPurpose) throws(CommandFailure) -> Reply {
        guard let store = stores[name] else { return Reply() }
        if let index = store.nextIndex { stores[name]?.index = index }
        stores[name]?.nextIndex = nil
        stores[name]?.scan = .complete
        madeContainers.removeAll { stores[name]?.index.containers[$0] != nil }
        switch purpose {
        case .containers: return Reply(lines: containerLines(of: name))
        case .sessions(let glob, let now): return Reply(lines: sessionLines(of: name, glob: glob, now: now))
        case .use(let container, let options): return try use(container, options: options)
        case .find(let id, let packages, let now):
            return try found(id, packages: packages, store: name, now: now)
        case .locks(let now): return listLocks(of: name, now: now)
        }
    }

    /// Whether anything is staged in a session of a container.
    public func isDirty(_ container: ContainerID) -> Bool {
        sessions.contains { id, session in
            id.container == container && session.parts.contains { work.isDirty($0.record) }
        }
    }

    func containerLines(of name: String) -> [String] {
        guard let index = stores[name]?.index else { return [] }
        var rows = [["container", "profile", "sessions", "bytes"]]
        for (id, container) in index.containers.elements.sorted(by: { $0.key.title < $1.key.title }) {
            rows.append([
                (isDirty(id) ? "*" : "") + id.title, id.profile, Quantities.count(container.rows.count),
                Quantities.bytes(container.bytes),
            ])
        }
        for id in madeContainers where id.store == name { rows.append([id.title, id.profile, "0", "0"]) }
        return Columns.lines(rows, rightAligned: [2, 3])
    }

    private func sessionLines(of name: String, glob: String?, now: Timestamp) -> [String] {
        guard let store = stores[name] else { return [] }
        let containers = currentContainer.map { [$0] } ?? Array(store.index.containers.keys)
        var rows = [["session", "container", "bytes", "expires"]]
        let pattern = glob.map { Glob($0) }
        for container in containers {
            for number in store.index.sortedRows(of: container) {
                let row = store.index.row(number, of: container)
                if let pattern, !pattern.matches(row.session.title) { continue }
                let life = Quantities.life(row.expiry, at: now)
                let expires = row.expiry == .never || life == "gone" ? life : "in \(life)"
                rows.append([row.session.title, container.title, String(row.size), expires])
            }
        }
        return Columns.lines(rows, rightAligned: [2])
    }

    mutating func use(_ name: String, options: ContainerOptions) throws(CommandFailure) -> Reply {
        let store = try requireStore()
        let bytes = name == ContainerID.otherTitle ? [] : PrintableText.bytes(of: name)
        let known = (store.index.containers.keys + madeContainers.filter { $0.store == store.name })
            .filter { $0.name == bytes }
        if let profile = options.profile, catalog.named(profile) == nil {
            throw CommandFailure(
                .notFound,
                "no profile \(PrintableText.escaping(profile)); there are "
                    + catalog.profiles.map(\.name).joined(separator: ", "))
        }
        let container: ContainerID
        if let match = known.first(where: { options.profile == nil || $0.profile == options.profile }) {
            container = match
        } else if let profile = options.profile {
            container = ContainerID(store: store.name, profile: profile, name: bytes)
            madeContainers.append(container)
        } else if case .running = store.scan {
            throw CommandFailure(
                .failed, "the keys are still being listed; try again when the scan has ended, or name a profile")
        } else if store.scan != .complete, store.capabilities.contains(.scan) {
            return try requestScan(.use(name, options))
        } else if store.scan == .complete {
            let names = Set(store.index.containers.keys.map(\.title)).sorted()
            throw CommandFailure(
                .notFound,
                "no container \(PrintableText.escaping(name)) in \(store.address)"
                    + (names.isEmpty
                        ? ", which holds no sessions" : "; there are \(names.prefix(12).joined(separator: ", "))")
                    + ". To make one, name a profile: use \(PrintableText.escaping(name)) tidemark"
                    + (catalog.named(name).map { ". \($0.name) is a profile: use NAME \($0.name)" } ?? ""))
        } else {
            throw CommandFailure(
                .notFound,
                "no container \(PrintableText.escaping(name)) known yet; containers lists them, and use NAME PROFILE needs no list"
            )
        }
        if container.profile == "tidemark", bytes.isEmpty || bytes.contains(UInt8(ascii: ":")) {
            madeContainers.removeAll { $0 == container }
            throw CommandFailure(.refused, "a container of the tidemark profile has a name without a colon")
        }
        try apply(options, to: container)
        currentContainer = container
        return Reply(lines: [
            "container \(container.title), profile \(container.profile)\(settings(of: container).words)"
        ])
    }
}
