public import OrderedCollections

/// What is changed at one node of a tree and below it, without what is unchanged.
///
/// The size of an edit is that of the changes, never that of the tree, so a copy of it is a savepoint. Every function
/// here takes the base value beside the edit, and drops what has come to equal the base.
public indirect enum Edit: Codable, Hashable, Sendable {
    /// The node is this value, whatever the base holds.
    case replaced(SessionValue)
    /// The node is the base's map, with some keys removed, changed or added.
    case map(OrderedDictionary<SessionValue, KeyEdit>)
    /// The node is the base's list, tuple or set, with some elements removed, changed or added.
    case list(ListEdit)
    /// The node is the base's object, with a changed state.
    case state(Edit)
}

/// What is changed at one key of a map.
public enum KeyEdit: Codable, Hashable, Sendable {
    /// The base's key is gone.
    case removed
    /// The key's value is changed, or the base has no such key.
    case edited(Edit)

    /// The change of the value; nil for a removed key.
    public var edit: Edit? { if case .edited(let edit) = self { edit } else { nil } }
}

/// What is changed in a list.
public struct ListEdit: Codable, Hashable, Sendable {
    /// Where an element of the edited list comes from.
    public enum Slot: Codable, Hashable, Sendable {
        /// The base's element of that number.
        case base(Int)
        /// No base element.
        case added(SessionValue)
    }

    /// The elements in order; nil while they are the base's, one by one.
    public var order: [Slot]?
    /// Changes inside the base's elements, by their number in the base; of elements that are still in the list.
    public var edited: [Int: Edit] = [:]
    /// How many elements of the base are no longer in the list.
    public fileprivate(set) var removedCount = 0

    /// A list with nothing changed.
    public init() {}

    /// Where the element of a number comes from.
    public func slot(_ index: Int, baseCount: Int) -> Slot? {
        if let order { return order.indices.contains(index) ? order[index] : nil }
        return (0..<baseCount).contains(index) ? .base(index) : nil
    }
}

extension Edit {
    /// The edit of a node after the value at a path inside it is set, or removed for nil.
    ///
    /// The path must exist in the edited tree, but for its last step, which may name a new key or the element behind the
    /// last; a path that does not exist changes nothing. Returns nil when the node equals its base again. Costs the depth of the path and the size of the
    /// values replaced; a list's structure costs the list's length.
    public static func setting(
        _ value: SessionValue?, at path: ArraySlice<ValueStep>, base: SessionValue?, edit: Edit?
    ) -> Edit? {
        guard let step = path.first else {
            guard let value else { return edit }
            return replacing(base, with: value)
        }
        if case .replaced(let present) = edit {
            let changed = present.setting(value, at: path)
            return changed == base ? nil : .replaced(changed)
        }
        switch (step, base) {
        case (.key(let key), .map(let map)):
            return setting(value, key: key, rest: path.dropFirst(), base: map, edit: edit)
        case (.index(let index), .list(let elements)), (.index(let index), .tuple(let elements)),
            (.index(let index), .set(let elements)):
            return setting(value, index: index, rest: path.dropFirst(), base: elements, edit: edit)
        case (.state, .object(_, let state)):
            let inner: Edit? = if case .state(let edit) = edit { edit } else { nil }
            return setting(value, at: path.dropFirst(), base: state, edit: inner).map { .state($0) }
        default:
            return edit
        }
    }

    /// The edit that makes one value of another: key by key between maps of one order, else as a whole.
    private static func replacing(_ base: SessionValue?, with value: SessionValue) -> Edit? {
        guard value != base else { return nil }
        guard case .map(let old) = base, case .map(let new) = value, !old.isEmpty else { return .replaced(value) }
        var entries: OrderedDictionary<SessionValue, KeyEdit> = [:]
        for (key, before) in old where new[key] == nil || new[key] != before {
            entries[key] = new[key].flatMap { replacing(before, with: $0) }.map { .edited($0) } ?? .removed
        }
        for (key, after) in new where old[key] == nil { entries[key] = .edited(.replaced(after)) }
        let edit = Edit.map(entries)
        return entries.count < new.count && edit.value(over: base) == value ? edit : .replaced(value)
    }

    private static func setting(
        _ value: SessionValue?, key: SessionValue, rest: ArraySlice<ValueStep>, base: SessionMap, edit: Edit?
    ) -> Edit? {
        var entries: OrderedDictionary<SessionValue, KeyEdit> =
            if case .map(let entries) = edit { entries } else { [:] }
        let baseChild = base[key]
        if value == nil, rest.isEmpty {
            entries[key] = baseChild == nil ? nil : .removed
        } else {
            let child = setting(value, at: rest, base: baseChild, edit: entries[key]?.edit)
            entries[key] = child.map { .edited($0) }
        }
        return entries.isEmpty ? nil : .map(entries)
    }

    private static func setting(
        _ value: SessionValue?, index: Int, rest: ArraySlice<ValueStep>, base: [SessionValue], edit: Edit?
    ) -> Edit? {
        var list: ListEdit = if case .list(let list) = edit { list } else { ListEdit() }
        if rest.isEmpty {
            var order = list.order ?? base.indices.map { .base($0) }
            if let value, index == order.count {
                order.append(.added(value))
                list.order = order
            } else if value == nil, order.indices.contains(index) {
                if case .base(let number) = order.remove(at: index) {
                    list.edited[number] = nil
                    list.removedCount += 1
                }
                list.order = order
            } else {
                list.replaceElement(index, base: base) { baseChild, edit in
                    setting(value, at: rest, base: baseChild, edit: edit)
                }
            }
        } else {
            list.replaceElement(index, base: base) { baseChild, edit in
                setting(value, at: rest, base: baseChild, edit: edit)
            }
        }
        // Elements removed and added again may have given the base's list back.
        if let order = list.order, order.count == base.count, list.elements(over: base) == base { return nil }
        return list.order == nil && list.edited.isEmpty ? nil : .list(list)
    }
}

