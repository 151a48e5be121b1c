internal import OrderedCollections

/// One node of a tree seen through its edit, without building the edited tree.
public struct EditedNode: Hashable, Sendable {
    /// The base's value here; nil where the base has none.
    public var base: SessionValue?
    /// What is changed here and below; nil for nothing.
    public var edit: Edit?

    /// A node by its base and edit.
    public init(base: SessionValue?, edit: Edit?) {
        self.base = base
        self.edit = edit
    }

    /// The value with all edits in it; costs the size of the node when something below is edited.
    public var value: SessionValue { edit?.value(over: base) ?? base ?? .null }

    /// The kind of the value, without building it.
    public var kind: SessionValue.Kind {
        if case .replaced(let value) = edit { value.kind } else { base?.kind ?? .null }
    }

    /// How many values are directly inside; nil for a value that holds none.
    public var childCount: Int? {
        switch (edit, base) {
        case (.replaced(let value), _): value.childCount
        case (.map(let entries), .map(let map)):
            entries.reduce(map.count) { count, entry in
                count + (entry.value == .removed ? -1 : map[entry.key] == nil ? 1 : 0)
            }
        case (.list(let list), _): list.order?.count ?? base?.childCount
        default: base?.childCount
        }
    }

    /// Whether a map has nothing but empty maps inside; looks no further than the first that is not.
    var holdsOnlyEmptyMaps: Bool {
        func isEmptyMap(_ node: EditedNode?) -> Bool { node.map { $0.kind == .map && $0.childCount == 0 } ?? true }
        switch (edit, base) {
        case (.replaced(let value), _):
            return value.map?.values.allSatisfy { $0.kind == .map && $0.isEmptyCollection } ?? false
        case (.map(let entries), .map(let map)):
            return entries.keys.allSatisfy { isEmptyMap(child(.key($0))) }
                && map.keys.allSatisfy { isEmptyMap(child(.key($0))) }
        case (_, .map(let map)): return map.values.allSatisfy { $0.kind == .map && $0.isEmptyCollection }
        default: return false
        }
    }

    /// The node one step inside; nil if there is none.
    public func child(_ step: ValueStep) -> EditedNode? {
        if case .replaced(let value) = edit {
            return value.child(step).map { EditedNode(base: nil, edit: .replaced($0)) }
        }
        switch (edit, step) {
        case (.map(let entries), .key(let key)):
            guard let entry = entries[key] else { break }
            return entry == .removed ? nil : EditedNode(base: base?.child(step), edit: entry.edit)
        case (.list(let list), .index(let index)):
            switch list.slot(index, baseCount: base?.childCount ?? 0) {
            case .base(let number): return EditedNode(base: base?.child(.index(number)), edit: list.edited[number])
            case .added(let value): return EditedNode(base: nil, edit: .replaced(value))
            case nil: return nil
            }
        case (.state(let edit), .state):
            return EditedNode(base: base?.child(.state), edit: edit)
        default: break
        }
        return base?.child(step).map { EditedNode(base: $0, edit: nil) }
    }

    /// The node at a path; nil if there is none.
    public func node(at path: some Sequence<ValueStep>) -> EditedNode? {
        var node = self
        for step in path {
            guard let next = node.child(step) else { return nil }
            node = next
        }
        return node
    }

    /// The step that a pointer token means here; `pointer` is the place of the token, for messages.
    public func step(for token: String, at pointer: JSONPointer) throws(PointerMismatch) -> ValueStep {
        switch kind {
        case .map:
            var matches = Self.candidates(token).filter { child(.key($0)) != nil }
            if matches.count != 1, let tagged = SessionValue.taggedKey(token), child(.key(tagged)) != nil {
                matches = [tagged]
            }
            guard let match = matches.first else { throw .noKey(pointer) }
            guard matches.count == 1 else { throw .ambiguous(pointer, choices: matches.map { "/" + $0.taggedToken }) }
            return .key(match)
        case .list, .tuple, .set:
            guard let index = Int(token), String(index) == token, index >= 0 else { throw .notAnIndex(pointer) }
            let count = childCount ?? 0
            guard index < count else { throw .noElement(pointer, count: count) }
            return .index(index)
        case .object:
            guard token == "state" else { throw .noKey(pointer) }
            return .state
        default:
            throw .notACollection(pointer.parent ?? .root, kind)
        }
    }

    /// The keys a plain token may mean: text, its bytes, a whole number.
    static func candidates(_ token: String) -> [SessionValue] {
        var candidates: [SessionValue] = [.string(token), .bytes(Array(token.utf8))]
        if let number = Int(token), String(number) == token { candidates.append(.integer(number)) }
        return candidates
    }

    /// The path a pointer means here.
    public func path(to pointer: JSONPointer) throws(PointerMismatch) -> ValuePath {
        var path: ValuePath = []
        var node = self
        for (depth, token) in pointer.tokens.enumerated() {
            let place = JSONPointer(tokens: Array(pointer.tokens[...depth]))
            let step = try node.step(for: token, at: place)
            guard let next = node.child(step) else { throw .noKey(place) }
            path.append(step)
            node = next
        }
        return path
    }

    /// The path at which a pointer's value can be set: all but the last token must exist.
    ///
    /// A new key of a map takes the kind that its neighbours have: bytes among bytes, whole numbers among whole numbers, else text. For
    /// lists `-` and the number of elements mean the place behind the last.
    public func settablePath(to pointer: JSONPointer) throws(PointerMismatch) -> ValuePath {
        guard let last = pointer.tokens.last, let parentPointer = pointer.parent else { return [] }
        let parentPath = try path(to: parentPointer)
        guard let parent = node(at: parentPath) else { throw .noKey(parentPointer) }
        switch parent.kind {
        case .map:
            do { return parentPath + [try parent.step(for: last, at: pointer)] } catch {
                guard case .noKey = error else { throw error }
                return parentPath + [.key(parent.newKey(last))]
            }
        case .list, .tuple, .set:
            let count = parent.childCount ?? 0
            if last == "-" || last == String(count) { return parentPath + [.index(count)] }
            return parentPath + [try parent.step(for: last, at: pointer)]
        default:
            return parentPath + [try parent.step(for: last, at: pointer)]
        }
    }

    private func newKey(_ token: String) -> SessionValue {
        if let tagged = SessionValue.taggedKey(token) { return tagged }
        switch base?.map?.keys.first ?? value.map?.keys.first {
        case .bytes: return .bytes(Array(token.utf8))
        case .integer: return Int(token).map { .integer($0) } ?? .string(token)
        default: return .string(token)
        }
    }
}
