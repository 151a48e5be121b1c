import OrderedCollections
import RandomValues
import SessionCommands
import SessionCore
import Testing

@Suite struct ListingTests {
    @Test(arguments: RandomSource.seeds(10))
    func `a listing agrees with the built value and marks exactly what differs`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<60 {
            let base: SessionValue = .map(random.map(.everything))
            var edit: Edit?
            for _ in 0..<random.number(1...6) {
                let step = random.step(on: edit?.value(over: base) ?? base, base: base, .everything)
                edit = Edit.setting(step.value, at: step.path[...], base: base, edit: edit)
            }
            compare(EditedNode(base: base, edit: edit))
        }
    }

    private func compare(_ node: EditedNode) {
        guard node.childCount != nil else { return }
        let listing = Listing(node)
        let lines = (0..<listing.count).compactMap { listing[$0] }
        #expect(lines.count == listing.count && listing[listing.count] == nil && listing[-1] == nil)
        let present = lines.filter { $0.letter != "D" }
        #expect(present.count == node.childCount)
        for line in present {
            #expect(line.node?.value == node.value.child(line.step))
            #expect((line.letter == " ") == (line.before == line.node?.value), "\(line)")
        }
        if case .map(let map) = node.value {
            let keys = present.compactMap { if case .key(let key) = $0.step { key } else { nil } }
            #expect(keys == Array(map.keys))
        }
        for line in lines { if let inner = line.node { compare(inner) } }
    }
}
