internal import OrderedCollections
public import SessionCore

/// A place in an open session: the record it is in, and the pointer inside that record.
public struct Place: Hashable, Sendable {
    /// The record.
    public var record: RecordID
    /// The pointer inside the record's tree.
    public var pointer: JSONPointer
    /// How many tokens of the session's pointer named the record's package.
    public var packageTokens: Int
}

extension Workspace {
    /// Where a pointer of the open session leads: packages with records of their own are the first token.
    public func place(of pointer: JSONPointer, in session: OpenSession) -> Place? {
        if let first = pointer.tokens.first, let part = session.parts.first(where: { $0.package == first }) {
            return Place(
                record: part.record, pointer: JSONPointer(tokens: Array(pointer.tokens.dropFirst())), packageTokens: 1)
        }
        return session.parts.first.map { Place(record: $0.record, pointer: pointer, packageTokens: 0) }
    }

    /// Whether the top level of a session is packages: by its profile, and nothing but maps in it.
    public func hasPackages(_ session: OpenSession) -> Bool {
        guard session.layout == .packages, let part = session.parts.first, let node = work.node(of: part.record) else {
            return false
        }
        guard node.kind == .map else { return false }
        return node.value.map?.values.allSatisfy { $0.kind == .map } ?? false
    }

    /// The node at a pointer of the open session; an empty package where a session of packages has none of that name.
    func node(at pointer: JSONPointer, in session: OpenSession) throws(CommandFailure) -> EditedNode {
        guard let place = place(of: pointer, in: session), let root = work.node(of: place.record) else {
            throw CommandFailure(.notFound, "session \(session.session.title) is not loaded; refresh reads it")
        }
        do throws(PointerMismatch) {
            let path = try root.path(to: place.pointer)
            if let node = root.node(at: path) { return node }
            throw .noKey(pointer)
        } catch {
            if case .noKey(let missing) = error, missing.tokens.count == 1, place.packageTokens == 0,
                hasPackages(session)
            {
                guard pointer.tokens.count > 1 else { return EditedNode(base: .emptyMap, edit: nil) }
                let key = JSONPointer(tokens: Array(pointer.tokens.prefix(2)))
                throw CommandFailure(.notFound, PointerMismatch.noKey(key).description)
            }
            throw CommandFailure(.notFound, error.description)
        }
    }
}

/// One line of a listing: a key or element, changed or not.
public struct ListedValue: Hashable, Sendable {
    /// The step to it.
    public var step: ValueStep
    /// What the base holds; nil if it was added.
    public var before: SessionValue?
    /// What is there now; nil if it is deleted.
    public var node: EditedNode?

    /// `A`, `D` or `M`; a blank if nothing is changed.
    public var letter: Character {
        guard let node else { return "D" }
        return node.edit == nil ? " " : before == nil ? "A" : "M"
    }
}

/// What is directly inside a node, by position; making it costs the number of edits, not of keys.
public struct Listing: Hashable, Sendable {
    private let node: EditedNode
    private var added: [SessionValue] = []

    /// The listing of a node.
    public init(_ node: EditedNode) {
        self.node = node
        if case .map(let entries) = node.edit, case .map(let map) = node.base {
            added = entries.keys.filter { map[$0] == nil }
        }
    }

    /// How many lines there are: deleted keys of a map stay listed.
    public var count: Int {
        if case .map = node.edit, case .map(let map) = node.base { return map.count + added.count }
        return node.childCount ?? 0
    }

    /// The line at a position from 0; nil behind the last.
    public subscript(position: Int) -> ListedValue? {
        guard position >= 0, position < count else { return nil }
        switch node.edit {
        case .map(let entries):
            guard case .map(let map) = node.base else { return nil }
            guard position < map.count else {
                let key = added[position - map.count]
                return ListedValue(step: .key(key), before: nil, node: node.child(.key(key)))
            }
            let element = map.elements[position]
            let child =
                entries[element.key] == nil
                ? EditedNode(base: element.value, edit: nil) : node.child(.key(element.key))
            return ListedValue(step: .key(element.key), before: element.value, node: child)
        case .replaced(let value): return listed(value, position: position, isAdded: true)
        case .list:
            let child = node.child(.index(position))
            return ListedValue(step: .index(position), before: child?.base, node: child)
        case .state:
            return ListedValue(step: .state, before: node.base?.child(.state), node: node.child(.state))
        case nil: return node.base.flatMap { listed($0, position: position, isAdded: false) }
        }
    }

    private func listed(_ value: SessionValue, position: Int, isAdded: Bool) -> ListedValue? {
        let step: ValueStep
        switch value {
        case .map(let map): step = .key(map.elements[position].key)
        case .object: step = .state
        default: step = .index(position)
        }
        guard let child = value.child(step) else { return nil }
        let before = isAdded ? node.base?.child(step) : child
        let edit: Edit? = before == child ? nil : .replaced(child)
        return ListedValue(step: step, before: before, node: EditedNode(base: before, edit: edit))
    }
}
