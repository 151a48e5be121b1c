internal import OrderedCollections
internal import SessionCore

extension Workspace {
    /// Stages what takes a commit back, over what it wrote; where a record is another by now, as a merge does.
    mutating func stageUndo(
        of commit: JournalCommit, _ ids: [Int: RecordID], _ records: [RecordID: StoredRecord], now: Timestamp
    ) throws(CommandFailure) -> Reply {
        try requireOpenTransaction()
        for id in ids.values where work.isDirty(id) {
            throw CommandFailure(
                .refused, "\(id.key) has edits; commit or abort them before an earlier commit is undone")
        }
        let step = undoStep("undo-commit \(commit.number)")
        var lines: [String] = []
        for (index, part) in commit.steps.enumerated() {
            guard let id = ids[index] else { continue }
            lines.append("\(id.key): \(try stageUndo(of: part, as: id, records[id], now: now))")
        }
        remember(step)
        let end =
            !mergePlaces.isEmpty
            ? "merge shows what both changed" : work.isClean ? "nothing is to be written" : "commit writes it"
        return Reply(lines: ["undo of commit \(commit.number) is staged; \(end)"] + lines + mergeLines)
    }

    private mutating func stageUndo(
        of part: JournalCommit.Step, as id: RecordID, _ present: StoredRecord?, now: Timestamp
    ) throws(CommandFailure) -> String {
        let container = ContainerID(store: id.store, profile: part.origin.profile, name: part.origin.container)
        _ = try requireProfile(of: container)
        let session = SessionID(container: container, id: part.origin.session)
        try adopt(id, part.origin.package, of: session, now: now)
        take(present, as: id, of: session)
        switch part.state(of: present) {
        case .before: return "is as it was before"
        case .either:
            guard case .at = part.before?.expiry, let seconds = part.before?.expiry.secondsLeft(at: now), seconds > 0
            else {
                work.setLifetime(.never, of: id)
                return "gets a life without end, as before"
            }
            work.setLifetime(.seconds(seconds), of: id)
            return "gets what would be left of its life before"
        case .after, .other: break
        }
        guard let after = part.after else {
            guard present == nil, let before = version(of: part.before, as: id, of: session) else {
                return "was deleted, and is there again; left as it is"
            }
            work.load(before)
            return restage(id, of: session, base: before, now: now).joined()
        }
        guard present != nil else { return "is no longer in the store; left as it is" }
        guard let base = version(of: after, as: id, of: session) else { return "cannot be read; left as it is" }
        work.load(base)
        stage(part.before, over: base, of: session, isExact: part.state(of: present) == .after)
        guard let fresh = version(of: present, as: id, of: session) else { return "cannot be read; left as it is" }
        guard case .overlapping = work.rebase(onto: fresh) else {
            return part.state(of: present) == .after ? "goes back to what it was" : "goes back, with what changed since"
        }
        conflicts[id] = .changed(fresh.stored?.revision ?? Revision(0))
        merges[id] = RecordMerge(fresh: fresh)
        return "was changed since at the same places"
    }

    /// Stages a record's former content: key by key, and as a whole where only that gives back the very bytes.
    ///
    /// Over a record that was changed since there are no such bytes, and key by key is what can be merged.
    private mutating func stage(
        _ before: StoredRecord?, over base: LoadedRecord, of session: SessionID, isExact: Bool
    ) {
        let id = base.id
        guard let before, let former = version(of: before, as: id, of: session) else {
            work.destroy(id)
            return
        }
        guard base.readOnlyReason == nil, former.readOnlyReason == nil else {
            work.replacePayload(before.payload, of: id)
            return
        }
        stage(former.tree, in: base.tree, at: [], of: id)
        guard isExact else { return }
        if case .put(let payload, _, _)? = try? work.plan(of: [id]).steps.first?.write.change, payload == before.payload
        {
            return
        }
        work.replacePayload(before.payload, of: id)
    }

    /// Stages the keys in which a value differs from the base's.
    private mutating func stage(_ value: SessionValue, in base: SessionValue, at path: ValuePath, of id: RecordID) {
        guard case .map(let new) = value, case .map(let old) = base else {
            if value != base { work.set(value, at: path, of: id) }
            return
        }
        for key in old.keys where new[key] == nil { work.set(nil, at: path + [.key(key)], of: id) }
        for (key, value) in new {
            if let before = old[key] {
                stage(value, in: before, at: path + [.key(key)], of: id)
            } else {
                work.set(value, at: path + [.key(key)], of: id)
            }
        }
    }

    /// Opens the session of a record, if it is not open.
    private mutating func adopt(
        _ id: RecordID, _ package: String?, of session: SessionID, now: Timestamp
    ) throws(CommandFailure) {
        let profile = try requireProfile(of: session.container)
        let part = OpenSession.Part(package: package, record: id)
        if sessions[session] == nil {
            sessions[session] = OpenSession(session: session, layout: profile.layout, parts: [part], lastAccess: now)
        } else if sessions[session]?.parts.contains(part) == false {
            sessions[session]?.parts.append(part)
        }
        currentSession = session
    }
}
