import SessionClock
import SessionCore
import Testing

extension StoreLaw {
    static let limits: [StoreLaw] = [
        StoreLaw("keys that are empty or too long are refused before anything is sent") { keys, store in
            guard let limit = try await store.facts().keyLimit else { return }
            let present = keys.key("present")
            _ = try await store.add(present, [1])
            let before = await store.traffic().total
            for bad in [
                RecordKey(""),
                RecordKey(keys.prefix + String(repeating: "k", count: limit + 1 - keys.prefix.utf8.count)),
            ] {
                let write = RecordWrite(
                    key: bad, expectation: .absent, change: .put(payload: [1], flags: 0, expiry: .renew(.never)))
                let other = RecordWrite(
                    key: keys.key("other"), expectation: .absent,
                    change: .put(payload: [1], flags: 0, expiry: .renew(.never)))
                await #expect { try await store.load([present, bad]) } throws: { isCode(.badKey, $0) }
                await #expect { try await store.commit([other, write]) } throws: { isCode(.badKey, $0) }
                await #expect { try await store.touch([bad: .never]) } throws: { isCode(.badKey, $0) }
            }
            #expect(await store.traffic().total == before)
            #expect(try await store.load(keys.key("other")) == nil)
        },
        StoreLaw("a record that is too large is refused, and the present value and the batch stay as they were") {
            keys, store in
            guard let limit = try await store.facts().recordLimit else { return }
            let present = try await store.add(keys.key("large"), Array("kept".utf8))
            let other = keys.key("other")
            let addition = RecordWrite(
                key: other, expectation: .absent, change: .put(payload: [1], flags: 0, expiry: .renew(.never)))
            let largest = limit - present.key.bytes.count
            let tooLarge = [UInt8](repeating: 7, count: largest + 1)
            let before = await store.traffic().total
            for expiry in [RecordWrite.ExpiryChange.keep, .renew(.never)] {
                await #expect {
                    try await store.commit([addition, present.replaced(by: tooLarge, expiry: expiry)])
                } throws: {
                    isCode(.tooLarge, $0)
                }
            }
            #expect(await store.traffic().total == before)
            #expect(try await store.load(present.key)?.payload == Array("kept".utf8))
            #expect(try await store.load(other) == nil)
            let outcome = try await store.outcome(present.replaced(by: Array(tooLarge.dropLast()), flags: 0))
            guard case .written(let record?) = outcome else { throw LawBroken() }
            #expect(record.payload.count == largest)
        },
    ]

    static let scanning: [StoreLaw] = [
        StoreLaw("a scan finds every key with its expiry", needs: .scan) { keys, store in
            let lasting = (0..<300).map { keys.key("lasting \($0)".replacingBlanks) }
            let ending = (0..<300).map { keys.key("ending%\($0)=\u{e9}") }
            let now = SystemClock().now()
            for (group, life) in [(lasting, Lifetime.never), (ending, .seconds(3000))] {
                let report = try await store.commit(
                    group.map {
                        RecordWrite(
                            key: $0, expectation: .absent,
                            change: .put(payload: Array("12345".utf8), flags: 0, expiry: .renew(life)))
                    })
                #expect(report.isComplete)
            }
            var found: [RecordKey: ScanBatch.Row] = [:]
            for try await batch in store.scan() {
                for row in 0..<batch.count where batch[row].key.bytes.starts(with: keys.prefix.utf8) {
                    found[batch[row].key] = batch[row]
                }
            }
            #expect(Set(found.keys) == Set(lasting + ending))
            for key in lasting { #expect(found[key]?.expiry == .never) }
            for key in ending {
                let left = found[key]?.expiry.secondsLeft(at: now) ?? 0
                #expect((2998...3120).contains(left))
                #expect((found[key]?.size ?? 0) >= 5)
            }
        }
    ]

    static let costs: [StoreLaw] = [
        StoreLaw("nothing to do costs no round trip") { keys, store in
            _ = try await store.load([keys.key("warm")])
            let before = await store.traffic().total
            #expect(try await store.load([]).isEmpty)
            #expect(try await store.commit([]).outcomes.isEmpty)
            #expect(try await store.touch([:]).isEmpty)
            #expect(await store.traffic().total == before)
        },
        StoreLaw("100 keys load in one round trip, touch in one, and a write takes one or two") { keys, store in
            let all = (0..<100).map { keys.key("cost\($0)") }
            let record = try await store.add(all[0], [1])
            try await store.expectCost(1...1, "load of 100") { _ = try await store.load(all) }
            try await store.expectCost(1...1, "touch of 100") {
                _ = try await store.touch(Dictionary(uniqueKeysWithValues: all.map { ($0, Lifetime.seconds(500)) }))
            }
            try await store.expectCost(1...1, "a put with a new life") {
                _ = try await store.outcome(record.replaced(by: [2]))
            }
            let renewed = try #require(try await store.load(record.key))
            try await store.expectCost(1...2, "a put that keeps the life") {
                _ = try await store.outcome(renewed.replaced(by: [3], expiry: .keep))
            }
            let kept = try #require(try await store.load(record.key))
            #expect(kept.payload == [3])
            try await store.expectCost(1...1, "a delete") { _ = try await store.outcome(kept.deletion) }
        },
        StoreLaw("a round trip is told in printable words without payload") { keys, store in
            let secret = Array("very-secret-payload".utf8)
            let added = try await store.add(keys.key("told\u{85}\u{202e}"), secret)
            _ = try await store.load([added.key])
            let traffic = await store.traffic()
            for trip in traffic.recent {
                #expect(!trip.summary.contains("very-secret"))
                #expect(!trip.summary.unicodeScalars.contains(where: PrintableText.mustEscape))
                #expect(trip.commands >= 1)
            }
        },
    ]

    private static func isCode(_ code: StoreError.Code, _ error: any Error) -> Bool {
        (error as? StoreError)?.code == code
    }
}

extension String {
    fileprivate var replacingBlanks: String {
        String(map { $0 == " " ? "_" : $0 })
    }
}

extension SessionStore {
    /// Counts the round trips of some work.
    fileprivate func expectCost(
        _ range: ClosedRange<Int>, _ what: Comment, of work: () async throws -> Void
    ) async throws {
        let before = await traffic().total
        try await work()
        let after = await traffic().total
        #expect(range.contains(after - before), what)
    }
}
