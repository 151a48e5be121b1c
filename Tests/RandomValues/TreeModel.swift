internal import OrderedCollections
public import SessionCore

/// One change of a tree, as a user makes it.
public struct TreeStep: Hashable, Sendable {
    /// The place; all but its last step exist.
    public var path: ValuePath
    /// What it is set to; nil to remove it.
    public var value: SessionValue?

    /// A change.
    public init(path: ValuePath, value: SessionValue?) {
        self.path = path
        self.value = value
    }
}

/// The plainest way to change a tree: rebuild it.
///
/// What edits do is compared with this.
public enum TreeModel {
    /// The tree with a change made; the path must be one that `RandomSource.step` gives.
    public static func apply(_ step: TreeStep, to tree: SessionValue) -> SessionValue {
        guard let first = step.path.first else { return step.value ?? tree }
        let rest = TreeStep(path: Array(step.path.dropFirst()), value: step.value)
        switch (first, tree) {
        case (.key(let key), .map(let map)):
            var pairs = map.elements.map { ($0.key, $0.value) }
            let place = pairs.firstIndex { $0.0 == key }
            if rest.path.isEmpty {
                switch (place, step.value) {
                case (let place?, let value?): pairs[place].1 = value
                case (let place?, nil): pairs.remove(at: place)
                case (nil, let value?): pairs.append((key, value))
                case (nil, nil): break
                }
            } else if let place {
                pairs[place].1 = apply(rest, to: pairs[place].1)
            }
            return .map(SessionMap(pairs, uniquingKeysWith: { $1 }))
        case (.index(let index), .list(let values)): return .list(apply(rest, index, values))
        case (.index(let index), .tuple(let values)): return .tuple(apply(rest, index, values))
        case (.index(let index), .set(let values)): return .set(apply(rest, index, values))
        case (.state, .object(let name, let state)): return .object(className: name, state: apply(rest, to: state))
        default: return tree
        }
    }

    private static func apply(_ rest: TreeStep, _ index: Int, _ values: [SessionValue]) -> [SessionValue] {
        var result = Array(values[..<index])
        if index < values.count {
            if !rest.path.isEmpty {
                result.append(apply(rest, to: values[index]))
            } else if let value = rest.value {
                result.append(value)
            }
            result += values[(index + 1)...]
        } else if let value = rest.value {
            result.append(value)
        }
        return result
    }

    /// Whether two trees hold the same, whatever the order of their maps' keys.
    ///
    /// A key that is removed and set again returns to its place in an edit, and goes to the end when the tree is rebuilt.
    public static func sameContent(_ left: SessionValue, _ right: SessionValue) -> Bool {
        switch (left, right) {
        case (.map(let left), .map(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in right[key].map { sameContent(value, $0) } ?? false }
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)),
            (.set(let left), .set(let right)):
            left.count == right.count && zip(left, right).allSatisfy(sameContent)
        case (.object(let leftName, let left), .object(let rightName, let right)):
            leftName == rightName && sameContent(left, right)
        default: left == right
        }
    }
}

extension TreeModel {
    /// Whether a set somewhere in the tree holds a value twice, which no format can say.
    public static func repeatsElements(_ tree: SessionValue) -> Bool {
        switch tree {
        case .set(let values): Set(values).count != values.count || values.contains(where: repeatsElements)
        case .list(let values), .tuple(let values): values.contains(where: repeatsElements)
        case .map(let map): map.contains { repeatsElements($0.key) || repeatsElements($0.value) }
        case .object(_, let state): repeatsElements(state)
        default: false
        }
    }
}

extension RandomSource {
    /// A change that a tree can take: something set, added or removed, at times set back to what `base` has there.
    public mutating func step(on tree: SessionValue, base: SessionValue, _ range: ValueRange) -> TreeStep {
        var path: ValuePath = []
        var node = tree
        while let steps = Self.steps(into: node), !steps.isEmpty, !chance(3) {
            guard let step = steps.randomElement(using: &self), let next = node.child(step) else { break }
            path.append(step)
            node = next
        }
        switch (node, number(0...5)) {
        case (.map, 0...1): path.append(.key(key(range)))
        case (.list(let values), 0...1), (.tuple(let values), 0...1): path.append(.index(values.count))
        case (_, 2) where !path.isEmpty && path.last != .state: return TreeStep(path: path, value: nil)
        default: break
        }
        if chance(3), let before = base.value(at: path) { return TreeStep(path: path, value: before) }
        let whole: SessionValue = .map(map(range))
        return TreeStep(path: path, value: path.isEmpty ? whole : value(range, depth: 2))
    }

    private static func steps(into node: SessionValue) -> [ValueStep]? {
        switch node {
        case .map(let map): map.keys.map { .key($0) }
        case .list(let values), .tuple(let values), .set(let values): values.indices.map { .index($0) }
        case .object: [.state]
        default: nil
        }
    }
}
