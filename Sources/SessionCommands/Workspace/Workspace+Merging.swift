internal import OrderedCollections
internal import SessionCore

/// A record that changed here and in the store, while it is being decided what becomes of it.
struct RecordMerge: Hashable, Sendable {
    /// What the store holds; nil if the record is gone.
    var fresh: LoadedRecord?
    /// What was decided so far, by the place in the record.
    var choices: [ValuePath: MergeChoice] = [:]
}

extension Workspace {
    /// What both sides changed and a merge looked at, session by session.
    public var mergePlaces: [MergePlace] {
        sessions.flatMap { session, open in
            open.parts.flatMap { part -> [MergePlace] in
                guard conflicts[part.record] != nil, let merge = merges[part.record] else { return [] }
                let prefix = part.package.map { [$0] } ?? []
                return mergeConflicts(of: part.record, merge).map { conflict in
                    MergePlace(
                        session: session, record: part.record,
                        pointer: JSONPointer(tokens: prefix + conflict.path.map(\.token)), conflict: conflict,
                        isGone: merge.fresh == nil, choice: merge.choices[conflict.path])
                }
            }
        }
    }

    private func mergeConflicts(of id: RecordID, _ merge: RecordMerge) -> [MergeConflict] {
        guard let fresh = merge.fresh else {
            guard let base = work.records[id] else { return [] }
            let edit = work.edit(of: id)
            return [
                MergeConflict(
                    path: [], base: base.tree, mine: edit.isDestroyed ? nil : base.node(edit).value, theirs: nil)
            ]
        }
        var probe = work
        if case .overlapping(let conflicts) = probe.rebase(onto: fresh) { return conflicts }
        return []
    }

    /// Reads the open sessions again, merges what does not overlap, and lists or decides what does.
    mutating func merge(_ decision: MergeDecision?, now: Timestamp) throws(CommandFailure) -> Reply {
        try requireOpenTransaction()
        if let decision, mergePlaces.contains(where: { $0.session == currentSession }) {
            return try decide(decision, now: now)
        }
        let ids = sessions.values.flatMap { $0.parts.map(\.record) }
        guard !ids.isEmpty else { throw CommandFailure(.usage, "no session is open; open ID opens one") }
        return Reply(effects: [request(.load(ids), .merge(decision, now))])
    }

    /// Takes what the stores hold for a merge.
    mutating func merged(
        _ records: [RecordID: StoredRecord], _ decision: MergeDecision?, now: Timestamp
    ) throws(CommandFailure) -> Reply {
        let reply = refreshed(records, now: now, restages: false)
        guard decision == nil else {
            guard !mergePlaces.isEmpty else { return reply }
            return try decide(decision, now: now)
        }
        return mergePlaces.isEmpty ? reply : Reply(lines: reply.lines + mergeLines)
    }

    /// What is to be decided, in words.
    public var mergeLines: [String] {
        mergePlaces.map { place in
            let conflict = place.conflict
            let decided =
                place.choice.map { choice in
                    if case .value(let value) = choice {
                        ", decided: \(place.text(value))"
                    } else {
                        ", decided: \(choice.words)"
                    }
                } ?? ""
            return "! \(place.title): base \(place.text(conflict.base)) | mine \(place.text(conflict.mine)) | store "
                + "\(place.text(conflict.theirs))\(decided)"
        }
    }

    private mutating func decide(_ decision: MergeDecision?, now: Timestamp) throws(CommandFailure) -> Reply {
        guard let decision, let session = currentSession else { return Reply(lines: mergeLines) }
        let places = mergePlaces.filter { $0.session == session }
        let chosen = places.filter { place in
            decision.pointer.map { $0 == place.pointer } ?? (place.choice == nil)
        }
        guard !chosen.isEmpty else {
            let pointers = places.map { $0.pointer.tokens.isEmpty ? "\"\"" : $0.pointer.description }
            throw CommandFailure(
                .notFound,
                pointers.isEmpty
                    ? "nothing of session \(session.title) is to be decided; merge looks at the store"
                    : "both sides changed \(pointers.joined(separator: ", ")); merge takes one of these")
        }
        for place in chosen {
            guard case .value(let value) = decision.choice else { continue }
            let refusal =
                place.isGone
                ? "the record is no longer in the store; mine makes it anew, theirs drops your edits"
                : work.refusal(of: value, at: place.conflict.path, of: place.record)
            if let refusal { throw CommandFailure(.refused, "\(place.pointer): \(refusal)") }
        }
        let before = undoStep("merge")
        for place in chosen { merges[place.record]?.choices[place.conflict.path] = decision.choice }
        var lines: [String] = []
        for id in OrderedSet(chosen.map(\.record)) { lines += settle(id, of: session, now: now) }
        remember(before)
        return Reply(lines: lines)
    }

    /// Takes what the store holds of records that kept a commit from being made, and tries it again if nothing is to be decided.
    mutating func commit(
        _ records: [RecordID: StoredRecord], of ids: [RecordID], _ purpose: CommitPurpose
    ) throws(CommandFailure) -> Reply {
        let reply = refreshed(records, of: ids, now: purpose.now, restages: false)
        guard conflicts.isEmpty else {
            throw CommandFailure(
                .conflict,
                "conflict: \(reply.lines.joined(separator: "; ")). Nothing was written and your edits are kept")
        }
        var next = try commit(purpose.options, now: purpose.now, attempts: purpose.attempts - 1)
        next.lines = reply.lines + next.lines
        return next
    }

    /// Merges a record if all of it is decided.
    private mutating func settle(_ id: RecordID, of session: SessionID, now: Timestamp) -> [String] {
        guard let merge = merges[id], let base = work.records[id] else { return [] }
        guard let fresh = merge.fresh else {
            if merge.choices[[]] == .mine { return restage(id, of: session, base: base, now: now) }
            work.dropEdit(of: id)
            take(nil, as: id, of: session)
            return ["\(session.title) is no longer in the store; your edits of it are dropped"]
        }
        switch work.rebase(onto: fresh, deciding: merge.choices) {
        case .overlapping(let conflicts):
            let open = conflicts.filter { merge.choices[$0.path] == nil }
            guard !open.isEmpty else {
                merges[id]?.choices = [:]
                return ["! what the store holds of \(session.title) cannot be edited; merge theirs takes it as it is"]
            }
            return ["decided; left in \(session.title): \(open.map(\.pointer.description).joined(separator: ", "))"]
        case .taken, .merged:
            conflicts[id] = nil
            merges[id] = nil
            let staged = ValueChange.changes(of: work.edit(of: id).tree, base: fresh.tree)
            let lines = staged.map { "  " + Self.line(of: $0) }
            return [
                work.isDirty(id)
                    ? "merged \(session.title); staged over what the store holds:"
                    : "merged \(session.title): nothing of yours is left"
            ]
                + lines
        }
    }
}
