import SessionCore
import Testing

/// Handles after their transaction, and what races with its end.
@Suite struct HandleCases {
    let world = SessionWorld()

    private typealias Attempt = (name: String, work: (Transaction, Session) async throws -> Void)

    private func readings(_ pointer: String) -> [Attempt] {
        [
            ("value", { _, session in _ = try session.value(at: pointer) }),
            ("contains", { _, session in _ = try session.contains(pointer) }),
            ("value as", { _, session in _ = try session.value(at: pointer, as: Int.self) }),
            ("value or set", { _, session in _ = try session.value(at: pointer, orSet: 1) }),
            ("packages", { _, session in _ = try session.packages }),
            ("key", { _, session in _ = try session["myData"]["info"] }),
            ("key or default", { _, session in _ = try session["myData"]["info", default: 1] }),
            ("optional key", { _, session in _ = try session["myData"].value(of: "info") }),
            ("contains key", { _, session in _ = try session["myData"].contains("info") }),
            ("entries", { _, session in _ = try session["myData"].entries }),
            ("keys", { _, session in _ = try session["myData"].keys }),
            ("count", { _, session in _ = try session["myData"].count }),
            ("is empty", { _, session in _ = try session["myData"].isEmpty }),
            ("is dirty", { _, session in _ = try session["myData"].isDirty }),
        ]
    }

    private func changes(_ carts: SessionContainer) -> [Attempt] {
        [
            ("set", { _, session in try session.set(SessionValue.integer(1), at: "/myData/info") }),
            ("set encodable", { _, session in try session.set("text", at: "/myData/info") }),
            ("remove", { _, session in try session.remove(at: "/myData/info") }),
            ("update", { _, session in try session.update { $0["myData"]["info"] = 1 } }),
            ("clear", { _, session in try session.clear() }),
            ("destroy", { _, session in try session.destroy() }),
            ("invalidate", { _, session in try session.invalidate() }),
            ("revert", { _, session in try session.revert() }),
            ("store", { _, session in try await session.store() }),
            ("move", { _, session in _ = try await session.move(to: "other") }),
            ("new id", { _, session in _ = try session.regenerateID() }),
            ("open", { transaction, _ in _ = try await transaction.open("id", in: carts, packages: ["myData"]) }),
            (
                "open several",
                { transaction, _ in _ = try await transaction.open(["id"], in: carts, packages: ["myData"]) }
            ),
            ("load", { transaction, _ in _ = try await transaction.load("id", in: carts, packages: ["myData"]) }),
            ("create", { transaction, _ in _ = try transaction.create(in: carts) }),
            (
                "open by key",
                { transaction, _ in _ = try await transaction.open(storedKey: "carts/id", in: carts) }
            ),
            (
                "open without creating",
                { transaction, _ in
                    _ = try await transaction.open("id", in: carts, packages: ["myData"], create: false)
                }
            ),
            (
                "invalidate by id",
                { transaction, _ in _ = try await transaction.invalidate("id", in: carts, packages: ["myData"]) }
            ),
        ]
    }

    @Test(arguments: RecordGranularity.both, [true, false])
    func `after the end every reading, change and lookup says that the transaction has ended`(
        granularity: RecordGranularity, commits: Bool
    ) async throws {
        let carts = try world.container(granularity)
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts, packages: ["myData"])
        try session.set(1, at: "/myData/info")
        if commits { try await transaction.commit() } else { try await transaction.abort() }
        let trips = try await world.trips {
            for attempt in readings("/myData/info") + changes(carts) {
                await #expect(throws: SessionError.transaction(.ended), "\(attempt.name)") {
                    try await attempt.work(transaction, session)
                }
            }
        }
        #expect(trips == [:], "nothing is asked of the store either")
        #expect(session.id == "id")
        #expect(session.wasChanged && !session.isDirty && !session.isNew)
        #expect(transaction.sessions(in: carts).isEmpty)
        await #expect(throws: TransactionError.ended) { try await transaction.commit(conflicts: .merge) }
        #expect(throws: TransactionError.ended) { try transaction.savepoint() }
    }

    @Test(arguments: RecordGranularity.both)
    func `a transaction that ends while a session is looked up gives an error, not a session`(
        granularity: RecordGranularity
    ) async throws {
        let shaky = ShakyStore(world.store)
        let carts = try world.container(granularity, on: shaky)
        try await world.commit(["info": 1], in: carts)
        let key = carts.recordKey("id", package: "myData")
        let lookups: [Attempt] = changes(carts).filter { $0.name.contains("open") || $0.name == "load" }
        for lookup in lookups {
            let transaction = world.begin()
            let other = try await transaction.open("other", in: carts, packages: ["myData"])
            shaky.beforeLoad { try await transaction.abort() }
            await #expect(throws: SessionError.transaction(.ended), "\(lookup.name)") {
                guard lookup.name == "open by key" else { return try await lookup.work(transaction, other) }
                _ = try await transaction.open(storedKey: key, in: carts)
            }
        }
    }

    @Test func `packages are equal when session and name are`() async throws {
        let carts = try world.container()
        let transaction = world.begin()
        let session = try await transaction.open("id", in: carts)
        let other = try await transaction.open("other", in: carts)
        #expect(session["a"] == session["a"])
        #expect(session["a"] != session["b"])
        #expect(session["a"] != other["a"])
        #expect(session["a"] != session.unnamed)
        #expect(Set([session["a"], session["a"], session["b"]]).count == 2)
    }
}
