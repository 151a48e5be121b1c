import SessionCore
import Testing

extension StoreLaw {
    private static let day: Int64 = 86400

    static let lives: [StoreLaw] = [
        StoreLaw("a record that never ends stays so through a put that keeps its life") { keys, store in
            let added = try await store.add(keys.key("never"), [1], life: .never)
            #expect(added.expiry == .never)
            guard case .written(let kept?) = try await store.outcome(added.replaced(by: [2], expiry: .keep)) else {
                throw LawBroken()
            }
            #expect(kept.expiry == .never)
            #expect(try await store.load(added.key)?.expiry == .never)
        },
        StoreLaw("a put that keeps the life leaves what is left of it, however long") { keys, store in
            for life in [45, 3600, 30 * day, 30 * day + 1, 400 * day] {
                let added = try await store.add(keys.key("keep\(life)"), [1], life: .seconds(life))
                guard case .written(let kept?) = try await store.outcome(added.replaced(by: [2], expiry: .keep)) else {
                    Issue.record("a life of \(life) s was not kept")
                    continue
                }
                // A server's clock ticks once a second and each of the two writes rounds, so a little may be gained;
                // what is lost is the time that a loaded machine takes between writing and looking.
                #expect((life - 40...life + 10).contains(kept.secondsLeft ?? 0), "a life of \(life) s")
            }
        },
        StoreLaw("keeping the life keeps what a touch made of it meanwhile") { keys, store in
            let added = try await store.add(keys.key("touched"), [1], life: .seconds(100))
            #expect(try await store.touch([added.key: .seconds(5000)]) == [added.key])
            guard case .written(let kept?) = try await store.outcome(added.replaced(by: [2], expiry: .keep)) else {
                throw LawBroken()
            }
            #expect((4960...5010).contains(kept.secondsLeft ?? 0))
        },
        StoreLaw("a new life of more than 30 days is alive") { keys, store in
            for life in [30 * day, 30 * day + 1, 31 * day, 365 * day] {
                let added = try await store.add(keys.key("long\(life)"), [1], life: .seconds(life))
                #expect((life - 40...life + 10).contains(added.secondsLeft ?? 0), "a life of \(life) s")
                #expect(try await store.touch([added.key: .seconds(life + 5)]) == [added.key])
                let left = try await store.load(added.key)?.secondsLeft ?? 0
                #expect((life - 35...life + 15).contains(left), "touched to \(life + 5) s")
            }
        },
        StoreLaw("a touch gives a new life without another revision, and names the keys that were there") {
            keys, store in
            let added = try await store.add(keys.key("touch"), [1, 2], flags: 77, life: .seconds(60))
            let missing = keys.key("missing")
            #expect(try await store.touch([added.key: .seconds(1000), missing: .seconds(1000)]) == [added.key])
            let touched = try #require(try await store.load(added.key))
            #expect((960...1010).contains(touched.secondsLeft ?? 0))
            #expect(touched.revision == added.revision)
            #expect(touched.payload == [1, 2])
            #expect(touched.flags == 77)
            #expect(try await store.load(missing) == nil)
            #expect(try await store.touch([added.key: .never]) == [added.key])
            #expect(try await store.load(added.key)?.expiry == .never)
        },
        StoreLaw("a touch with a life that is over is refused and ends nothing") { keys, store in
            let added = try await store.add(keys.key("over"), [1])
            for seconds in [0, -1, -1000] as [Int64] {
                await #expect {
                    try await store.touch([added.key: .seconds(seconds)])
                } throws: {
                    ($0 as? StoreError)?.code == .unsupported
                }
            }
            #expect(try await store.load(added.key) != nil)
        },
        StoreLaw("a retime changes the life and nothing else") { keys, store in
            let added = try await store.add(keys.key("retime"), [5, 6], flags: 2, life: .seconds(60))
            let write = RecordWrite(key: added.key, expectation: .unchanged(added), change: .retime(.never))
            guard case .written(let record?) = try await store.outcome(write) else { throw LawBroken() }
            #expect(record.payload == [5, 6])
            #expect(record.flags == 2)
            #expect(record.expiry == .never)
            #expect(try await store.load(added.key)?.expiry == .never)
        },
    ]
}
