import MemcachedBackend
import MemcachedServer
import SessionClock
import SessionCore
import StoreLaws
import Synchronization
import Testing

/// Another writer comes between the check and the writes, or between the writes and the putting back: a relay lets
/// it in at exactly that moment.
@Suite struct LostRaceTests {
    private let server: MemcachedServer
    private let application: RawClient

    init() throws {
        server = try MemcachedServer()
        application = try RawClient(port: server.port)
    }

    /// A store whose commands pass a relay; `act` runs before the piece with this text is forwarded.
    private func racedStore(
        _ acts: [(String, @Sendable (RawClient) throws -> Void)]
    ) async throws -> (MemcachedStore, CountingRelay) {
        let port = server.port
        let done = Mutex<Set<Int>>([])
        let relay = try await CountingRelay(to: port) { text in
            for (index, (trigger, act)) in acts.enumerated() where text.contains(trigger) {
                guard done.withLock({ $0.insert(index).inserted }) else { continue }
                do {
                    try act(RawClient(port: port))
                } catch {
                    Issue.record(error)
                }
            }
        }
        return (open(port: relay.port), relay)
    }

    private func loadAll(_ store: MemcachedStore) async throws -> [RecordKey: StoredRecord] {
        try await store.load(["put", "long", "deleted", "retimed", "victim", "added"])
    }

    private func prepare() throws {
        try application.set("put", "put base", flags: 7, expiry: 100)
        try application.set("long", "long base", expiry: Int64(SystemClock().now().seconds) + 40 * 86400)
        try application.set("deleted", "deleted base", flags: 9)
        try application.set("retimed", "retimed base", expiry: 200)
        try application.set("victim", "victim base")
    }

    private func batch(_ base: [RecordKey: StoredRecord]) throws -> [RecordWrite] {
        let retimed = try #require(base["retimed"])
        return [
            replacement(try #require(base["put"]), "mine"), replacement(try #require(base["long"]), "mine"),
            deletion(try #require(base["deleted"])), addition("added", "mine", life: .seconds(50)),
            RecordWrite(key: "retimed", expectation: .unchanged(retimed), change: .retime(.seconds(9000))),
            replacement(try #require(base["victim"]), "mine"),
        ]
    }

    @Test func `when one record loses a race the others are put back, lives and flags included`() async throws {
        try prepare()
        let (store, relay) = try await racedStore([("cas victim", { try $0.set("victim", "theirs") })])
        let base = try await loadAll(store)
        let report = try await store.commit(try batch(base))
        let now = try await loadAll(store)
        let victim = try #require(now["victim"])
        #expect(
            report.outcomes == [
                "put": .putBack, "long": .putBack, "deleted": .putBack, "added": .putBack, "retimed": .putBack,
                "victim": .conflict(.changed(victim.revision)),
            ])
        #expect(report.wroteNothing)
        #expect(victim.text == "theirs")
        #expect(now["added"] == nil)
        for key in ["put", "long", "deleted", "retimed"] as [RecordKey] {
            #expect(now[key]?.payload == base[key]?.payload)
            #expect(now[key]?.flags == base[key]?.flags)
            let wall = SystemClock().now()
            let left = now[key]?.expiry.secondsLeft(at: wall)
            let baseLeft = base[key]?.expiry.secondsLeft(at: wall)
            #expect((left == nil) == (baseLeft == nil))
            // The server's clock ticks once a second, late on a loaded machine, and each reading rounds.
            #expect(abs((left ?? 0) - (baseLeft ?? 0)) <= 30, "\(key)")
        }
        #expect(await store.traffic().trips == [.facts: 1, .load: 2, .check: 1, .write: 1, .putBack: 1])
        await store.close()
        try await relay.stop()
    }

    @Test func `what someone wrote over meanwhile is left alone and said`() async throws {
        try prepare()
        let (store, relay) = try await racedStore([
            ("cas victim", { try $0.set("victim", "theirs") }),
            // The base's payload travels only when it is put back.
            (
                "put base",
                { client in
                    try client.set("put", "theirs")
                    try client.set("deleted", "theirs")
                    try client.ask("delete added\r\n")
                }
            ),
        ])
        let report = try await store.commit(try batch(try await loadAll(store)))
        let now = try await loadAll(store)
        #expect(report.outcomes["put"] == .overtaken)
        #expect(report.outcomes["deleted"] == .overtaken)
        #expect(report.outcomes["added"] == .overtaken)
        #expect(report.outcomes["long"] == .putBack)
        #expect(!report.wroteNothing)
        #expect(now["put"]?.text == "theirs")
        #expect(now["deleted"]?.text == "theirs")
        #expect(now["added"] == nil)
        #expect(now["long"]?.text == "long base")
        await store.close()
        try await relay.stop()
    }

    @Test func `a record that vanishes between check and write is gone, and one that appears is a conflict`()
        async throws
    {
        try prepare()
        let (store, relay) = try await racedStore([
            (
                "cas put",
                { client in
                    try client.ask("delete put\r\n")
                    try client.set("added", "theirs")
                }
            )
        ])
        let base = try await loadAll(store)
        let report = try await store.commit([
            replacement(try #require(base["put"]), "mine"), addition("added", "mine"),
            deletion(try #require(base["deleted"])),
        ])
        #expect(
            report.outcomes == [
                "put": .conflict(.gone), "added": .conflict(.appeared), "deleted": .putBack,
            ])
        #expect(try await loadAll(store)["deleted"]?.text == "deleted base")
        await store.close()
        try await relay.stop()
    }

    @Test func `a retime that meets another version says so`() async throws {
        try prepare()
        let (store, relay) = try await racedStore([("mg retimed k T9000", { try $0.set("retimed", "theirs") })])
        let record = try #require(try await loadAll(store)["retimed"])
        let report = try await store.commit([
            RecordWrite(key: "retimed", expectation: .unchanged(record), change: .retime(.seconds(9000)))
        ])
        let theirs = try #require(try await loadAll(store)["retimed"])
        #expect(theirs.text == "theirs")
        #expect(report.outcomes == ["retimed": .conflict(.changed(theirs.revision))])
        await store.close()
        try await relay.stop()
    }
}
