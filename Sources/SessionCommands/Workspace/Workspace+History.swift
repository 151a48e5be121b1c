internal import OrderedCollections
internal import SessionCore

extension Workspace {
    /// How many commits `history` lists.
    static let historyLength = 50

    mutating func history(_ number: Int64?, now: Timestamp) -> Reply {
        guard let number else {
            return Reply(effects: [request(.journal(.commits(limit: Self.historyLength)), .history)])
        }
        return Reply(effects: [request(.journal(.commit(number)), .commitOfHistory(number, .show, now))])
    }

    mutating func undoCommit(_ number: Int64?, now: Timestamp) throws(CommandFailure) -> Reply {
        try requireOpenTransaction()
        let question = number.map { JournalRequest.commit($0) } ?? .commits(limit: Self.historyLength)
        return Reply(effects: [request(.journal(question), .commitOfHistory(number, .undo, now))])
    }

    func listed(_ commits: [JournalCommit]) -> Reply {
        guard !commits.isEmpty else { return Reply(lines: ["no commits"]) }
        return Reply(
            lines: Columns.lines(
                commits.map { commit in
                    let sessions = OrderedSet(commit.steps.map { PrintableText.escaping($0.origin.session) })
                    let more = sessions.count > 3 ? " and \(sessions.count - 3) more" : ""
                    return [
                        String(commit.number), Quantities.moment(commit.moment),
                        Quantities.count(commit.steps.count, "record"), commit.state,
                        sessions.prefix(3).joined(separator: ", ") + more,
                        commit.steps.stores.joined(separator: ", "),
                    ]
                }))
    }

    /// Shows a commit, or begins to take it back: both ask the stores what they hold now.
    mutating func found(
        _ commits: [JournalCommit], _ number: Int64?, _ purpose: HistoryPurpose, now: Timestamp
    ) throws(CommandFailure) -> Reply {
        // Without a number the newest that wrote anything: one that was refused has nothing to take back.
        guard
            let commit = number == nil
                ? commits.first(where: { $0.steps.contains(where: \.mayBeWritten) }) : commits.first
        else {
            throw CommandFailure(
                .notFound, "no commit\(number.map { " \($0)" } ?? "") in the journal; history lists them")
        }
        let number = commit.number
        guard !commit.isUnderWay else {
            throw CommandFailure(
                .refused, "commit \(number) is being made by a program that runs now; wait for its end")
        }
        var ids: [Int: RecordID] = [:]
        for (index, step) in commit.steps.enumerated() {
            guard let store = store(at: step.store) else {
                guard purpose == .undo || !commit.hasEnded else { continue }
                throw CommandFailure(
                    .notFound,
                    "commit \(number) wrote to \(step.store), which is not attached; attach \(step.store) first")
            }
            ids[index] = RecordID(store: store.name, key: step.id.key)
        }
        if purpose == .show, commit.hasEnded { return Reply(lines: lines(of: commit)) }
        return Reply(effects: [
            request(.load(Array(ids.values)), .compareWithHistory(commit, ids, purpose, now))
        ])
    }

    mutating func compared(
        _ commit: JournalCommit, _ ids: [Int: RecordID], _ purpose: HistoryPurpose,
        _ records: [RecordID: StoredRecord], now: Timestamp
    ) throws(CommandFailure) -> Reply {
        switch purpose {
        case .show: return explain(commit, ids, records)
        case .undo: return try stageUndo(of: commit, ids, records, now: now)
        }
    }

    /// A commit with its differences, record by record.
    private func lines(of commit: JournalCommit) -> [String] {
        ["commit \(commit.number) of \(Quantities.moment(commit.moment)): \(commit.state)"]
            + commit.steps.flatMap { step in
                ["\(step.id.key) \(step.outcome?.sentence ?? "is not known")"]
                    + changes(of: step).map { "  \(Self.line(of: $0))" }
            }
    }

