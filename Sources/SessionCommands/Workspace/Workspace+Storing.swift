internal import OrderedCollections
public import SessionCore

extension Workspace {
    /// Writes what is staged in the session in use, and leaves the rest staged.
    mutating func store(confirming name: String?, now: Timestamp) throws(CommandFailure) -> Reply {
        try requireOpenTransaction()
        let session = try requireSession()
        guard !isDoomed else { throw CommandFailure(.refused, Self.doomedText) }
        let records = session.parts.map(\.record).filter(work.isDirty)
        let plan = try checkedPlan(of: records)
        guard !plan.isEmpty else { return Reply(lines: ["nothing staged in \(title(of: session)), 0 writes"]) }
        let options = CommitOptions(confirming: name)
        let terms = try terms(of: plan, options)
        let purpose = CommitPurpose(tripsBefore: commitTrips(plan), isPartial: true, options: options, now: now)
        return Reply(effects: [request(.commit(plan, terms), .commit(plan, purpose))])
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

    /// What a commit of a plan has to keep to; refuses one that writes to a store which is open read-only, or wants its name.
    func terms(of plan: Plan, _ options: CommitOptions) throws(CommandFailure) -> CommitTerms {
        for name in plan.stores where stores[name]?.isReadOnly == true {
            throw CommandFailure(
                .refused,
                "\(stores[name]?.address ?? name) is open read-only; nothing was written. Start without --read-only to write"
            )
        }
        var terms = CommitTerms(
            limits: limits(of: plan), origins: origins(of: plan),
            confirmed: confirmedNames.union(options.confirmations))
        terms.isNoted = notesCommits
        for name in Set(plan.stores).union(plan.touches.keys.map(\.store)).sorted() {
            if let mark = stores[name]?.mark { try mark.check(terms.confirmed) }
        }
        return terms
    }

    /// The sessions that the records of a plan belong to.
    func origins(of plan: Plan) -> [RecordID: JournalCommit.Origin] {
        let ids = Set(plan.steps.map(\.id))
        var origins: [RecordID: JournalCommit.Origin] = [:]
        for (session, open) in sessions {
            for part in open.parts where ids.contains(part.record) {
                origins[part.record] = JournalCommit.Origin(
                    profile: session.container.profile, container: session.container.name, session: session.id,
                    package: part.package)
            }
        }
        return origins
    }

    /// The names that a commit of a plan has to give.
    public func namesToConfirm(for plan: Plan) -> [String] {
        plan.stores.compactMap { stores[$0]?.mark }.filter { $0.wantsName && !confirmedNames.contains($0.name) }
            .map(\.name)
    }
}
