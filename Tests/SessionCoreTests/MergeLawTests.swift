import OrderedCollections
import RandomValues
import SessionCore
import Testing

/// A three-way merge against one written down as the definition says, on small trees where the sides often meet.
@Suite struct MergeLawTests {
    private let id = RecordID.sample("a")

    private func record(_ tree: SessionValue) -> LoadedRecord { .sample("a", Notation.text(of: tree)) }

    /// A unit of work with random edits over a base.
    private func edited(_ base: SessionValue, _ random: inout RandomSource) -> UnitOfWork {
        var work = UnitOfWork()
        work.load(record(base))
        for _ in 0..<random.number(0...4) {
            let path = random.smallPath()
            guard path.count == 1 || work.node(of: id)?.node(at: path.dropLast())?.kind == .map else { continue }
            work.set(random.chance(4) ? nil : random.smallValue(depth: 2), at: path, of: id)
        }
        return work
    }

    private func tree(_ work: UnitOfWork) -> SessionValue { work.node(of: id)?.value ?? .emptyMap }

    @Test(arguments: RandomSource.seeds(20))
    func `what is merged has the changes of both sides and nothing else`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        var merges = 0
        for _ in 0..<200 {
            let base = random.smallMap(depth: 2)
            let (before, theirs) = (edited(base, &random), tree(edited(base, &random)))
            let mine = tree(before)
            var work = before
            guard case .overlapping(let conflicts) = work.rebase(onto: record(theirs)) else {
                let expected = merged(base, mine, theirs)
                #expect(
                    expected.map { TreeModel.sameContent(tree(work), $0 ?? .emptyMap) } == .some(true),
                    "\(base) mine \(mine) theirs \(theirs) gave \(tree(work))")
                merges += 1
                continue
            }
            #expect(work == before, "an undecided merge leaves everything as it was")
            #expect(!conflicts.isEmpty)
            for conflict in conflicts {
                #expect(conflict.mine == mine.at(conflict.path) && conflict.theirs == theirs.at(conflict.path))
                #expect(conflict.base == base.at(conflict.path))
                #expect(conflict.mine != conflict.theirs)
            }
        }
        #expect(merges > 20)
    }

    @Test(arguments: RandomSource.seeds(20))
    func `a decided place holds what was chosen, and the rest is merged`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        var decided = 0
        for _ in 0..<200 {
            let base = random.smallMap(depth: 2)
            let (before, theirs) = (edited(base, &random), tree(edited(base, &random)))
            var work = before
            guard case .overlapping(let conflicts) = work.rebase(onto: record(theirs)) else { continue }
            var choices: [ValuePath: MergeChoice] = [:]
            for conflict in conflicts {
                choices[conflict.path] = random.pick([.mine, .theirs, .value("chosen")], or: .mine)
            }
            if case .overlapping = work.rebase(onto: record(theirs), deciding: choices) {
                Issue.record("everything was decided: \(base) \(tree(before)) \(theirs)")
            }
            // Where all three agree on what was chosen, there is nothing left that both sides changed.
            var trees = [base, tree(before), theirs]
            for conflict in conflicts {
                let chosen: SessionValue? =
                    switch choices[conflict.path] {
                    case .mine: conflict.mine
                    case .value(let value): value
                    case .theirs, nil: conflict.theirs
                    }
                trees = trees.map { TreeModel.apply(TreeStep(path: conflict.path, value: chosen), to: $0) }
            }
            let expected = merged(trees[0], trees[1], trees[2])
            #expect(
                expected.map { TreeModel.sameContent(tree(work), $0 ?? .emptyMap) } == .some(true),
                "\(base) mine \(tree(before)) theirs \(theirs) \(choices) gave \(tree(work))")
            decided += 1
        }
        #expect(decided > 10)
    }

    @Test(arguments: RandomSource.seeds(10))
    func `two sides that merge either way merge to the same`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<200 {
            let base = random.smallMap(depth: 2)
            var (left, right) = (edited(base, &random), edited(base, &random))
            let (leftTree, rightTree) = (tree(left), tree(right))
            if case .overlapping = left.rebase(onto: record(rightTree)) { continue }
            if case .overlapping = right.rebase(onto: record(leftTree)) { continue }
            #expect(TreeModel.sameContent(tree(left), tree(right)), "\(base) \(leftTree) \(rightTree)")
        }
    }

    @Test(arguments: RandomSource.seeds(10))
    func `a merge with what is there already, or with the base, changes nothing`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<200 {
            let base = random.smallMap(depth: 2)
            let before = edited(base, &random)
            var same = before
            if case .overlapping(let places) = same.rebase(onto: record(tree(before))) {
                Issue.record("both sides did the same, and \(places) were called different")
            }
            #expect(same.isClean && TreeModel.sameContent(tree(same), tree(before)))
            var alone = before
            #expect(alone.rebase(onto: record(base)) == .taken)
            #expect(tree(alone) == tree(before))
        }
    }

    /// Three trees to one, by the definition; nil for a conflict, and a value that is nil for nothing there.
    private func merged(_ base: SessionValue?, _ mine: SessionValue?, _ theirs: SessionValue?) -> SessionValue?? {
        func same(_ left: SessionValue?, _ right: SessionValue?) -> Bool {
            guard let left, let right else { return left == nil && right == nil }
            return TreeModel.sameContent(left, right)
        }
        if same(mine, base) { return .some(theirs) }
        if same(theirs, base) || same(mine, theirs) { return .some(mine) }
        guard case .map(let ours) = mine, case .map(let others) = theirs else { return nil }
        let old: SessionMap
        switch base {
        case .map(let map): old = map
        case nil: old = [:]
        default: return nil
        }
        var result = old
        for key in Set(old.keys).union(ours.keys).union(others.keys) {
            guard let value = merged(old[key], ours[key], others[key]) else { return nil }
            result[key] = value
        }
        return .some(.map(result))
    }
}

extension SessionValue {
    fileprivate func at(_ path: ValuePath) -> SessionValue? { EditedNode(base: self, edit: nil).node(at: path)?.value }
}

extension RandomSource {
    fileprivate mutating func smallPath() -> ValuePath {
        (0..<number(1...3)).map { _ in .key(.string(pick(["a", "b", "c"], or: "a"))) }
    }

    fileprivate mutating func smallMap(depth: Int) -> SessionValue {
        var map: SessionMap = [:]
        for key in ["a", "b", "c"] where !chance(3) { map[.string(key)] = smallValue(depth: depth - 1) }
        return .map(map)
    }

    fileprivate mutating func smallValue(depth: Int) -> SessionValue {
        if depth > 0, !chance(3) { return smallMap(depth: depth) }
        if chance(4) { return .list((0..<number(0...2)).map { _ in .integer(number(0...1)) }) }
        return .integer(number(0...2))
    }
}
