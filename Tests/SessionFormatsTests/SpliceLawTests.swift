import OrderedCollections
import RandomValues
import SessionCore
import SessionFormats
import Testing

@Suite struct SpliceLawTests {
    private static let formats: [any PayloadFormat] = [JSONFormat(), NotationFormat()]

    private func text(_ tree: SessionValue, _ format: any PayloadFormat, _ random: inout RandomSource) -> [UInt8] {
        if format.name == "json" { return Array(random.jsonText(of: tree).utf8) }
        return Array((random.chance(2) ? Notation.text(of: tree) : Notation.indentedText(of: tree)).utf8)
    }

    private func range(_ format: any PayloadFormat) -> ValueRange { format.name == "json" ? .json : .everything }

    @Test(arguments: RandomSource.seeds(20), [0, 1])
    func `a spliced payload decodes to the edited tree`(seed: UInt64, which: Int) throws {
        let format = Self.formats[which]
        var random = RandomSource(seed: seed)
        for _ in 0..<60 {
            let payload = text(.map(random.map(range(format))), format, &random)
            let tree = try format.decode(payload)
            var edit: Edit?
            for _ in 0..<random.number(1...8) {
                let step = random.step(on: edit?.value(over: tree) ?? tree, base: tree, range(format))
                let next = Edit.setting(step.value, at: step.path[...], base: tree, edit: edit)
                if let next, TreeModel.repeatsElements(next.value(over: tree)) { continue }
                edit = next
                guard let edit else { continue }
                let spliced = try format.splice(edit, into: payload, tree: tree)
                let expected = edit.value(over: tree)
                let got = try? format.decode(spliced)
                #expect(
                    got.map { TreeModel.sameContent($0, expected) } == true,
                    "\(String(decoding: payload, as: UTF8.self)) with \(edit) gave \(String(decoding: spliced, as: UTF8.self))"
                )
            }
        }
    }

    @Test(arguments: RandomSource.seeds(20), [0, 1])
    func `replacing one leaf changes its own bytes and no others`(seed: UInt64, which: Int) throws {
        let format = Self.formats[which]
        var random = RandomSource(seed: seed)
        for _ in 0..<100 {
            let payload = text(.map(random.map(range(format))), format, &random)
            let tree = try format.decode(payload)
            guard let path = leafPath(in: tree, &random), let old = tree.value(at: path) else { continue }
            let mark: SessionValue = .integer(777_777_777)
            let edit = try #require(Edit.setting(mark, at: path[...], base: tree, edit: nil))
            let spliced = try format.splice(edit, into: payload, tree: tree)
            let start = spliced.indices.first { spliced[$0...].starts(with: "777777777".utf8) }
            let first = try #require(start)
            let behind = spliced.count - first - 9
            #expect(payload.starts(with: spliced[..<first]))
            #expect(payload.count >= first + behind && payload.suffix(behind).elementsEqual(spliced.suffix(behind)))
            let replaced = Array(payload[first..<(payload.count - behind)])
            #expect(try format.decode(replaced) == old, "\(String(decoding: replaced, as: UTF8.self))")
        }
    }

    private func leafPath(in tree: SessionValue, _ random: inout RandomSource) -> ValuePath? {
        var path: ValuePath = []
        var node = tree
        while true {
            let steps: [ValueStep] =
                switch node {
                case .map(let map): map.keys.map { .key($0) }
                case .list(let values), .tuple(let values), .set(let values): values.indices.map { .index($0) }
                case .object: [.state]
                default: []
                }
            guard let step = steps.randomElement(using: &random), let next = node.child(step) else {
                return path.isEmpty || node.childCount != nil ? nil : path
            }
            path.append(step)
            node = next
        }
    }

    @Test(arguments: RandomSource.seeds(10), [0, 1])
    func `an edit that changes nothing copies the payload`(seed: UInt64, which: Int) throws {
        let format = Self.formats[which]
        var random = RandomSource(seed: seed)
        for _ in 0..<100 {
            let payload = text(.map(random.map(range(format))), format, &random)
            let tree = try format.decode(payload)
            let same = try format.splice(.map([:]), into: payload, tree: tree)
            #expect(
                same == payload,
                "\(String(decoding: payload, as: UTF8.self).debugDescription) gave \(String(decoding: same, as: UTF8.self).debugDescription)"
            )
            guard let key = tree.map?.keys.randomElement(using: &random), let inner = tree.map?[key] else { continue }
            guard inner.map != nil else { continue }
            #expect(try format.splice(.map([key: .edited(.map([:]))]), into: payload, tree: tree) == payload)
        }
    }

    @Test(arguments: RandomSource.seeds(10), [0, 1])
    func `what is encoded decodes to the same`(seed: UInt64, which: Int) throws {
        let format = Self.formats[which]
        var random = RandomSource(seed: seed)
        for _ in 0..<200 {
            let tree = random.value(range(format), depth: 4)
            #expect(format.refusal(of: tree) == nil)
            #expect(try format.decode(try format.encode(tree)) == tree)
        }
    }

    @Test(arguments: RandomSource.seeds(10), [0, 1])
    func `hostile bytes are a tree or a typed error, and the payload of a tree takes edits`(seed: UInt64, which: Int) {
        let format = Self.formats[which]
        var random = RandomSource(seed: seed)
        for _ in 0..<300 {
            var payload = text(.map(random.map(range(format))), format, &random)
            for _ in 0..<random.number(1...3) where !payload.isEmpty {
                let place = random.number(0...(payload.count - 1))
                if random.chance(2) {
                    payload.remove(at: place)
                } else {
                    payload[place] = UInt8(random.number(0...255))
                }
            }
            do throws(FormatError) {
                let tree = try format.decode(payload)
                guard case .map = tree else { continue }
                let edit = Edit.setting(.bool(true), at: [.key("added")], base: tree, edit: nil)
                guard let edit else { continue }
                let spliced = try format.decode(try format.splice(edit, into: payload, tree: tree))
                #expect(TreeModel.sameContent(spliced, edit.value(over: tree)))
            } catch {
                #expect(error.format == format.name && !error.problem.isEmpty)
            }
        }
    }
}
