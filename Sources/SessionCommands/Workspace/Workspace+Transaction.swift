internal import OrderedCollections
public import SessionCore

extension Workspace {
    mutating func makeSavepoint(_ name: String?, now: Timestamp) throws(CommandFailure) -> Reply {
        if let name, name == "base" || name == "store" || Int(name) != nil {
            throw CommandFailure(
                .usage, "a savepoint cannot be called \(PrintableText.escaping(name)): that word means another place")
        }
        return try edit("savepoint \(name ?? "sp\(work.nextSavepointNumber)")") {
            $0.work.setSavepoint(named: name, at: now)
        } line: {
            workspace in
            guard let made = workspace.work.savepoints.last else { return "" }
            return "savepoint \(made.number) \(made.name): \(Quantities.count(made.changeCount, "change"))"
        }
    }

    func listSavepoints() -> Reply {
        var rows = [["0", "base", "0 changes"]]
        for savepoint in work.savepoints {
            rows.append([
                String(savepoint.number), PrintableText.escaping(savepoint.name),
                Quantities.count(savepoint.changeCount, "change"),
            ])
        }
        rows.append(["", "now", Quantities.count(work.changeCount, "change")])
        return Reply(lines: Columns.lines(rows))
    }

    /// The target that a name or number means; the newest of several of one name.
    func target(_ name: SavepointName) throws(CommandFailure) -> RollbackTarget {
        guard case .named(let text) = name else { return .base }
        if text == "0" { return .base }
        let found = work.savepoints.last { $0.name == text } ?? work.savepoints.last { String($0.number) == text }
        guard let found else {
            let names = work.savepoints.map(\.name)
            throw CommandFailure(
                .notFound,
                "no savepoint \(PrintableText.escaping(text)); there "
                    + (names.isEmpty ? "is none but base" : "are base, \(names.joined(separator: ", "))"))
        }
        return .savepoint(found.number)
    }

    func staged(at name: SavepointName) throws(CommandFailure) -> StagedChanges {
        work.staged(at: try target(name)) ?? .none
    }

    mutating func rollback(to name: SavepointName?, pointer: JSONPointer?) throws(CommandFailure) -> Reply {
        let goal: RollbackTarget
        if let name {
            goal = try target(name)
        } else if let newest = work.savepoints.last {
            goal = .savepoint(newest.number)
        } else {
            throw CommandFailure(.notFound, "no savepoint to roll back to; rollback base goes back to what was loaded")
        }
        let title = goal == .base ? "base" : work.savepoints.first { .savepoint($0.number) == goal }?.name ?? ""
        guard let pointer else {
            return try edit("rollback \(title)") {
                $0.work.rollback(to: goal)
            } line: { workspace in
                "rolled back to \(title): \(Quantities.count(workspace.work.changeCount, "change")) staged"
            }
        }
        return try rollback(to: goal, title: title, pointer: pointer)
    }

    /// Takes one place back; refused where "what was there" has no one meaning.
    private mutating func rollback(
        to goal: RollbackTarget, title: String, pointer: JSONPointer
    ) throws(CommandFailure) -> Reply {
        let session = try requireSession()
        guard let place = place(of: pointer, in: session), let record = work.records[place.record],
            let now = work.node(of: place.record), let staged = work.staged(at: goal)
        else { return Reply() }
        let (edit, then) = (work.edit(of: place.record), staged.edit(of: place.record))
        guard pointer.tokens.isEmpty || !(edit.isDestroyed || then.isDestroyed || edit.payload ?? then.payload != nil)
        else {
            throw CommandFailure(
                .refused,
                "the session is destroyed or replaced as a whole; undo takes that back, rollback \(title) all of it")
        }
        let before = staged.node(of: record)
        let path: ValuePath
        do throws(PointerMismatch) {
            if let known = try? before.path(to: place.pointer) {
                path = known
            } else {
                path = try now.path(to: place.pointer)
            }
        } catch {
            throw CommandFailure(.notFound, error.description)
        }
        if !path.isEmpty, now.node(at: path.dropLast()) == nil {
            let parent = JSONPointer(tokens: Array(pointer.tokens.dropLast()))
            throw CommandFailure(.refused, "\(parent) is not there now; rollback \(title) \(parent) brings it back")
        }
        if let list = edit.tree?.movedList(along: path) ?? then.tree?.movedList(along: path) {
            let place = JSONPointer(tokens: list.map(\.token))
            throw CommandFailure(
                .refused,
                "elements of \(place) have moved, so one alone cannot be rolled back; rollback \(title) \(place) does all"
            )
        }
        return try self.edit("rollback \(title) \(pointer)") {
            $0.work.rollback(to: goal, path: path, of: place.record)
        } line: { _ in
            "rolled back \(pointer) to \(title)"
        }
    }

    func showPlan(withBytes: Bool, now: Timestamp) throws(CommandFailure) -> Reply {
        let plan = try checkedPlan()
        var touching = plan
        touching.touches = livesToRefresh(beside: plan, now: now)
        guard !touching.isEmpty || !touching.touches.isEmpty else { return Reply(lines: ["nothing to write"]) }
        return Reply(lines: planLines(touching, withBytes: withBytes, now: now))
    }

