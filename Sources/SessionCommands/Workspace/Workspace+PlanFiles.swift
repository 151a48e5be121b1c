internal import OrderedCollections
public import SessionCore

extension Workspace {
    /// Writes what is staged down instead of into the store; it stays staged.
    mutating func write(_ plan: Plan, toFile path: String, now: Timestamp) throws(CommandFailure) -> Reply {
        guard !plan.isEmpty else { throw CommandFailure(.refused, "nothing is staged; there is no plan to write") }
        let steps = JournalCommit(
            plan, origins: origins(of: plan), addresses: addresses, at: now
        ).steps
        let text: String
        do throws(ValueCodingError) {
            text = try PlanFile.text(steps, remarks: planLines(plan, now: now), at: now)
        } catch { throw CommandFailure(.failed, "the plan cannot be written down: \(error)") }
        return Reply(effects: [
            request(.writeFile(path: path, content: Array(text.utf8)), .planFile(path, plan.steps.count))
        ])
    }

    /// The addresses of the stores by their names.
    var addresses: [String: String] {
        Dictionary(stores.values.map { ($0.name, $0.address) }) { first, _ in first }
    }

    /// Writes a plan that was made earlier, if every record is what it was made over.
    ///
    /// The stores must be attached. One round trip to look, and those of a commit; in a dry run only the look.
    public mutating func apply(_ steps: [JournalCommit.Step], isDryRun: Bool = false, now: Timestamp) -> Reply {
        moment = now
        do throws(CommandFailure) {
            var ids: [Int: RecordID] = [:]
            for (index, step) in steps.enumerated() {
                guard let store = store(at: step.store) else {
                    throw CommandFailure(.notFound, "the plan writes to \(step.store), which is not attached")
                }
                ids[index] = RecordID(store: store.name, key: step.id.key)
            }
            guard !steps.isEmpty else { return Reply(lines: ["the plan is empty; nothing to write"]) }
            return Reply(effects: [request(.load(Array(ids.values)), .apply(steps, ids, isDryRun: isDryRun, now))])
        } catch { return Reply(failure: error) }
    }

    /// Makes the plan anew over what the stores hold, or says which records are another by now.
    mutating func apply(
        _ steps: [JournalCommit.Step], _ ids: [Int: RecordID], isDryRun: Bool, _ records: [RecordID: StoredRecord],
        now: Timestamp
    ) throws(CommandFailure) -> Reply {
        var plan = Plan(steps: [])
        var origins: [RecordID: JournalCommit.Origin] = [:]
        var changed: [String] = []
        for (index, step) in steps.enumerated() {
            guard let id = ids[index] else { continue }
            let present = records[id]
            let isSame =
                present?.revision.number == step.before?.revision.number && present?.payload == step.before?.payload
                && present?.flags == step.before?.flags
            guard isSame else {
                let conflict: RecordConflict =
                    step.before == nil ? .appeared : present.map { .changed($0.revision) } ?? .gone
                changed.append("\(id.key) \(conflict.words)")
                continue
            }
            var write = step.write
            if let present { write.expectation = .unchanged(present) }
            plan.steps.append(Plan.Step(id: id, write: write, changes: changes(of: step)))
            origins[id] = step.origin
        }
        guard changed.isEmpty else {
            throw CommandFailure(
                .conflict, "conflict: \(changed.joined(separator: "; ")). Nothing was written; make the plan again")
        }
        if isDryRun { return Reply(lines: planLines(plan, now: now)) }
        var terms = try terms(of: plan, CommitOptions())
        terms.origins = origins
        let purpose = CommitPurpose(
            tripsBefore: commitTrips(plan), isFromFile: true, options: CommitOptions(), now: now)
        return Reply(lines: planLines(plan, now: now), effects: [request(.commit(plan, terms), .commit(plan, purpose))])
    }
}
