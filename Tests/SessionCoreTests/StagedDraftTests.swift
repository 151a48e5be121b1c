import RandomValues
import SessionCore
import Testing

/// What is staged comes back from its text as it was.
@Suite struct StagedDraftTests {
    @Test(arguments: RandomSource.seeds(10))
    func `any edits, savepoints and bases`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let id = RecordID.sample("k")
        for _ in 0..<40 {
            let base: SessionValue = .map(random.map(.everything))
            let isThere = !random.chance(5)
            func load(_ stored: StoredRecord?) -> LoadedRecord {
                .sample("k", isThere ? Notation.text(of: base) : nil)
            }
            var work = UnitOfWork()
            work.load(load(nil))
            for _ in 0..<random.number(0...8) {
                let tree = work.node(of: id)?.value ?? .emptyMap
                switch random.number(0...11) {
                case 0: work.setSavepoint(named: random.text(), at: Timestamp(milliseconds: 7))
                case 1: work.setLifetime(random.chance(2) ? .never : .seconds(60), of: id)
                case 2: work.destroy(id)
                case 3: work.replacePayload(random.bytes(), of: id)
                case 4: work.rollback(to: work.savepoints.first.map { .savepoint($0.number) } ?? .base)
                default:
                    let step = random.step(on: tree, base: base, .everything)
                    var changed = work
                    changed.set(step.value, at: step.path, of: id)
                    // No format takes a set with the same value twice.
                    if changed.node(of: id).map({ TreeModel.repeatsElements($0.value) }) != true { work = changed }
                }
            }
            let draft = StagedDraft(of: work)
            let text = Notation.text(of: try ValueCoding.value(encoding: draft))
            let back = try ValueCoding.decode(StagedDraft.self, from: Notation.value(parsing: text))
            #expect(back == draft, "\(text)")
            #expect(back.isEmpty == (work.isClean && work.savepoints.isEmpty))
            var again = UnitOfWork()
            again.take(back) { load($0.stored) }
            #expect(again.staged == work.staged && again.savepoints == work.savepoints, "\(text)")
            #expect(again.changeCount == back.changeCount)
        }
    }

    @Test func `stores have other names in another program`() throws {
        var work = UnitOfWork()
        work.load(.sample("k", "{}"))
        work.set(1, at: [.key("a")], of: .sample("k"))
        var draft = StagedDraft(of: work)
        draft.renameStores(["store": "live"])
        #expect(draft.bases.map(\.id) == [RecordID(store: "live", key: "k")])
    }
}