    /// A plan in words: each write with its command and changes, then the round trips; on demand which bytes change.
    public func planLines(_ plan: Plan, withBytes: Bool = false, now: Timestamp) -> [String] {
        var lines: [String] = []
        for step in plan.steps {
            lines.append(step.commandText(now: now))
            lines += step.changes.map { "  " + Self.line(of: $0) }
            lines.append("  \(step.effectText(now: now))")
            if withBytes, let record = work.records[step.id] { lines += ByteChangeText.lines(of: step, record) }
        }
        for (id, lifetime) in plan.touches.sorted(by: { $0.key < $1.key }) {
            lines.append("touch \(id.key) \(Plan.Step.seconds(lifetime))")
        }
        let trips = Set(plan.stores + plan.touches.keys.map(\.store)).sorted().map { name in
            let writing = Plan.roundTrips(for: plan.writes(to: name), on: stores[name]?.capabilities ?? [])
            return "\(name) \(writing + (plan.touches(of: name).isEmpty ? 0 : 1))"
        }
        lines.append("round trips: \(trips.joined(separator: ", "))")
        return lines
    }

    /// The plan of everything staged, or why it cannot be written.
    public func checkedPlan() throws(CommandFailure) -> Plan { try checkedPlan(of: work.edits.keys.sorted()) }

    /// The plan of what is staged in some records, or why it cannot be written.
    func checkedPlan(of records: [RecordID]) throws(CommandFailure) -> Plan {
        let plan: Plan
        do throws(PlanError) { plan = try work.plan(of: records) } catch {
            throw CommandFailure(.refused, error.description)
        }
        for step in plan.steps {
            guard let store = stores[step.id.store] else { continue }
            if case .put(let payload, _, _) = step.write.change, let limit = store.facts.recordLimit,
                payload.count + step.id.key.bytes.count > limit
            {
                throw CommandFailure(
                    .undecodable,
                    "\(step.id.key) would have \(Quantities.count(payload.count, "byte")), and \(store.address) takes at most "
                        + "\(Quantities.count(limit - step.id.key.bytes.count)) under this key; nothing was written")
            }
        }
        return plan
    }

    /// Refuses a commit of a transaction that is doomed, has failed, or is being committed.
    public func checkCommittable() throws(CommandFailure) {
        try requireOpenTransaction()
        guard !isDoomed else { throw CommandFailure(.refused, Self.doomedText) }
    }

    /// How often a commit that merges is tried again when another client was faster once more.
    static let mergeAttempts = 5

    mutating func commit(
        _ options: CommitOptions, now: Timestamp, attempts: Int = mergeAttempts
    ) throws(CommandFailure) -> Reply {
        try checkCommittable()
        var plan = try checkedPlan()
        if let path = options.planFile { return try write(plan, toFile: path, now: now) }
        plan.touches = livesToRefresh(beside: plan, now: now)
        guard !plan.isEmpty || !plan.touches.isEmpty else {
            let staged = work.isClean ? "nothing staged" : "nothing staged that the store would notice"
            endTransaction()
            return Reply(lines: ["committed: \(staged), 0 writes"])
        }
        return try commit(
            plan, CommitPurpose(tripsBefore: commitTrips(plan), options: options, attempts: attempts, now: now))
    }

    /// The round trips that commits made so far on the stores of a plan.
    func commitTrips(_ plan: Plan) -> Int {
        plan.stores.reduce(0) { $0 + (stores[$1]?.traffic.commitTrips ?? 0) }
    }

    mutating func endTransaction() {
        work.end()
        undoSteps = []
        redoSteps = []
        conflicts = [:]
        merges = [:]
        failedCommit = nil
        isDoomed = false
        accessed = []
        transactionNumber += 1
    }

    mutating func abort() throws(CommandFailure) -> Reply {
        try requireNoCommit()
        let step = undoStep("abort")
        let changes = work.changeCount
        let wasFailed = failedCommit != nil
        let wasDoomed = isDoomed
        let earlierSteps = undoSteps
        endTransaction()
        // What was dropped can be taken back, unless a failed commit left the store in a state of its own.
        if changes > 0 || wasDoomed, !wasFailed {
            undoSteps = earlierSteps
            remember(step)
        }
        let line = "aborted: \(Quantities.count(changes, "change")) dropped"
        let ids = sessions.values.flatMap { $0.parts.map(\.record) }
        guard !ids.isEmpty else { return Reply(lines: [line]) }
        return Reply(lines: [line], effects: [request(.load(ids), .afterAbort)])
    }

    mutating func write(_ line: String) throws(CommandFailure) -> Reply {
        let store = try requireStore()
        guard store.allowsWriter else {
            throw CommandFailure(.refused, "writer works on demo:, memory: and in check, never on \(store.address)")
        }
        return Reply(effects: [
            request(
                .write(line: line, session: currentSession, packages: session?.parts.compactMap(\.package) ?? []),
                .writer)
        ])
    }
}
