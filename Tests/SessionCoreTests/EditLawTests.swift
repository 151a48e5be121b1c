import OrderedCollections
import RandomValues
import SessionCore
import Testing

@Suite struct EditLawTests {
    /// A base, what is staged over it, and the same built by hand.
    private struct Staged {
        let base: SessionValue
        var edit: Edit?
        var model: SessionValue

        var value: SessionValue { edit?.value(over: base) ?? base }

        mutating func apply(_ step: TreeStep) {
            edit = Edit.setting(step.value, at: step.path[...], base: base, edit: edit)
            model = TreeModel.apply(step, to: model)
        }
    }

    private func sequences(
        seed: UInt64, _ count: Int, _ check: (Staged, TreeStep) throws -> Void
    ) rethrows {
        var random = RandomSource(seed: seed)
        for _ in 0..<count {
            let base = random.chance(5) ? random.value(.everything) : .map(random.map(.everything))
            var staged = Staged(base: base, edit: nil, model: base)
            for _ in 0..<random.number(1...15) {
                let step = random.step(on: staged.value, base: base, .everything)
                staged.apply(step)
                try check(staged, step)
                // Orders of keys drift apart once a removed key is set again; from there on the edit's order is taken.
                staged.model = staged.value
            }
        }
    }

    @Test(arguments: RandomSource.seeds(20))
    func `an edit gives the tree that rebuilding gives, and is nothing when that is the base`(seed: UInt64) {
        sequences(seed: seed, 100) { staged, step in
            #expect(TreeModel.sameContent(staged.value, staged.model), "\(step) on \(staged.base) gave \(staged.value)")
            #expect((staged.edit == nil) == (staged.value == staged.base), "\(step) on \(staged.base)")
            if staged.model == staged.base { #expect(staged.edit == nil, "\(step) on \(staged.base)") }
        }
    }

    @Test(arguments: RandomSource.seeds(10))
    func `removing and setting again what the base has leaves no trace`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<100 {
            let base: SessionValue = .map(random.map(.everything))
            var edit: Edit?
            var touched: [TreeStep] = []
            for _ in 0..<6 {
                let step = random.step(on: base, base: base, .everything)
                guard !step.path.isEmpty, let before = base.value(at: step.path) else { continue }
                if case .index = step.path.last, step.value == nil { continue }
                if touched.contains(where: { $0.path.starts(with: step.path) || step.path.starts(with: $0.path) }) {
                    continue
                }
                edit = Edit.setting(step.value, at: step.path[...], base: base, edit: edit)
                touched.append(TreeStep(path: step.path, value: before))
            }
            for step in touched.shuffled(using: &random) {
                edit = Edit.setting(step.value, at: step.path[...], base: base, edit: edit)
            }
            #expect(edit == nil, "\(touched)")
        }
    }

    @Test(arguments: RandomSource.seeds(10))
    func `a node seen through an edit is the built value, at every place`(seed: UInt64) {
        sequences(seed: seed, 60) { staged, _ in
            compare(EditedNode(base: staged.base, edit: staged.edit), staged.value)
        }
    }

    private func compare(_ node: EditedNode, _ value: SessionValue) {
        #expect(node.value == value)
        #expect(node.kind == value.kind)
        #expect(node.childCount == value.childCount)
        for step in steps(into: value) {
            guard let child = node.child(step), let inner = value.child(step) else {
                Issue.record("no child \(step) in \(value)")
                continue
            }
            compare(child, inner)
        }
        #expect(node.child(.index(value.childCount ?? 0)) == nil)
        #expect(node.child(.key("a key that no random map has")) == nil)
    }

    private func steps(into value: SessionValue) -> [ValueStep] {
        switch value {
        case .map(let map): map.keys.map { .key($0) }
        case .list(let values), .tuple(let values), .set(let values): values.indices.map { .index($0) }
        case .object: [.state]
        default: []
        }
    }

