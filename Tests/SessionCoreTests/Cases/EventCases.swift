import SessionCore
import Synchronization
import Testing

@Suite struct EventCases {
    let world = SessionWorld()
    let events = SessionEvents()

    /// What an observer was told.
    private final class Heard: Sendable {
        private let all = Mutex<[SessionEvent]>([])
        func add(_ event: SessionEvent) { all.withLock { $0.append(event) } }
        /// What was told since the last call, as kind and id.
        func take() -> [String] {
            all.withLock { all in
                defer { all = [] }
                return all.map { "\($0.kind) \($0.id)" }
            }
        }
    }

    private struct Deaf: Error {}

    private func carts(_ granularity: RecordGranularity) throws -> (SessionContainer, Heard) {
        let heard = Heard()
        events.observe { heard.add($0) }
        return (try world.container(granularity, events: events), heard)
    }

    @Test(arguments: RecordGranularity.both)
    func `added, replaced, removed, invalidated and expired give exactly one event each, after the commit`(
        granularity: RecordGranularity
    ) async throws {
        let (carts, heard) = try carts(granularity)
        func commit(_ kind: String, _ work: (Session) throws -> Void) async throws {
            let transaction = world.begin()
            let session = try await transaction.open("id", in: carts, packages: ["myData", "more"])
            try work(session)
            #expect(heard.take() == [], "nothing is told before the commit")
            try await transaction.commit()
            #expect(heard.take() == ["\(kind) id"])
        }
        try await commit("added") { session in
            try session.set(1, at: "/myData/info")
            try session.set(1, at: "/more/info")
        }
        try await commit("replaced") { session in
            try session.set(2, at: "/myData/info")
            try session.set(2, at: "/more/info")
        }
        try await commit("replaced") { try $0.remove(at: "/more/info") }
        try await commit("removed") { try $0.destroy() }
        try await commit("added") { try $0.set(1, at: "/myData/info") }
        try await commit("removed") { try $0.clear() }
        try await commit("added") { try $0.set(1, at: "/myData/info") }
        try await commit("invalidated") { try $0.invalidate() }
        try await commit("added") { session in
            try session.set(1, at: "/myData/info")
            try session.set(1, at: "/more/info")
        }
        world.pass(seconds: 70)
        #expect(heard.take() == [])
        #expect(try await carts.sweep() == ["id"])
        #expect(heard.take() == ["expired id"])
        #expect(try await carts.sweep() == [])
        #expect(heard.take() == [])
    }

    @Test(arguments: RecordGranularity.both)
    func `nothing is told of an abort, a failed commit, a read, a refresh, or what was taken back`(
        granularity: RecordGranularity
    ) async throws {
        let (carts, heard) = try carts(granularity)
        try await world.commit(["info": 1], in: carts)
        #expect(heard.take() == ["added id"])
        world.pass(seconds: 30)
        try await world.use(in: carts)
        let aborted = world.begin()
        try await aborted.open("id", in: carts, packages: ["myData"]).destroy()
        try await aborted.abort()
        let taken = world.begin()
        let session = try await taken.open("id", in: carts, packages: ["myData"])
        try session.invalidate()
        try session.revert()
        try await taken.commit()
        #expect(heard.take() == [])
        let failed = world.begin()
        try await failed.open("id", in: carts, packages: ["myData"]).set(2, at: "/myData/info")
        try await world.commit(["info": 3], in: carts)
        #expect(heard.take() == ["replaced id"])
        await #expect(throws: TransactionError.self) { try await failed.commit() }
        #expect(heard.take() == [])
    }

    @Test func `an observer that fails disturbs neither the commit nor other observers, and the failure is kept`()
        async throws
    {
        let before = Heard()
        let after = Heard()
        events.observe { before.add($0) }
        let deaf = events.observe { _ in throw Deaf() }
        events.observe { after.add($0) }
        let carts = try world.container(events: events)
        try await world.commit(["info": 1], in: carts)
        #expect(before.take() == ["added id"] && after.take() == ["added id"])
        #expect(try await world.isStored(in: carts))
        #expect(events.failures.map(\.event) == [SessionEvent(kind: .added, container: "carts", id: "id")])
        #expect(events.failures.first?.problem == "Deaf()")
        deaf.cancel()
        try await world.commit(["info": 2], in: carts)
        #expect(events.failures.count == 1)
        #expect(after.take() == ["replaced id"])
    }

    @Test(arguments: RecordGranularity.both)
    func `each session of a commit is told of, with its container, and storing tells at once`(
        granularity: RecordGranularity
    ) async throws {
        let (carts, heard) = try carts(granularity)
        let prefs = try world.container(granularity, name: "prefs", events: events)
        let quiet = try world.container(granularity, name: "quiet")
        let transaction = world.begin()
        let stored = try await transaction.open("stored", in: carts, packages: ["myData"])
        try stored.set(1, at: "/myData/info")
        try await stored.store()
        #expect(heard.take() == ["added stored"])
        for container in [carts, prefs, quiet] {
            try await transaction.open(container.name, in: container, packages: ["myData"]).set(1, at: "/myData/info")
        }
        try await transaction.commit()
        #expect(heard.take().sorted() == ["added carts", "added prefs"], "what was stored is not told twice")
    }

    @Test(arguments: RecordGranularity.both)
    func `a move tells of the new session and of the end of the old one`(granularity: RecordGranularity) async throws {
        let (carts, heard) = try carts(granularity)
        try await world.commit(["info": 1], as: "old", in: carts)
        let transaction = world.begin()
        _ = try await transaction.open("old", in: carts, packages: ["myData"]).move(to: "new")
        try await transaction.commit()
        #expect(heard.take().sorted() == ["added new", "added old", "removed old"])
    }

    @Test(arguments: RecordGranularity.both, [true, false])
    func `a session reached by its id and by its stored key is told of once`(
        granularity: RecordGranularity, keyFirst: Bool
    ) async throws {
        let (carts, heard) = try carts(granularity)
        try await world.commit(["info": 1], in: carts)
        _ = heard.take()
        let transaction = world.begin()
        let key = carts.recordKey("id", package: "myData")
        if keyFirst { _ = try await transaction.open(storedKey: key, in: carts) }
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        if !keyFirst { _ = try await transaction.open(storedKey: key, in: carts) }
        try session.set(2, at: "/myData/info")
        try await transaction.commit()
        #expect(heard.take() == ["replaced id"])
    }

    @Test func `a sweep tells of a session that was written over after it had expired, and only of its own container`()
        async throws
    {
        let (carts, heard) = try carts(.session)
        let prefs = try world.container(name: "prefs", events: events)
        for container in [carts, prefs] { try await world.commit(["info": 1], in: container) }
        world.pass(seconds: 70)
        try await world.commit(["info": 2], in: carts)
        #expect(heard.take() == ["added id", "added id", "added id"], "to the writer the session was new")
        var swept: [String] = []
        #expect(try await world.trips { swept = try await carts.sweep() } == [.touch: 1])
        #expect(swept == ["id"])
        #expect(heard.take() == ["expired id"])
        #expect(try await world.isStored(in: carts))
        #expect(try await prefs.sweep() == ["id"])
    }
}