    func changes(of step: JournalCommit.Step) -> [ValueChange] {
        guard step.hasValues, let profile = catalog.named(step.origin.profile) else { return [] }
        func tree(_ record: StoredRecord?) -> SessionValue? {
            record.map { record in
                LoadedRecord(
                    id: step.id, stored: record, profile: profile, fallback: catalog.fallback, lifetime: nil,
                    package: step.origin.package != nil
                ).tree
            }
        }
        let (before, after) = (tree(step.before), tree(step.after))
        guard let before, let after else { return [ValueChange(path: [], before: before, after: after)] }
        return ValueChange.changes(from: before, to: after)
    }

    /// Says of a commit that was interrupted what each record is now, and notes it.
    private mutating func explain(
        _ commit: JournalCommit, _ ids: [Int: RecordID], _ records: [RecordID: StoredRecord]
    ) -> Reply {
        var lines = [
            "commit \(commit.number) of \(Quantities.moment(commit.moment)) was interrupted; what the records are now:"
        ]
        var outcomes: [RecordID: RecordOutcome] = [:]
        for (index, step) in commit.steps.enumerated() {
            let present = ids[index].flatMap { records[$0] }
            let state = step.state(of: present)
            outcomes[step.id] = state.outcome(present)
            lines.append("\(step.id.key): \(state.words)")
            lines += changes(of: step).map { "  \(Self.line(of: $0))" }
        }
        lines.append(
            "undo-commit \(commit.number) takes back what was written; recover takes up the draft, to finish it")
        return Reply(lines: lines, effects: [request(.journal(.settle(commit.number, outcomes)), .settled)])
    }
}

/// What a commit of the history is looked up for.
enum HistoryPurpose: Hashable, Sendable {
    case show
    case undo
}

extension JournalCommit {
    /// How it ended, in a word or two.
    var state: String {
        guard hasEnded else { return isUnderWay ? "under way" : "interrupted" }
        let written = steps.count { if case .written = $0.outcome { true } else { false } }
        if written == steps.count { return "committed" }
        if steps.contains(where: { if case .unknown = $0.outcome { true } else { $0.outcome == nil } }) {
            return "in doubt"
        }
        return written == 0 ? "not written" : "\(written) of \(steps.count) written"
    }
}

extension JournalCommit.Step {
    /// Whether the commit wrote the record, or may have.
    var mayBeWritten: Bool {
        switch outcome {
        case .written, .unknown, .overtaken, nil: true
        case .conflict, .untouched, .putBack: false
        }
    }

    /// The record as the commit wrote it; nil for a deletion.
    var after: StoredRecord? {
        if case .written(let stored?) = outcome { return stored }
        switch write.change {
        case .put(let payload, let flags, _):
            return StoredRecord(
                key: id.key, payload: payload, flags: flags, expiry: before?.expiry ?? .never, revision: Revision(0))
        case .retime: return before
        case .delete: return nil
        }
    }

    /// What a record is beside what it was before and after a commit.
    enum State: Hashable, Sendable {
        case before, after, other
        /// Only its life was to change, which nobody can tell from it.
        case either

        var words: String {
            switch self {
            case .before: "as before the commit"
            case .after: "as the commit writes it"
            case .other: "something else; another program has written it since"
            case .either: "the same content before and after; only its life was to change"
            }
        }

        /// What became of the record, as far as what is there now can tell.
        func outcome(_ present: StoredRecord?) -> RecordOutcome {
            switch self {
            case .before: .untouched
            case .after: .written(present)
            case .other: .unknown("another program has written it since")
            case .either: .unknown("only its life was to change")
            }
        }
    }

    /// What a record is that the store holds now.
    func state(of present: StoredRecord?) -> State {
        guard hasValues else { return before?.revision.number == present?.revision.number ? .before : .other }
        func isSame(_ record: StoredRecord?) -> Bool {
            record?.payload == present?.payload && record?.flags == present?.flags
        }
        switch (isSame(before), isSame(after)) {
        case (true, true): return .either
        case (true, false): return .before
        case (false, true): return .after
        case (false, false): return .other
        }
    }
}
