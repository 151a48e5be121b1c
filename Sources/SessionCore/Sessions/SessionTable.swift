internal import Synchronization

/// The sessions of a transaction: a manager for each store, and what becomes of the handles when it ends.
final class SessionTable: Sendable {
    private let managers = Mutex<[String: SessionDataManager]>([:])

    /// The manager of a store; the first look-up in a store makes one, which joins the transaction.
    func manager(
        of store: any SessionStore, in transaction: Transaction
    ) throws(SessionError) -> SessionDataManager {
        let (manager, isNew) = managers.withLock { managers in
            if let manager = managers[store.name] { return (manager, false) }
            let manager = SessionDataManager(store: store)
            managers[store.name] = manager
            return (manager, true)
        }
        guard Self.isSame(manager.store, store) else { throw .transaction(.nameTaken(store.name)) }
        do throws(TransactionError) {
            // Whoever comes second may come before the first has joined it.
            try transaction.join(manager)
            guard transaction.hasJoined(manager) else { throw .nameTaken(store.name) }
        } catch {
            if isNew { managers.withLock { $0[store.name] = nil } }
            throw .transaction(error)
        }
        return manager
    }

    /// Whether two stores of one name are one store; values of one type are told apart by their name alone.
    private static func isSame(_ left: any SessionStore, _ right: any SessionStore) -> Bool {
        guard type(of: left) == type(of: right) else { return false }
        guard type(of: left) is AnyObject.Type, type(of: right) is AnyObject.Type else { return true }
        return (left as AnyObject) === (right as AnyObject)
    }

    var all: [SessionDataManager] {
        managers.withLock { $0.values.sorted { $0.name < $1.name } }
    }

    /// Refreshes the lives of sessions that were used and not written; returns what could not be refreshed.
    func refreshLives(at now: Timestamp) async -> [InDoubt] {
        var inDoubt: [InDoubt] = []
        for manager in all {
            let lives = manager.livesToRefresh(at: now)
            guard !lives.isEmpty else { continue }
            do throws(StoreError) { _ = try await manager.store.touch(lives) } catch {
                inDoubt.append(
                    InDoubt(
                        participant: manager.name,
                        cause: "the lives of \(lives.count) records could not be refreshed: \(error)",
                        concernsLivesOnly: true))
            }
        }
        return inDoubt
    }

    /// The transaction has ended: tells of what was committed, and keeps of each session what its handle still answers.
    func end(isCommitted: Bool) {
        for manager in all {
            let plan = isCommitted ? manager.committedPlan : nil
            let events = manager.withHeld { held in
                let events = plan.map { held.events(of: $0) } ?? []
                held.end(isCommitted: isCommitted)
                return events
            }
            for (event, observers) in events { observers.publish(event) }
        }
    }
}
