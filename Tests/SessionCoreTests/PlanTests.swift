import OrderedCollections
import SessionCore
import Testing

@Suite struct PlanTests {
    private let a = RecordID.sample("a")

    private func write(
        _ record: LoadedRecord, _ stage: (inout UnitOfWork) -> Void
    ) throws -> (write: RecordWrite, changes: [ValueChange])? {
        var work = UnitOfWork()
        work.load(record)
        stage(&work)
        let plan = try work.plan()
        #expect(plan.steps.count <= 1)
        return plan.steps.first.map { ($0.write, $0.changes) }
    }

    private func setX(_ work: inout UnitOfWork) { work.set(2, at: [.key("x")], of: a) }

    @Test func `our own record is written with its container's life, a foreign one keeps the life it has`() throws {
        for (isOwn, expiry) in [(true, RecordWrite.ExpiryChange.renew(.seconds(60))), (false, .keep)] {
            let record = LoadedRecord.sample("a", "{\"x\": 1}", isOwn: isOwn)
            let (write, changes) = try #require(try write(record, setX))
            let stored = try #require(record.stored)
            #expect(write.expectation == .unchanged(stored))
            #expect(write.change == .put(payload: Array("{\"x\": 2}".utf8), flags: 9, expiry: expiry))
            #expect(changes == [ValueChange(path: [.key("x")], before: 1, after: 2)])
        }
    }

    @Test func `a record that is made has the profile's flags and the container's life`() throws {
        let (write, _) = try #require(try write(.sample("a", nil, isOwn: false), setX))
        #expect(write.expectation == .absent)
        #expect(write.change == .put(payload: Array("{\"x\": 2}".utf8), flags: 5, expiry: .renew(.seconds(60))))
    }

    @Test func `a staged life is written, alone without the payload`() throws {
        let record = LoadedRecord.sample("a", "{\"x\": 1}", isOwn: false)
        let alone = try write(record) { $0.setLifetime(.never, of: a) }
        #expect(alone?.write.change == .retime(.never))
        let both = try write(record) {
            setX(&$0)
            $0.setLifetime(.seconds(9), of: a)
        }
        #expect(both?.write.change == .put(payload: Array("{\"x\": 2}".utf8), flags: 9, expiry: .renew(.seconds(9))))
        let unstored = try write(.sample("a", nil)) { $0.setLifetime(.never, of: a) }
        #expect(unstored == nil)
    }

    @Test func `an emptied session of our own is deleted, a foreign one is written empty`() throws {
        let own = try write(.sample("a", "{\"x\": 1}")) { $0.set(nil, at: [.key("x")], of: a) }
        #expect(own?.write.change == .delete)
        #expect(own?.changes == [ValueChange(path: [], before: ["x": 1], after: nil)])
        let foreign = try write(.sample("a", "{\"x\": 1}", isOwn: false)) { $0.set(nil, at: [.key("x")], of: a) }
        #expect(foreign?.write.change == .put(payload: Array("{}".utf8), flags: 9, expiry: .keep))
        let unborn = try write(.sample("a", nil)) {
            setX(&$0)
            $0.set(nil, at: [.key("x")], of: a)
        }
        #expect(unborn == nil)
    }

    @Test func `a destroyed record is deleted, and set again it is written`() throws {
        for isOwn in [true, false] {
            let record = LoadedRecord.sample("a", "{\"x\": 1, \"y\": 2}", isOwn: isOwn)
            let gone = try write(record) { $0.destroy(a) }
            #expect(gone?.write.change == .delete)
            let again = try write(record) {
                $0.destroy(a)
                $0.set(3, at: [.key("z")], of: a)
            }
            guard case .put(let payload, 9, _) = again?.write.change else {
                Issue.record("\(String(describing: again))")
                return
            }
            #expect(payload == Array("{\"z\": 3}".utf8))
        }
    }

    @Test func `bytes that take the payload's place are written as they are`() throws {
        let written = try write(.sample("a", "?", isOwn: false)) { $0.replacePayload([0, 255], of: a) }
        #expect(written?.write.change == .put(payload: [0, 255], flags: 9, expiry: .keep))
        #expect(written?.changes == [ValueChange(path: [], before: .bytes([0x3F]), after: .bytes([0, 255]))])
        let same = try write(.sample("a", "?")) { $0.replacePayload([0x3F], of: a) }
        #expect(same == nil)
    }

    @Test func `what cannot be encoded is told with the record's key`() {
        var work = UnitOfWork()
        work.load(.sample("a", "{}"))
        work.set(1, at: [.key("refused")], of: a)
        #expect {
            try work.plan()
        } throws: { ($0 as? PlanError)?.description == "a: it holds what it cannot" }
    }

    @Test func `steps stand in the order of stores and keys, and nothing clean is among them`() throws {
        var work = UnitOfWork()
        for key in ["c", "a", "b"] as [RecordKey] { work.load(.sample(key, "{\"x\": 1}")) }
        work.set(2, at: [.key("x")], of: .sample("c"))
        work.set(2, at: [.key("x")], of: .sample("a"))
        let plan = try work.plan()
        #expect(plan.steps.map(\.id.key) == ["a", "c"])
        #expect(plan.stores == ["store"])
        #expect(plan.writes(to: "store").count == 2 && plan.writes(to: "other").isEmpty)
        #expect(plan.steps.map(\.bytesBefore) == [8, 8] && plan.steps.map(\.bytesAfter) == [8, 8])
        #expect(try UnitOfWork().plan().isEmpty)
    }

    @Test func `a commit costs one round trip, two where lives are kept or records are several, none without writes`()
        throws
    {
        func trips(_ isOwn: [Bool], _ capabilities: StoreCapabilities) throws -> Int {
            var work = UnitOfWork()
            for (number, isOwn) in isOwn.enumerated() {
                let key = RecordKey("k\(number)")
                work.load(.sample(key, "{\"x\": 1}", isOwn: isOwn))
                work.set(2, at: [.key("x")], of: .sample(key))
            }
            return Plan.roundTrips(for: try work.plan().writes(to: "store"), on: capabilities)
        }
        #expect(try trips([], .scan) == 0)
        #expect(try trips([true], .scan) == 1)
        #expect(try trips([false], .scan) == 2)
        #expect(try trips(Array(repeating: true, count: 50), .scan) == 2)
        #expect(try trips([true, false, true], .scan) == 2)
        #expect(try trips([true, false, true], [.scan, .atomicBatch]) == 1)
    }

    @Test func `a record is read by the first format that can, else by the fallback with the reason`() {
        let broken = LoadedRecord.sample("a", "{\"x\": ")
        #expect(broken.format.name == "bytes" && broken.tree == .bytes(Array("{\"x\": ".utf8)))
        #expect(broken.readOnlyReason == "not readable as sample, byte 6: the text ends where a value should be")
        #expect(LoadedRecord.sample("a", "?").readOnlyReason == "nobody knows it")
        let unstored = LoadedRecord.sample("a", nil)
        #expect(unstored.tree == [:] && unstored.readOnlyReason == nil)
    }
}
