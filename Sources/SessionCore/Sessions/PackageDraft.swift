internal import OrderedCollections

/// A package inside an `update`.
public struct PackageDraft: Sendable {
    var session: SessionDraft
    /// Its name; nil for the one of a flat session.
    let package: String?

    /// The value of a key; nil if there is none.
    ///
    /// Setting nil removes the key.
    ///
    /// Text finds the bytes of a Python 2 session too, and a new key takes the kind that its neighbours have.
    public subscript(key: SessionValue) -> SessionValue? {
        get { node.flatMap { node in node.child(.key(node.key(meaning: key)))?.value } }
        set { set(newValue, for: key) }
    }

    /// The value of a key, or another one if there is none; what is set becomes the key's value.
    public subscript(key: SessionValue, default fallback: @autoclosure () -> SessionValue) -> SessionValue {
        get { self[key] ?? fallback() }
        set { set(newValue, for: key) }
    }

    /// The keys, in the order they are stored.
    public var keys: [SessionValue] { node?.value.map.map { Array($0.keys) } ?? [] }

    /// Whether the package holds nothing.
    public var isEmpty: Bool { node?.childCount ?? 0 == 0 }

    /// Removes a key.
    ///
    /// - Throws: `place` with `noKey` if there is none.
    public mutating func remove(_ key: SessionValue) throws(SessionError) {
        guard self[key] != nil else { throw .place(.noKey(pointer(to: key))) }
        set(nil, for: key)
    }

    /// Removes all keys.
    public mutating func removeAll() {
        guard let place, node != nil else { return }
        session.stage(.emptyMap, at: place.path, of: place.record, pointer: pointer(to: nil))
        session.held.prunePackage(along: place.path, of: place.record)
    }

    private var place: (record: RecordID, path: ValuePath)? {
        try? session.held.place(ofPackage: package, in: session.number)
    }

    private var node: EditedNode? {
        guard let place else { return nil }
        return session.held.work.node(of: place.record)?.node(at: place.path)
    }

    private func pointer(to key: SessionValue?) -> JSONPointer {
        let tokens = [package, key.map { $0.keyText ?? $0.taggedToken }].compactMap(\.self)
        return JSONPointer(tokens: tokens)
    }

    private mutating func set(_ value: SessionValue?, for key: SessionValue) {
        let (package, number) = (package, session.number)
        let place = session.attempt { held throws(SessionError) in
            if let package { try held.addFreshPackage(package, to: number) }
            return try held.place(ofPackage: package, in: number)
        }
        guard let place else { return }
        let pointer = pointer(to: key)
        guard let node = session.held.work.node(of: place.record)?.node(at: place.path) else {
            // The package holds nothing yet: it comes with its first key.
            guard let value else { return }
            session.stage(.map([key: value]), at: place.path, of: place.record, pointer: pointer)
            return
        }
        guard node.kind == .map else {
            session.failure = session.failure ?? .place(.notACollection(self.pointer(to: nil), node.kind))
            return
        }
        session.stage(value, at: place.path + [.key(node.key(meaning: key))], of: place.record, pointer: pointer)
        if value == nil { session.held.prunePackage(along: place.path, of: place.record) }
    }
}