extension ListEdit {
    fileprivate var addedCount: Int {
        order?.count { if case .added = $0 { true } else { false } } ?? 0
    }

    fileprivate mutating func replaceElement(
        _ index: Int, base: [SessionValue], with change: (SessionValue?, Edit?) -> Edit?
    ) {
        switch slot(index, baseCount: base.count) {
        case .base(let number): edited[number] = change(base[number], edited[number])
        case .added(let present):
            if case .replaced(let value) = change(nil, .replaced(present)) { order?[index] = .added(value) }
        case nil: break
        }
    }

    /// The edited list.
    public func elements(over base: [SessionValue]) -> [SessionValue] {
        func element(_ number: Int) -> SessionValue {
            // Edits are kept with their base; over another one there may be fewer elements.
            guard base.indices.contains(number) else { return .null }
            return edited[number]?.value(over: base[number]) ?? base[number]
        }
        guard let order else { return base.indices.map(element) }
        return order.map { slot in
            switch slot {
            case .base(let number): element(number)
            case .added(let value): value
            }
        }
    }
}

extension Edit {
    /// The edited value; costs the size of the base.
    public func value(over base: SessionValue?) -> SessionValue {
        switch (self, base) {
        case (.replaced(let value), _): return value
        case (.map(let entries), .map(var map)):
            for (key, entry) in entries {
                switch entry {
                case .removed: map[key] = nil
                case .edited(let edit): map[key] = edit.value(over: map[key])
                }
            }
            return .map(map)
        case (.list(let list), .list(let base)): return .list(list.elements(over: base))
        case (.list(let list), .tuple(let base)): return .tuple(list.elements(over: base))
        case (.list(let list), .set(let base)): return .set(list.elements(over: base))
        case (.state(let edit), .object(let name, let state)):
            return .object(className: name, state: edit.value(over: state))
        default: return base ?? .null
        }
    }

    /// How many single changes this is: keys and elements set, added or removed.
    public var changeCount: Int {
        switch self {
        case .replaced: 1
        case .map(let entries): entries.values.reduce(0) { $0 + ($1.edit?.changeCount ?? 1) }
        case .state(let edit): edit.changeCount
        case .list(let list):
            list.edited.values.reduce(0) { $0 + $1.changeCount } + list.removedCount + list.addedCount
        }
    }
}

extension SessionValue {
    /// This value with the value at a path set, or removed for nil; unchanged if the path does not exist.
    func setting(_ value: SessionValue?, at path: ArraySlice<ValueStep>) -> SessionValue {
        guard let step = path.first else { return value ?? self }
        let rest = path.dropFirst()
        switch (self, step) {
        case (.map(var map), .key(let key)):
            if rest.isEmpty {
                map[key] = value
            } else if let child = map[key] {
                map[key] = child.setting(value, at: rest)
            }
            return .map(map)
        case (.list(let elements), .index(let index)):
            return .list(Self.setting(value, index: index, rest: rest, in: elements))
        case (.tuple(let elements), .index(let index)):
            return .tuple(Self.setting(value, index: index, rest: rest, in: elements))
        case (.set(let elements), .index(let index)):
            return .set(Self.setting(value, index: index, rest: rest, in: elements))
        case (.object(let name, let state), .state):
            return .object(className: name, state: state.setting(value, at: rest))
        default:
            return self
        }
    }

    private static func setting(
        _ value: SessionValue?, index: Int, rest: ArraySlice<ValueStep>, in elements: [SessionValue]
    ) -> [SessionValue] {
        var elements = elements
        if rest.isEmpty, let value, index == elements.count {
            elements.append(value)
        } else if elements.indices.contains(index) {
            if rest.isEmpty, value == nil {
                elements.remove(at: index)
            } else {
                elements[index] = elements[index].setting(value, at: rest)
            }
        }
        return elements
    }
}

extension Edit {
    /// The places that are changed; a replaced value is one place, however little differs, and so is a list that lost or
    /// gained elements.
    public func places(at path: ValuePath = []) -> [ValuePath] {
        switch self {
        case .replaced: return [path]
        case .state(let edit): return edit.places(at: path + [.state])
        case .map(let entries):
            return entries.flatMap { key, entry in
                entry.edit?.places(at: path + [.key(key)]) ?? [path + [.key(key)]]
            }
        case .list(let list):
            guard list.order == nil else { return [path] }
            return list.edited.flatMap { number, edit in edit.places(at: path + [.index(number)]) }
        }
    }

    /// The first list on a path whose elements no longer stand where the base's do; nil if there is none.
    public func movedList(along path: ValuePath) -> ValuePath? {
        var edit: Edit? = self
        for (depth, step) in path.enumerated() {
            switch (edit, step) {
            case (.map(let entries), .key(let key)): edit = entries[key]?.edit
            case (.state(let inner), .state): edit = inner
            case (.list(let list), .index(let number)):
                guard list.order == nil else { return Array(path[..<depth]) }
                edit = list.edited[number]
            case (.replaced, .index): return Array(path[..<depth])
            case (.replaced, _): continue
            default: return nil
            }
        }
        return nil
    }
}
