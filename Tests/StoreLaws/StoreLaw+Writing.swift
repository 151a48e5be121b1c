import SessionCore
import Testing

extension StoreLaw {
    static let loading: [StoreLaw] = [
        StoreLaw("a missing record is absent, not an error") { keys, store in
            let records = try await store.load([keys.key("nothing")])
            #expect(records.isEmpty)
        },
        StoreLaw("a thousand keys come in one load, each with its own bytes") { keys, store in
            let wanted = (0..<1000).map { keys.key("many\($0)") }
            let report = try await store.commit(
                wanted.enumerated().map { index, key in
                    RecordWrite(
                        key: key, expectation: .absent,
                        change: .put(
                            payload: Array("value \(index)".utf8), flags: UInt32(index), expiry: .renew(.never)))
                })
            #expect(report.isComplete)
            let before = await store.traffic().trips[.load, default: 0]
            let records = try await store.load(wanted + [keys.key("absent")])
            let after = await store.traffic().trips[.load, default: 0]
            #expect(after - before >= 1)
            #expect(records.count == 1000)
            for (index, key) in wanted.enumerated() {
                #expect(records[key]?.payload == Array("value \(index)".utf8))
                #expect(records[key]?.flags == UInt32(index))
            }
        },
        StoreLaw("loading changes neither revision nor expiry") { keys, store in
            let added = try await store.add(keys.key("still"), [1, 2, 3], life: .seconds(500))
            for _ in 0..<3 { _ = try await store.load([added.key]) }
            let loaded = try #require(try await store.load(added.key))
            #expect(loaded.revision == added.revision)
            #expect((480...503).contains(loaded.secondsLeft ?? 0))
        },
        StoreLaw("a key named twice in one load is answered once") { keys, store in
            let added = try await store.add(keys.key("twice"), [7])
            let records = try await store.load([added.key, added.key])
            #expect(records.count == 1)
        },
    ]

    static let writing: [StoreLaw] = [
        StoreLaw("what was added is loaded byte for byte, all bytes and 32 bits of flags included") { keys, store in
            let payload =
                (0...255).map { UInt8($0) } + Array("\r\nEND\r\nVA 3\r\n\0".utf8) + (0...255).map { UInt8($0) }
            let added = try await store.add(keys.key("binary"), payload, flags: .max)
            let loaded = try #require(try await store.load(added.key))
            #expect(loaded.payload == payload)
            #expect(loaded.flags == .max)
            #expect(loaded.revision == added.revision)
        },
        StoreLaw("a payload of no bytes is a record") { keys, store in
            let added = try await store.add(keys.key("empty"), [])
            let loaded = try #require(try await store.load(added.key))
            #expect(loaded.payload.isEmpty)
            let outcome = try await store.outcome(loaded.replaced(by: [1]))
            guard case .written(let full?) = outcome else { throw LawBroken() }
            #expect(full.payload == [1])
        },
        StoreLaw("keys may have high bytes, UTF-8 and 250 bytes") { keys, store in
            let padding = String(repeating: "x", count: 250 - keys.prefix.utf8.count)
            let odd: [RecordKey] = [
                keys.key("größe-日本"), keys.register(RecordKey(Array(keys.prefix.utf8) + [0x80, 0xFF, 0xC3])),
                keys.key(padding),
            ]
            for (index, key) in odd.enumerated() {
                _ = try await store.add(key, [UInt8(index)])
                #expect(try await store.load(key)?.payload == [UInt8(index)])
            }
        },
        StoreLaw("a put with the loaded revision is written, and its outcome is the next expectation") { keys, store in
            var record = try await store.add(keys.key("chain"), [0], flags: 5)
            for step in 1...4 {
                let outcome = try await store.outcome(record.replaced(by: [UInt8(step)]))
                guard case .written(let next?) = outcome else {
                    Issue.record("step \(step) came to \(outcome)")
                    return
                }
                #expect(next.payload == [UInt8(step)])
                #expect(next.flags == 5)
                record = next
            }
            #expect(try await store.load(record.key)?.payload == [4])
        },
        StoreLaw("a revision changes with each write, even of the same bytes") { keys, store in
            let first = try await store.add(keys.key("same"), [9])
            guard case .written(let second?) = try await store.outcome(first.replaced(by: [9])) else {
                throw LawBroken()
            }
            #expect(second.revision != first.revision)
        },
        StoreLaw("a deleted record is gone, and its outcome holds no record") { keys, store in
            let added = try await store.add(keys.key("delete"), [1])
            #expect(try await store.outcome(added.deletion) == .written(nil))
            #expect(try await store.load(added.key) == nil)
        },
        StoreLaw("a batch may add, replace, delete and retime at once") { keys, store in
            let replaced = try await store.add(keys.key("r"), [1], life: .seconds(300))
            let deleted = try await store.add(keys.key("d"), [2])
            let retimed = try await store.add(keys.key("t"), [3], flags: 8, life: .seconds(100))
            let added = keys.key("a")
            let report = try await store.commit([
                RecordWrite(
                    key: added, expectation: .absent,
                    change: .put(payload: [4], flags: 0, expiry: .renew(.seconds(50)))),
                replaced.replaced(by: [5], expiry: .keep), deleted.deletion,
                RecordWrite(key: retimed.key, expectation: .unchanged(retimed), change: .retime(.seconds(900))),
            ])
            #expect(report.isComplete)
            let records = try await store.load([added, replaced.key, deleted.key, retimed.key])
            #expect(records[added]?.payload == [4])
            #expect(records[replaced.key]?.payload == [5])
            #expect(records[deleted.key] == nil)
            #expect(records[retimed.key]?.payload == [3])
            #expect(records[retimed.key]?.flags == 8)
            #expect((880...903).contains(records[retimed.key]?.secondsLeft ?? 0))
            for (key, outcome) in report.outcomes where key != deleted.key {
                guard case .written(let record?) = outcome else { throw LawBroken() }
                #expect(record.revision == records[key]?.revision)
            }
        },
    ]
}
