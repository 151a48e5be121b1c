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
        var parts: [(part: JournalCommit.Step, id: RecordID, session: SessionID)] = []
        for (index, part) in commit.steps.enumerated() {
            guard let id = ids[index] else { continue }
            let container = ContainerID(store: id.store, profile: part.origin.profile, name: part.origin.container)
            _ = try requireProfile(of: container)
            let session = SessionID(container: container, id: part.origin.session)
            try adopt(id, part.origin.package, of: session, now: now)
            take(records[id], as: id, of: session)
            parts.append((part, id, session))
        }
        // What is loaded now is what `undo` goes back to.
        var step = undoStep("undo-commit \(commit.number)")
        for (_, id, _) in parts { step.loaded[id] = work.records[id] }
        let lines = parts.map { part, id, session in
            "\(id.key): \(stageUndo(of: part, as: id, of: session, records[id], now: now))"
        }
        remember(step)
        let end =
            !mergePlaces.isEmpty
            ? "merge shows what both changed" : work.isClean ? "nothing is to be written" : "commit writes it"
        return Reply(lines: ["undo of commit \(commit.number) is staged; \(end)"] + lines + mergeLines)
    }

    private mutating func stageUndo(
        of part: JournalCommit.Step, as id: RecordID, of session: SessionID, _ present: StoredRecord?, now: Timestamp
    ) -> String {
        guard part.mayBeWritten else { return "was not written by it" }
        guard part.hasValues else { return "what it held before is not kept in the journal; left as it is" }
        if case .retime = part.write.change {
            return present == nil ? "is no longer in the store; left as it is" : stageLife(of: part, as: id, now: now)
        }
        switch part.state(of: present) {
        case .before, .either: return "is as it was before"
        case .after, .other: break
        }
        guard let after = part.after else { return stageAgain(part.before, as: id, of: session, present, now: now) }
        guard present != nil else { return "is no longer in the store; left as it is" }
        guard let base = version(of: after.readElsewhere, as: id, of: session),
            let fresh = version(of: present, as: id, of: session)
        else { return "cannot be read; left as it is" }
        let isExact = part.state(of: present) == .after
        work.load(base)
        stage(part.before, over: base, of: session, isExact: isExact)
        guard case .overlapping = work.rebase(onto: fresh) else {
            let words = isExact ? "goes back to what it was" : "goes back, with what changed since"
            guard part.before != nil, setsLife(part, session) else { return words }
            return "\(words); \(stageLife(of: part, as: id, now: now))"
        }
        conflicts[id] = .changed(fresh.stored?.revision ?? Revision(0))
        merges[id] = RecordMerge(fresh: fresh)
        return "was changed since at the same places"
    }

    /// Makes a record anew that the commit deleted.
    private mutating func stageAgain(
        _ before: StoredRecord?, as id: RecordID, of session: SessionID, _ present: StoredRecord?, now: Timestamp
    ) -> String {
        guard present == nil, let before, let base = version(of: before.readElsewhere, as: id, of: session) else {
            return "was deleted, and is there again; left as it is"
        }
        work.load(base)
        let words = restage(id, of: session, base: base, now: now).joined()
        // Where no life is staged something else has to be, or there would be nothing to write.
        if !work.isDirty(id) {
            if before.expiry == .never {
                work.setLifetime(.never, of: id)
            } else {
                work.replacePayload(before.payload, of: id)
            }
        }
        return words
    }

    /// Whether a commit gave a record a life of the user's; in our own containers each commit begins one anew.
    private func setsLife(_ part: JournalCommit.Step, _ session: SessionID) -> Bool {
        guard case .put(_, _, .renew(let lifetime)) = part.write.change,
            catalog.named(session.container.profile)?.expiryRule != .containerTimeout
        else { return false }
        return lifetime != .never || part.before?.expiry != .never
    }

    /// Stages what is left of the life that a record had before.
    private mutating func stageLife(of part: JournalCommit.Step, as id: RecordID, now: Timestamp) -> String {
        guard let expiry = part.before?.expiry, expiry != .never else {
            work.setLifetime(.never, of: id)
            return "gets a life without end, as before"
        }
        guard let seconds = expiry.secondsLeft(at: now), seconds > 0 else {
            return "its life before would be over by now, so it keeps the one it has"
        }
        work.setLifetime(.seconds(seconds), of: id)
        return "gets what is left of its life before, \(Quantities.duration(seconds: seconds))"
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
