import SessionCore
import Testing

extension StoreLaw {
    static let conflicts: [StoreLaw] = [
        StoreLaw("adding what is there is a conflict and changes nothing") { keys, store in
            let present = try await store.add(keys.key("there"), [1], flags: 3)
            let outcome = try await store.outcome(
                RecordWrite(
                    key: present.key, expectation: .absent,
                    change: .put(payload: [2], flags: 0, expiry: .renew(.never))))
            #expect(outcome == .conflict(.appeared))
            try await expectUntouched(present, store)
        },
        StoreLaw("a put on an older version is a conflict that names the present one, and changes nothing") {
            keys, store in
            let old = try await store.add(keys.key("stale"), [1])
            guard case .written(let present?) = try await store.outcome(old.replaced(by: [2])) else {
                throw LawBroken()
            }
            #expect(try await store.outcome(old.replaced(by: [3])) == .conflict(.changed(present.revision)))
            #expect(
                try await store.outcome(old.replaced(by: [3], expiry: .keep))
                    == .conflict(.changed(present.revision)))
            try await expectUntouched(present, store)
        },
        StoreLaw("a put, a delete and a retime of what is gone are conflicts and write nothing") { keys, store in
            let gone = try await store.add(keys.key("gone"), [1])
            _ = try await store.outcome(gone.deletion)
            let retime = RecordWrite(key: gone.key, expectation: .unchanged(gone), change: .retime(.seconds(60)))
            for write in [gone.replaced(by: [2]), gone.replaced(by: [2], expiry: .keep), gone.deletion, retime] {
                #expect(try await store.outcome(write) == .conflict(.gone))
            }
            #expect(try await store.load(gone.key) == nil)
        },
        StoreLaw("a delete or retime of an older version is a conflict and changes nothing") { keys, store in
            let old = try await store.add(keys.key("guard"), [1], life: .seconds(200))
            guard case .written(let present?) = try await store.outcome(old.replaced(by: [2], expiry: .keep)) else {
                throw LawBroken()
            }
            #expect(try await store.outcome(old.deletion) == .conflict(.changed(present.revision)))
            let retime = RecordWrite(key: old.key, expectation: .unchanged(old), change: .retime(.seconds(9000)))
            #expect(try await store.outcome(retime) == .conflict(.changed(present.revision)))
            try await expectUntouched(present, store)
            #expect((180...203).contains(try await store.load(old.key)?.secondsLeft ?? 0))
        },
        StoreLaw("a record that was deleted and added again is another version") { keys, store in
            let first = try await store.add(keys.key("again"), [1])
            _ = try await store.outcome(first.deletion)
            let second = try await store.add(first.key, [1])
            #expect(try await store.outcome(first.replaced(by: [2])) == .conflict(.changed(second.revision)))
            try await expectUntouched(second, store)
        },
        StoreLaw("of a batch in which one record conflicts nothing is written") { keys, store in
            let first = try await store.add(keys.key("one"), [1])
            let old = try await store.add(keys.key("two"), [2])
            guard case .written(let present?) = try await store.outcome(old.replaced(by: [22])) else {
                throw LawBroken()
            }
            let third = try await store.add(keys.key("three"), [3])
            let fourth = keys.key("four")
            let report = try await store.commit([
                first.replaced(by: [9]), old.replaced(by: [9]), third.deletion,
                RecordWrite(
                    key: fourth, expectation: .absent,
                    change: .put(payload: [9], flags: 0, expiry: .renew(.never))),
            ])
            #expect(
                report.outcomes == [
                    first.key: .untouched, old.key: .conflict(.changed(present.revision)), third.key: .untouched,
                    fourth: .untouched,
                ])
            #expect(report.wroteNothing)
            for record in [first, present, third] { try await expectUntouched(record, store) }
            #expect(try await store.load(fourth) == nil)
        },
        StoreLaw("senseless batches are refused and write nothing") { keys, store in
            let present = try await store.add(keys.key("sense"), [1])
            let absent = keys.key("absent")
            let keep = RecordWrite.Change.put(payload: [2], flags: 0, expiry: .keep)
            let ended = RecordWrite.Change.put(payload: [2], flags: 0, expiry: .renew(.seconds(0)))
            let senseless: [[RecordWrite]] = [
                [present.replaced(by: [2]), present.replaced(by: [3])],
                [RecordWrite(key: absent, expectation: .absent, change: keep)],
                [RecordWrite(key: absent, expectation: .absent, change: .delete)],
                [RecordWrite(key: absent, expectation: .absent, change: .retime(.seconds(5)))],
                [RecordWrite(key: present.key, expectation: .unchanged(present), change: ended)],
                [RecordWrite(key: present.key, expectation: .unchanged(present), change: .retime(.seconds(-1)))],
            ]
            for batch in senseless {
                await #expect { try await store.commit(batch) } throws: { ($0 as? StoreError)?.code == .unsupported }
            }
            try await expectUntouched(present, store)
            #expect(try await store.load(absent) == nil)
        },
    ]

    static let concurrency: [StoreLaw] = [
        StoreLaw("writers that retry on conflict lose no increment") { keys, store in
            let key = keys.key("counter")
            _ = try await store.add(key, Array("0".utf8))
            let perWriter = 25
            let writers = 4
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<writers {
                    group.addTask {
                        for _ in 0..<perWriter { try await increment(key, store) }
                    }
                }
                try await group.waitForAll()
            }
            let final = try #require(try await store.load(key))
            #expect(String(decoding: final.payload, as: UTF8.self) == "\(perWriter * writers)")
        }
    ]

    private static func increment(_ key: RecordKey, _ store: any SessionStore) async throws {
        while true {
            guard let record = try await store.load(key),
                let count = Int(String(decoding: record.payload, as: UTF8.self))
            else { throw LawBroken() }
            switch try await store.outcome(record.replaced(by: Array("\(count + 1)".utf8), expiry: .keep)) {
            case .written: return
            case .conflict: continue
            case let other:
                Issue.record("an increment came to \(other)")
                throw LawBroken()
            }
        }
    }

    private static func expectUntouched(_ record: StoredRecord, _ store: any SessionStore) async throws {
        let present = try await store.load(record.key)
        #expect(present?.payload == record.payload)
        #expect(present?.flags == record.flags)
        #expect(present?.revision == record.revision)
    }
}
