internal import OrderedCollections
internal import RandomValues
internal import SessionCore

/// Pointers and differences of whole trees, by the plainest rules.
enum ModelTree {
    /// The value at a pointer; nil if there is none.
    static func value(at tokens: [String], in tree: SessionValue) -> SessionValue? {
        path(to: tokens, in: tree).flatMap { tree.value(at: $0) }
    }

    /// The path of a pointer; nil if nothing is there.
    ///
    /// Maps have keys of text only.
    static func path(to tokens: [String], in tree: SessionValue) -> ValuePath? {
        var path: ValuePath = []
        var node = tree
        for token in tokens {
            let step: ValueStep = if case .list = node { .index(index(token) ?? -1) } else { .key(.string(token)) }
            guard let next = node.child(step) else { return nil }
            path.append(step)
            node = next
        }
        return path
    }

    /// The path where a pointer's value can be set: all but the last token exist, and a list takes one more element.
    static func settablePath(to tokens: [String], in tree: SessionValue) -> ValuePath? {
        guard let last = tokens.last else { return [] }
        guard let parent = path(to: Array(tokens.dropLast()), in: tree), let node = tree.value(at: parent) else {
            return nil
        }
        switch node {
        case .map: return parent + [.key(.string(last))]
        case .list(let elements):
            guard let index = last == "-" ? elements.count : index(last), index <= elements.count else { return nil }
            return parent + [.index(index)]
        default: return nil
        }
    }

    private static func index(_ token: String) -> Int? {
        guard let number = Int(token), number >= 0, String(number) == token else { return nil }
        return number
    }

    /// The tree with a value set or removed.
    static func changing(_ tree: SessionValue, at path: ValuePath, to value: SessionValue?) -> SessionValue {
        TreeModel.apply(TreeStep(path: path, value: value), to: tree)
    }

    /// The places where two trees differ: keys of maps that both have, everything else as a whole.
    static func differences(_ left: SessionValue, _ right: SessionValue, at path: ValuePath = []) -> [ValuePath] {
        guard left != right else { return [] }
        guard case .map(let old) = left, case .map(let new) = right else { return [path] }
        var places: [ValuePath] = []
        for (key, value) in old {
            guard let other = new[key] else {
                places.append(path + [.key(key)])
                continue
            }
            places += differences(value, other, at: path + [.key(key)])
        }
        for key in new.keys where old[key] == nil { places.append(path + [.key(key)]) }
        return places.isEmpty ? [path] : places
    }

    /// The tree with an empty map wherever both other trees have a map and this one has nothing.
    static func sharing(_ loaded: SessionValue, _ mine: SessionValue, _ theirs: SessionValue) -> SessionValue {
        guard case .map(var map) = loaded, case .map(let mine) = mine, case .map(let theirs) = theirs else {
            return loaded
        }
        for (key, value) in mine {
            guard let other = theirs[key], case .map = value, case .map = other else { continue }
            map[key] = sharing(map[key] ?? .emptyMap, value, other)
        }
        return .map(map)
    }

    /// Whether one of two places is inside the other, or both are the same.
    static func overlap(_ left: ValuePath, _ right: ValuePath) -> Bool {
        left.starts(with: right) || right.starts(with: left)
    }
}
