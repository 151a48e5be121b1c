internal import OrderedCollections
internal import SessionCore

extension Workspace {
    /// Writes what is staged in the session in use, and leaves the rest staged.
    mutating func store(now: Timestamp) throws(CommandFailure) -> Reply {
        try requireOpenTransaction()
        let session = try requireSession()
        guard !isDoomed else { throw CommandFailure(.refused, Self.doomedText) }
        let records = session.parts.map(\.record).filter(work.isDirty)
        let plan = try checkedPlan(of: records)
        guard !plan.isEmpty else { return Reply(lines: ["nothing staged in \(title(of: session)), 0 writes"]) }
        try requireWritable(plan)
        let trips = commitTrips(plan)
        return Reply(effects: [
            request(
                .commit(plan, limits: limits(of: plan)),
                .commit(plan, CommitPurpose(tripsBefore: trips, isPartial: true, now: now)))
        ])
    }

    /// Takes in what was stored of one session; savepoints return to it from now on, and undo ends here.
    mutating func storedAlone(
        _ plan: Plan, tripsBefore: Int, _ inDoubt: [InDoubt], _ outcomes: [RecordID: RecordOutcome]
    ) -> Reply {
        for id in plan.steps.map(\.id) {
            work.forget(id)
            conflicts[id] = nil
        }
        takeWritten(outcomes)
        undoSteps = []
        redoSteps = []
        let trips = commitTrips(plan) - tripsBefore
        let rest = work.isClean ? "" : "; \(Quantities.count(work.changeCount, "change")) staged elsewhere"
        return Reply(
            lines: [
                "stored \(Quantities.count(plan.steps.count, "record")), \(Quantities.count(trips, "round trip"))\(rest)"
            ] + inDoubt.map { "in doubt: \($0.participant): \($0.cause)" })
    }

    static let doomedText =
        "the transaction is doomed and cannot be committed; abort drops it, undo takes the doom back"

    mutating func doom() throws(CommandFailure) -> Reply {
        try edit("doom") {
            $0.isDoomed = true
        } line: { _ in
            "doomed: no commit is possible until abort"
        }
    }

    /// Refuses a plan that writes to a store which is open read-only.
    func requireWritable(_ plan: Plan) throws(CommandFailure) {
        for name in plan.stores where stores[name]?.isReadOnly == true {
            throw CommandFailure(
                .refused,
                "\(stores[name]?.address ?? name) is open read-only; nothing was written. Start without --read-only to write"
            )
        }
    }
}
