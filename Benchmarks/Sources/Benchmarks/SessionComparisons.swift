import OrderedCollections
import SessionCore
import SessionFormats

/// What an application pays for sessions in a transaction, in sessions of growing size.
enum SessionComparisons {
    private static let sizes = [(10, "10"), (1_000, "1,000"), (100_000, "100,000")]

    /// A moment that passes for no one: what is measured is work, not waiting.
    private static let clock = ManualClock(Timestamp(seconds: 1_800_000_000))

    static func all() async throws -> [Comparison] {
        var result: [Comparison] = []
        for (keys, name) in sizes.dropFirst() {
            result.append(
                Comparison(
                    what: "transaction: savepoint, update, rollback: \(name) keys", reference: "ours in 10 keys",
                    ours: try await savepoint(keys: keys), theirs: try await savepoint(keys: 10)))
        }
        for (keys, name) in sizes.dropFirst() {
            result.append(
                Comparison(
                    what: "savepoint, two rollbacks, one key staged: \(name) keys", reference: "ours in 10 keys",
                    ours: try await rollback(keys: keys), theirs: try await rollback(keys: 10)))
        }
        for (keys, name) in sizes.dropFirst() {
            result.append(
                Comparison(
                    what: "session: update a key, ask whether dirty: \(name) keys", reference: "ours in 10 keys",
                    ours: try await update(keys: keys), theirs: try await update(keys: 10)))
        }
        return result
    }

    /// A transaction with one session of so many keys in one package.
    private static func session(keys: Int) async throws -> (Transaction, Session) {
        let store = MemoryStore(name: "bench", clock: clock)
        let container = try SessionContainer("c", in: store, profile: TidemarkProfile(), timeout: 0)
        let payload = try NotationFormat().encode([.string("p"): .map(SampleSession.map(keys: keys))])
        await store.loadInitialData(key: "tidemark:c:id", payload: payload)
        let transaction = Transaction(clock: clock)
        return (transaction, try await transaction.open("id", in: container))
    }

    private static func savepoint(keys: Int) async throws -> Side {
        let (transaction, session) = try await session(keys: keys)
        let key = SampleSession.editedKey(keys: keys)
        let start = try transaction.savepoint()
        return Side { times in
            var done = 0
            for time in 0..<times {
                let savepoint = try? transaction.savepoint()
                try? session.update { $0["p"][key] = .integer(-time - 1) }
                let wasDirty = session.isDirty
                try? savepoint?.rollback()
                if wasDirty && !session.isDirty { done += 1 }
                // Without this every savepoint would have one more before it.
                try? start.rollback()
            }
            return done
        }
    }

    /// A savepoint and what goes back to it, without any change between.
    private static func rollback(keys: Int) async throws -> Side {
        let (transaction, session) = try await session(keys: keys)
        try session.update { $0["p"][SampleSession.editedKey(keys: keys)] = -1 }
        let start = try transaction.savepoint()
        return Side { times in
            var done = 0
            for _ in 0..<times {
                guard let savepoint = try? transaction.savepoint() else { break }
                try? savepoint.rollback()
                try? start.rollback()
                done += 1
            }
            return session.isDirty ? done : 0
        }
    }

    private static func update(keys: Int) async throws -> Side {
        let (_, session) = try await session(keys: keys)
        let key = SampleSession.editedKey(keys: keys)
        return Side { times in
            var done = 0
            for time in 0..<times {
                try? session.update { $0["p"][key] = .integer(-time - 1) }
                if session.isDirty { done += 1 }
            }
            return done
        }
    }
}
