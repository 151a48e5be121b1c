internal import OrderedCollections
internal import SessionCore

/// Opening sessions whose container is not known yet: by a stored key, an id alone, or a client's cookie.
extension Workspace {
    mutating func open(storedKey text: String, now: Timestamp) throws(CommandFailure) -> Reply {
        let store = try requireStore()
        let key = RecordKey(PrintableText.bytes(of: text))
        guard !key.bytes.isEmpty else { throw CommandFailure(.usage, "a stored key is not empty") }
        try checkKey(key, store: store)
        let id = RecordID(store: store.name, key: key)
        return Reply(effects: [request(.load([id]), .findKey(id, now: now))])
    }

    /// The answer for a stored key.
    mutating func lookedUp(
        storedKey id: RecordID, now: Timestamp, records: [RecordID: StoredRecord]
    ) throws(CommandFailure) -> Reply {
        guard records[id] != nil else {
            throw CommandFailure(.notFound, "no record \(id.key) in \(stores[id.store]?.address ?? id.store)")
        }
        guard let reply = openStored(id, now: now, records: records) else {
            throw CommandFailure(.refused, "\(id.key) is in the store, and is no session's record")
        }
        return reply
    }

    /// The answer for bytes that may be a stored key, else are a session's id.
    mutating func lookedUp(
        _ bytes: [UInt8], store name: String, packages: [String], now: Timestamp, records: [RecordID: StoredRecord]
    ) throws(CommandFailure) -> Reply {
        let id = RecordID(store: name, key: RecordKey(bytes))
        if records[id] != nil, let reply = openStored(id, now: now, records: records) { return reply }
        guard stores[name]?.capabilities.contains(.scan) == true else {
            throw CommandFailure(.notFound, "no session or stored key \(id.key)")
        }
        return try requestScan(.find(bytes, packages: packages, now: now))
    }

    /// Opens a record as it is stored: the one record, flat if it is a package's own; nil if it is no session's.
    private mutating func openStored(
        _ id: RecordID, now: Timestamp, records: [RecordID: StoredRecord]
    ) -> Reply? {
        guard let (container, profile, owner) = owner(of: id) else { return nil }
        let session = SessionID(container: container, id: Array(id.key.bytes[owner.session]))
        let opening = OpenSession(
            session: session, layout: owner.package == nil ? profile.layout : .flat,
            parts: [OpenSession.Part(package: nil, record: id)], lastAccess: now)
        return opened(opening, records: records)
    }

    /// Whose a stored key is: by the profile in use if that takes it, as digests of two profiles look alike, else by the first that does.
    private func owner(of id: RecordID) -> (container: ContainerID, profile: any SessionProfile, owner: KeyOwner)? {
        let bytes = id.key.bytes
        if let container = currentContainer, container.store == id.store,
            let profile = catalog.named(container.profile), profile.hashesKeys,
            case .session(let owner) = profile.classify(bytes[...])
        {
            return (container, profile, owner)
        }
        guard let found = catalog.owner(of: bytes[...]) else { return nil }
        let profile = catalog.profiles[found.profile]
        let container = ContainerID(store: id.store, profile: profile.name, name: Array(bytes[found.owner.container]))
        return (container, profile, found.owner)
    }

    /// The answer of a scan that looked for a session's id.
    mutating func found(
        _ bytes: [UInt8], packages: [String], store name: String, now: Timestamp
    ) throws(CommandFailure) -> Reply {
        let text = RecordKey(bytes).description
        guard let index = stores[name]?.index else { return Reply() }
        let matches = index.containers.compactMap { id, container in
            container.rows.contains { index.sessionBytes($0).elementsEqual(bytes) } ? id : nil
        }
        guard let container = matches.first else {
            throw CommandFailure(
                .notFound,
                "no session or stored key \(text) in \(stores[name]?.address ?? name); sessions lists them")
        }
        guard matches.count == 1 else {
            throw CommandFailure(
                .notFound,
                "\(text) is in \(matches.count) containers (" + matches.map(\.title).joined(separator: ", ")
                    + "); choose one with use")
        }
        return try open(SessionID(container: container, id: bytes), packages: packages, now: now)
    }

    /// Opens the session of a client's cookie, read as the profile in use writes it; without one, as the cookie's name tells.
    mutating func open(
        cookie text: String, packages: [String], now: Timestamp
    ) throws(CommandFailure) -> Reply {
        _ = try requireStore()
        let inUse = currentContainer.flatMap { catalog.named($0.profile) }
        let profiles = inUse.map { [$0] } ?? catalog.profiles
        let pairs = CookieText.pairs(of: text)
        var readings: [[UInt8]] = []
        var refusal: CookieRefusal?
        for profile in profiles {
            for pair in pairs where profile.cookieNames.contains(pair.name) {
                do throws(CookieRefusal) { readings.append(try profile.sessionID(of: pair)) } catch { refusal = error }
            }
        }
        if readings.isEmpty, refusal == nil {
            let pair = try Self.onlyPair(text, pairs, expected: inUse?.cookieNames ?? [])
            do throws(CookieRefusal) {
                readings.append(try inUse?.sessionID(of: pair) ?? PercentCoding.decoded(pair.value.utf8))
            } catch { refusal = error }
        }
        if readings.isEmpty, let refusal { throw CommandFailure(.refused, refusal.description) }
        let ids = Set(readings)
        guard ids.count == 1, let id = ids.first, !id.isEmpty else {
            throw CommandFailure(
                .usage,
                ids.count > 1
                    ? "several kinds of session could have this cookie; choose a container with use"
                    : "the cookie has no value, so it names no session")
        }
        return try open(id, packages: packages, now: now)
    }

    /// The cookie that is meant where no name tells it: the only one, or a value alone.
    private static func onlyPair(
        _ text: String, _ pairs: [CookieText.Pair], expected: [String]
    ) throws(CommandFailure) -> CookieText.Pair {
        guard pairs.count <= 1 else {
            let names = pairs.map { PrintableText.escaping($0.name) }.joined(separator: ", ")
            throw CommandFailure(
                .usage,
                "which of the cookies \(names) is the session's"
                    + (expected.isEmpty ? "" : ", of which none is called \(expected.joined(separator: " or "))")
                    + "? Give it alone")
        }
        // Padding of base 64 at the end of a value is no name's sign.
        guard let pair = pairs.first, !pair.value.allSatisfy({ $0 == "=" }) else {
            return CookieText.Pair(name: "", value: text)
        }
        return pair
    }
}

extension SessionProfile {
    /// The session's id in a cookie as it stands in a header, where servers spell some characters with `%`.
    fileprivate func sessionID(of pair: CookieText.Pair) throws(CookieRefusal) -> [UInt8] {
        try sessionID(ofCookie: PercentCoding.decoded(pair.value.utf8))
    }
}