    @Test(arguments: RandomSource.seeds(10))
    func `the changes of an edit, made in the base, give the edited value`(seed: UInt64) {
        sequences(seed: seed, 60) { staged, step in
            let changes = ValueChange.changes(of: staged.edit, base: staged.base)
            #expect(changes.isEmpty == (staged.edit == nil))
            for change in changes { #expect(change.before != change.after) }
            let rebuilt = ChangeReplay.apply(changes, to: staged.base)
            #expect(TreeModel.sameContent(rebuilt, staged.value), "\(changes) of \(staged.base) give \(rebuilt)")
            let whole = ValueChange.changes(from: staged.base, to: staged.value)
            #expect(TreeModel.sameContent(ChangeReplay.apply(whole, to: staged.base), staged.value))
        }
    }

    @Test func `a path that does not exist changes nothing`() {
        let base: SessionValue = ["a": [1, 2], "b": 1]
        for path in [[.key("c"), .key("d")], [.key("a"), .index(3)], [.key("b"), .key("x")], [.index(0)]] as [ValuePath]
        {
            #expect(Edit.setting(7, at: path[...], base: base, edit: nil)?.value(over: base) ?? base == base)
        }
    }

    @Test func `the number of changes counts keys and elements`() {
        let base: SessionValue = ["list": [1, 2, 3, 4, 5], "a": 1]
        var edit: Edit?
        func set(_ value: SessionValue?, _ path: ValueStep...) {
            edit = Edit.setting(value, at: path[...], base: base, edit: edit)
        }
        set(2, .key("a"))
        set(1, .key("b"))
        #expect(edit?.changeCount == 2)
        set(nil, .key("list"), .index(4))
        set(nil, .key("list"), .index(3))
        #expect(edit?.changeCount == 4)
        set(9, .key("list"), .index(0))
        #expect(edit?.changeCount == 5)
        set(nil, .key("list"), .index(0))
        #expect(edit?.changeCount == 5, "the element that was changed is the one that is gone")
        set(nil, .key("list"))
        #expect(edit?.changeCount == 3)
    }
}

/// Makes changes in a tree, as a reader of a difference would.
private enum ChangeReplay {
    static func apply(_ changes: [ValueChange], to base: SessionValue) -> SessionValue {
        if let whole = changes.first(where: { $0.path.isEmpty }) { return whole.after ?? .null }
        switch base {
        case .map(let map):
            var result = map
            for (step, inner) in grouped(changes) {
                guard case .key(let key) = step else { continue }
                result[key] = next(inner, from: map[key])
            }
            return .map(result)
        case .list(let values): return .list(apply(changes, to: values))
        case .tuple(let values): return .tuple(apply(changes, to: values))
        case .set(let values): return .set(apply(changes, to: values))
        case .object(let name, let state):
            return .object(className: name, state: next(grouped(changes)[.state] ?? [], from: state) ?? .null)
        default: return base
        }
    }

    /// Removed elements are numbered in the base, all others in the edited list.
    private static func apply(_ changes: [ValueChange], to values: [SessionValue]) -> [SessionValue] {
        var removed: Set<Int> = []
        var placed: [Int: SessionValue] = [:]
        var inner: [Int: [ValueChange]] = [:]
        for change in changes {
            guard case .index(let index) = change.path.first else { continue }
            let rest = ValueChange(path: Array(change.path.dropFirst()), before: change.before, after: change.after)
            if rest.path.isEmpty, change.after == nil {
                removed.insert(index)
            } else if rest.path.isEmpty, change.before == nil, let after = change.after {
                placed[index] = after
            } else {
                inner[index, default: []].append(rest)
            }
        }
        var kept = values.indices.filter { !removed.contains($0) }.map { values[$0] }[...]
        var result: [SessionValue] = []
        while !kept.isEmpty || placed[result.count] != nil {
            result.append(placed[result.count] ?? kept.removeFirst())
            let index = result.count - 1
            if let changes = inner[index] { result[index] = apply(changes, to: result[index]) }
        }
        return result
    }

    private static func next(_ changes: [ValueChange], from base: SessionValue?) -> SessionValue? {
        guard let whole = changes.first(where: { $0.path.isEmpty }) else { return base.map { apply(changes, to: $0) } }
        return whole.after
    }

    private static func grouped(_ changes: [ValueChange]) -> OrderedDictionary<ValueStep, [ValueChange]> {
        var groups: OrderedDictionary<ValueStep, [ValueChange]> = [:]
        for change in changes {
            guard let first = change.path.first else { continue }
            groups[first, default: []].append(
                ValueChange(path: Array(change.path.dropFirst()), before: change.before, after: change.after))
        }
        return groups
    }
}
