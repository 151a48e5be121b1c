internal import OrderedCollections

/// One difference between two trees.
public struct ValueChange: Hashable, Sendable {
    /// Where it is, as a path of the tree that has a value there; removed and added elements of a list are counted in their own tree.
    public var path: ValuePath
    /// What was there; nil if it was added.
    public var before: SessionValue?
    /// What is there; nil if it was removed.
    public var after: SessionValue?

    /// A difference.
    public init(path: ValuePath, before: SessionValue?, after: SessionValue?) {
        self.path = path
        self.before = before
        self.after = after
    }

    /// `A` for added, `D` for deleted, `M` for modified.
    public var letter: Character {
        switch (before, after) {
        case (nil, _): "A"
        case (_, nil): "D"
        default: "M"
        }
    }

    /// The pointer of the place, tagged where a key is no text.
    public var pointer: JSONPointer { JSONPointer(tokens: path.map(\.token)) }
}

extension ValueStep {
    /// The pointer token of this step.
    public var token: String {
        switch self {
        case .key(let key): key.keyText ?? key.taggedToken
        case .index(let index): String(index)
        case .state: "state"
        }
    }
}

extension ValueChange {
    /// The differences an edit makes; costs the size of the edit and of the maps it replaces.
    public static func changes(of edit: Edit?, base: SessionValue?, at path: ValuePath = []) -> [ValueChange] {
        switch (edit, base) {
        case (nil, _): return []
        case (.replaced(let value), _): return changes(from: base, to: value, at: path)
        case (.map(let entries), .map(let map)):
            return entries.flatMap { key, entry -> [ValueChange] in
                let place = path + [.key(key)]
                guard let edit = entry.edit else { return [ValueChange(path: place, before: map[key], after: nil)] }
                return changes(of: edit, base: map[key], at: place)
            }
        case (.list(let list), let base?):
            guard case .list(let elements) = base else {
                return [ValueChange(path: path, before: base, after: edit?.value(over: base))]
            }
            return listChanges(of: list, base: elements, at: path)
        case (.state(let edit), .object(_, let state)):
            return changes(of: edit, base: state, at: path + [.state])
        default: return []
        }
    }

    private static func listChanges(of list: ListEdit, base: [SessionValue], at path: ValuePath) -> [ValueChange] {
        var result: [ValueChange] = []
        var seen: Set<Int> = []
        let order = list.order ?? base.indices.map { .base($0) }
        for (index, slot) in order.enumerated() {
            switch slot {
            case .added(let value):
                result.append(ValueChange(path: path + [.index(index)], before: nil, after: value))
            case .base(let number):
                seen.insert(number)
                guard let edit = list.edited[number] else { continue }
                result += changes(of: edit, base: base[number], at: path + [.index(index)])
            }
        }
        for number in base.indices where !seen.contains(number) {
            result.append(ValueChange(path: path + [.index(number)], before: base[number], after: nil))
        }
        return result
    }

    /// The differences between two values: maps key by key, everything else as a whole.
    public static func changes(
        from before: SessionValue?, to after: SessionValue?, at path: ValuePath = []
    ) -> [ValueChange] {
        guard before != after else { return [] }
        guard case .map(let old) = before, case .map(let new) = after else {
            return [ValueChange(path: path, before: before, after: after)]
        }
        var result: [ValueChange] = []
        for (key, value) in old { result += changes(from: value, to: new[key], at: path + [.key(key)]) }
        for (key, value) in new where old[key] == nil {
            result.append(ValueChange(path: path + [.key(key)], before: nil, after: value))
        }
        // The same keys in another order differ in nothing but the order.
        return result.isEmpty ? [ValueChange(path: path, before: before, after: after)] : result
    }
}
