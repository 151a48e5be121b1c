import OrderedCollections
import RandomValues
import SessionCore
import Testing

@Suite struct UnitOfWorkTests {
    private let now = Timestamp(seconds: 100)
    private let a = RecordID.sample("a")

    private func work(_ text: String? = "{\"x\": 1, \"p\": {\"k\": 1}}") -> UnitOfWork {
        var work = UnitOfWork()
        work.load(.sample("a", text))
        return work
    }

    private func value(_ work: UnitOfWork, _ id: RecordID = .sample("a")) -> SessionValue? { work.node(of: id)?.value }

    @Test func `dirty means different from the base, and having been changed sticks`() {
        var work = work()
        #expect(work.isClean && !work.isDirty(a) && !work.everChanged.contains(a))
        work.set(1, at: [.key("x")], of: a)
        #expect(work.isClean && !work.everChanged.contains(a))
        work.set(2, at: [.key("x")], of: a)
        #expect(work.isDirty(a) && work.changeCount == 1)
        work.set(1, at: [.key("x")], of: a)
        #expect(work.isClean && work.everChanged.contains(a))
        #expect(value(work) == ["x": 1, "p": ["k": 1]])
    }

    @Test func `one savepoint is rolled back to any number of times, and what was deleted comes back`() {
        var work = work()
        work.set("keep", at: [.key("x")], of: a)
        let savepoint = work.setSavepoint(named: nil, at: now)
        #expect(
            savepoint.name == "sp1" && savepoint.number == 1 && savepoint.moment == now && savepoint.changeCount == 1)
        for round in 0..<3 {
            work.set(.integer(round), at: [.key("x")], of: a)
            work.set(["foo": "bar"], at: [.key("made")], of: a)
            work.set(nil, at: [.key("p")], of: a)
            #expect(value(work) == ["x": .integer(round), "made": ["foo": "bar"]])
            let isThere = work.rollback(to: .savepoint(1))
            #expect(isThere)
            #expect(value(work) == ["x": "keep", "p": ["k": 1]])
            #expect(work.savepoints == [savepoint])
        }
    }

    @Test func `a rollback ends the savepoints after its target, and only those`() {
        var work = work()
        for (name, number) in [("one", 1), ("two", 2), ("three", 3)] {
            work.set(.integer(number + 10), at: [.key("x")], of: a)
            work.setSavepoint(named: name, at: now)
        }
        work.rollback(to: .savepoint(2))
        #expect(work.savepoints.map(\.name) == ["one", "two"])
        #expect(work.staged(at: .savepoint(3)) == nil)
        let before = work
        let isThere = work.rollback(to: .savepoint(3))
        #expect(!isThere)
        #expect(work == before)
        // A number is not given twice, so a savepoint that ended is never taken for another.
        let next = work.setSavepoint(named: nil, at: now)
        #expect(next.number == 4)
        work.rollback(to: .base)
        #expect(work.isClean && work.savepoints.isEmpty)
    }

    @Test func `a record loaded after a savepoint returns to what was loaded, and stays usable`() {
        var work = work()
        work.setSavepoint(named: nil, at: now)
        work.load(.sample("b", "{\"y\": 1}"))
        let b = RecordID.sample("b")
        work.set(2, at: [.key("y")], of: b)
        work.rollback(to: .savepoint(1))
        #expect(value(work, b) == ["y": 1])
        work.set(3, at: [.key("y")], of: b)
        #expect(value(work, b) == ["y": 3])
    }

    @Test func `one place is rolled back, everything else and all savepoints stay`() {
        var work = work()
        work.set("kept", at: [.key("x")], of: a)
        work.setSavepoint(named: nil, at: now)
        work.set("later", at: [.key("x")], of: a)
        work.set(2, at: [.key("p"), .key("k")], of: a)
        work.set(3, at: [.key("p"), .key("new")], of: a)
        work.setSavepoint(named: nil, at: now)
        let added = work.rollback(to: .savepoint(1), path: [.key("p"), .key("new")], of: a)
        #expect(added)
        #expect(value(work) == ["x": "later", "p": ["k": 2]])
        let changed = work.rollback(to: .savepoint(1), path: [.key("x")], of: a)
        #expect(changed)
        #expect(value(work) == ["x": "kept", "p": ["k": 2]])
        let whole = work.rollback(to: .base, path: [], of: a)
        #expect(whole)
        #expect(value(work) == ["x": 1, "p": ["k": 1]])
        #expect(work.savepoints.count == 2)
        let missing = work.rollback(to: .savepoint(7), path: [], of: a)
        #expect(!missing)
    }

    @Test func `a snapshot brings back edits, savepoints and bases`() {
        var work = work()
        work.set(2, at: [.key("x")], of: a)
        work.setSavepoint(named: "one", at: now)
        let snapshot = work.snapshot
        work.rollback(to: .base)
        work.load(.sample("a", "{\"x\": 9}", revision: 2))
        work.load(.sample("b", "{}"))
        work.restore(snapshot)
        #expect(value(work) == ["x": 2, "p": ["k": 1]])
        #expect(work.savepoints.map(\.name) == ["one"])
        #expect(work.records[.sample("b")] != nil)
        #expect(work.snapshot == snapshot)
    }

    @Test func `no number is given to two savepoints, not after an end that was taken back either`() {
        var work = work()
        work.set(2, at: [.key("x")], of: a)
        work.setSavepoint(named: nil, at: now)
        let snapshot = work.snapshot
        work.end()
        work.restore(snapshot)
        work.setSavepoint(named: nil, at: now)
        #expect(work.savepoints.map(\.number) == [1, 2])
    }

    @Test func `ending a transaction keeps what was loaded`() {
        var work = work()
        work.set(2, at: [.key("x")], of: a)
        work.setSavepoint(named: nil, at: now)
        work.end()
        #expect(work.isClean && work.savepoints.isEmpty && work.everChanged.isEmpty)
        #expect(value(work) == ["x": 1, "p": ["k": 1]])
        let next = work.setSavepoint(named: nil, at: now)
        #expect(next.number == 1)
    }

    @Test func `what is set in a destroyed session is all it holds`() {
        var work = work()
        work.destroy(a)
        #expect(value(work) == [:] && work.changeCount == 1)
        work.set("again", at: [.key("x")], of: a)
        #expect(value(work) == ["x": "again"])
        #expect(!work.edit(of: a).isDestroyed)
        work.set(1, at: [.key("x")], of: a)
        work.set(["k": 1], at: [.key("p")], of: a)
        #expect(work.isClean, "the base was built again")
    }

    @Test func `nothing can be staged for what is not loaded, or destroyed that is not stored`() {
        var work = UnitOfWork()
        work.set(1, at: [.key("x")], of: a)
        work.destroy(a)
        work.setLifetime(.never, of: a)
        work.replacePayload([1], of: a)
        #expect(work.isClean && work.node(of: a) == nil)
        work = self.work(nil)
        work.set(1, at: [.key("x")], of: a)
        work.destroy(a)
        #expect(work.isClean)
    }

    @Test func `forgetting a record forgets it in the savepoints too`() {
        var work = work()
        work.set(2, at: [.key("x")], of: a)
        work.setSavepoint(named: nil, at: now)
        work.forget(a)
        work.load(.sample("a", "{\"x\": 1}"))
        work.rollback(to: .savepoint(1))
        #expect(value(work) == ["x": 1])
    }

    @Test(arguments: RandomSource.seeds(10))
    func `savepoints hold what a stack of copies holds`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<40 {
            let base: SessionValue = .map(random.map(.everything))
            var work = work(Notation.text(of: base))
            var copies: [(number: Int, value: SessionValue)] = []
            for _ in 0..<20 {
                let present = value(work) ?? .emptyMap
                switch random.number(0...4) {
                case 0: copies.append((work.setSavepoint(named: nil, at: now).number, present))
                case 1:
                    guard let chosen = copies.randomElement(using: &random) else { continue }
                    work.rollback(to: .savepoint(chosen.number))
                    copies.removeAll { $0.number > chosen.number }
                    #expect(value(work) == chosen.value)
                default:
                    let step = random.step(on: present, base: base, .everything)
                    work.set(step.value, at: step.path, of: a)
                }
                #expect(work.isClean == (value(work) == base))
            }
        }
    }
}
