internal import OrderedCollections

/// A package of a session: a named map of keys to values.
///
/// A handle like `Session`. Reading a package that nobody has written to gives nothing, and changes nothing.
public struct SessionPackage: Hashable, Sendable {
    /// The session.
    public let session: Session
    /// Its name; nil for the one of a flat session.
    public let name: String?

    /// The value of a key.
    ///
    /// - Throws: `place` with `noKey` if there is none; `transaction` once the transaction has ended.
    public subscript(key: SessionValue) -> SessionValue {
        get throws(SessionError) {
            guard let value = try value(of: key) else { throw .place(.noKey(pointer(to: key))) }
            return value
        }
    }

    /// The value of a key, or another one if there is none.
    public subscript(key: SessionValue, default fallback: @autoclosure () -> SessionValue) -> SessionValue {
        get throws(SessionError) { try value(of: key) ?? fallback() }
    }

    /// The value of a key; nil if there is none.
    public func value(of key: SessionValue) throws(SessionError) -> SessionValue? {
        try withNode { node in node.child(.key(node.key(meaning: key)))?.value }
    }

    /// Whether there is such a key.
    public func contains(_ key: SessionValue) throws(SessionError) -> Bool {
        try withNode { node in node.child(.key(node.key(meaning: key))) != nil }
    }

    /// The keys and values, in the order they are stored.
    public var entries: [(key: SessionValue, value: SessionValue)] {
        get throws(SessionError) { try withNode { $0.value.map?.elements.map { ($0.key, $0.value) } ?? [] } }
    }

    /// The keys, in the order they are stored.
    public var keys: [SessionValue] {
        get throws(SessionError) { try entries.map(\.key) }
    }

    /// How many keys there are.
    public var count: Int {
        get throws(SessionError) { try withNode { $0.childCount ?? 0 } }
    }

    /// Whether it holds nothing.
    public var isEmpty: Bool {
        get throws(SessionError) { try count == 0 }
    }

    /// Whether anything in it differs from what was loaded.
    public var isDirty: Bool {
        get throws(SessionError) { try withNode { $0.edit != nil } }
    }

    private func withNode<Result: Sendable>(_ body: (EditedNode) -> Result) throws(SessionError) -> Result {
        try session.read { held throws(SessionError) in
            if let name, held.isUnmade(name, in: session.number) {
                return body(EditedNode(base: .emptyMap, edit: nil))
            }
            let place = try held.place(ofPackage: name, in: session.number)
            if let root = held.work.node(of: place.record), root.kind != .map {
                throw .place(.notACollection(.root, root.kind))
            }
            guard let node = held.work.node(of: place.record)?.node(at: place.path) else {
                return body(EditedNode(base: .emptyMap, edit: nil))
            }
            guard node.kind == .map else {
                throw .place(.notACollection(JSONPointer(tokens: [name].compactMap(\.self)), node.kind))
            }
            return body(node)
        }
    }

    private func pointer(to key: SessionValue) -> JSONPointer {
        JSONPointer(tokens: [name, key.keyText ?? key.taggedToken].compactMap(\.self))
    }
}
