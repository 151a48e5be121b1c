internal import OrderedCollections
internal import SessionCore

extension Workspace {
    mutating func set(_ value: SessionValue, at pointer: JSONPointer) throws(CommandFailure) -> Reply {
        let session = try requireSession()
        let (place, record) = try editable(pointer, in: session)
        if pointer.tokens.isEmpty, case .bytes(let payload) = value {
            return try edit("set \"\"") {
                $0.work.replacePayload(payload, of: place.record)
            } line: { _ in
                "M \"\" \(Quantities.count(record.stored?.payload.count ?? 0, "byte")) -> \(Quantities.count(payload.count, "byte"))"
            }
        }
        try checkInside(record)
        let isFlatValue = record.stored != nil && record.tree.childCount == nil
        if pointer.tokens.isEmpty, !isFlatValue, value.kind != .map, value.kind != .list {
            throw CommandFailure(
                .refused, "a session is a map of keys; name the key, as in set /key \(Notation.text(of: value))")
        }
        guard let root = work.node(of: place.record) else { return Reply() }
        var path: ValuePath
        var staged = value
        do throws(PointerMismatch) { path = try root.settablePath(to: place.pointer) } catch {
            guard let made = missingPackage(place, session: session, root: root) else {
                throw CommandFailure(.notFound, error.description)
            }
            path = [.key(.string(made.package))]
            staged = [.string(made.key): value]
        }
        if let refusal = work.refusal(of: staged, at: path, of: place.record) {
            throw CommandFailure(.refused, "\(pointer): \(refusal)")
        }
        // What the base holds at this place, which in a list that lost elements has another number.
        let base = root.node(at: path)?.base
        return try edit("set \(pointer)") {
            $0.work.set(staged, at: path, of: place.record)
        } line: { workspace in
            let node = workspace.work.node(of: place.record)?.node(at: path)
            guard node?.edit == nil, node != nil else {
                let shown = JSONPointer(tokens: Array(pointer.tokens.prefix(place.packageTokens + path.count)))
                return Self.line(of: ValueChange(path: path, before: base, after: staged), at: shown)
            }
            let text = Secrets.isSecret(path) ? Secrets.mask : Self.shortText(of: Secrets.masked(value))
            return "= \(pointer) \(text), as loaded"
        }
    }

    private func missingPackage(
        _ place: Place, session: OpenSession, root: EditedNode
    ) -> (package: String, key: String)? {
        let tokens = place.pointer.tokens
        guard tokens.count == 2, place.packageTokens == 0, session.layout == .packages, root.kind == .map,
            root.child(.key(.string(tokens[0]))) == nil
        else { return nil }
        return (tokens[0], tokens[1])
    }

    mutating func delete(_ pointer: JSONPointer) throws(CommandFailure) -> Reply {
        let session = try requireSession()
        let (place, record) = try editable(pointer, in: session)
        try checkInside(record)
        guard !place.pointer.tokens.isEmpty else {
            throw CommandFailure(.refused, "delete takes a key; destroy deletes the session")
        }
        guard let root = work.node(of: place.record) else { return Reply() }
        let path: ValuePath
        do throws(PointerMismatch) { path = try root.path(to: place.pointer) } catch {
            throw CommandFailure(.notFound, error.description)
        }
        if path.last == .state { throw CommandFailure(.refused, "an object keeps its state; set it instead") }
        if let refusal = work.refusal(of: nil, at: path, of: place.record) {
            throw CommandFailure(.refused, "\(pointer): \(refusal)")
        }
        let removed = root.node(at: path)?.value
        return try edit("delete \(pointer)") {
            $0.work.set(nil, at: path, of: place.record)
        } line: { workspace in
            // A place that is always there, such as a table's column, is there with null in it.
            let isKey = if case .key = path.last { true } else { false }
            let left = isKey ? workspace.work.node(of: place.record)?.node(at: path)?.value : nil
            guard left != removed || left == nil else { return "= \(pointer) null, as it was" }
            return Self.line(of: ValueChange(path: path, before: removed, after: left), at: pointer)
        }
    }

    mutating func setLifetime(_ lifetime: Lifetime) throws(CommandFailure) -> Reply {
        let session = try requireSession()
        guard session.parts.contains(where: { work.records[$0.record]?.stored != nil || work.isDirty($0.record) })
        else {
            throw CommandFailure(
                .notFound, "session \(session.session.title) is not in the store and holds nothing; set a key first")
        }
        guard !session.parts.contains(where: { work.edit(of: $0.record).isDestroyed }) else {
            throw CommandFailure(.refused, "the session is destroyed at commit; undo takes that back")
        }
        return try edit("ttl") { workspace in
            for part in session.parts { workspace.work.setLifetime(lifetime, of: part.record) }
        } line: { _ in
            "M ttl \(Quantities.lifetime(lifetime)), from the commit on"
        }
    }

    mutating func destroy() throws(CommandFailure) -> Reply {
        let session = try requireSession()
        return try edit("destroy") { workspace in
            for part in session.parts { workspace.work.destroy(part.record) }
        } line: { _ in
            "D session \(session.session.title)"
        }
    }

    private func editable(
        _ pointer: JSONPointer, in session: OpenSession
    ) throws(CommandFailure) -> (Place, LoadedRecord) {
        guard let place = place(of: pointer, in: session), let record = work.records[place.record] else {
            throw CommandFailure(.notFound, "session \(session.session.title) is not loaded; refresh reads it")
        }
        if place.packageTokens == 0, record.id.key.bytes != session.session.id,
            let profile = catalog.named(session.session.container.profile), profile.keepsPackagesOnly
        {
            throw CommandFailure(
                .refused,
                "the \(profile.name) profile keeps each package in a record of its own, so \(pointer) would be read by nobody; open "
                    + "the session with its package, and begin the pointer with that")
        }
        return (place, record)
    }

    private func checkInside(_ record: LoadedRecord) throws(CommandFailure) {
        if let reason = record.readOnlyReason {
            throw CommandFailure(.refused, "\(record.id.key) cannot be edited inside: \(reason)")
        }
        if work.edit(of: record.id).payload != nil {
            throw CommandFailure(.refused, "the whole payload is replaced; undo that to edit inside it")
        }
    }

    /// Does one undoable step, unless a commit is under way or has failed.
    mutating func edit(
        _ what: String, _ body: (inout Workspace) -> Void, line: (Workspace) -> String
    ) throws(CommandFailure) -> Reply {
        try requireOpenTransaction()
        let step = undoStep(what)
        body(&self)
        if work.snapshot != step.work || isDoomed != step.isDoomed { remember(step) }
        return Reply(lines: [line(self)])
    }

    func undoStep(_ what: String) -> UndoStep {
        UndoStep(
            what: what, work: work.snapshot, conflicts: conflicts, merges: merges, isDoomed: isDoomed)
    }

    private mutating func restore(_ step: UndoStep) {
        work.restore(step.work)
        for (id, record) in step.loaded where !work.isDirty(id) { work.load(record) }
        conflicts = step.conflicts
        merges = step.merges
        isDoomed = step.isDoomed
    }

    mutating func remember(_ step: UndoStep) {
        undoSteps.append(step)
        redoSteps = []
    }

    mutating func undo() throws(CommandFailure) -> Reply {
        try requireOpenTransaction()
        guard let step = undoSteps.popLast() else {
            throw CommandFailure(.notFound, "nothing to undo in this transaction")
        }
        redoSteps.append(undoStep(step.what))
        restore(step)
        return Reply(lines: ["took back: \(step.what)"])
    }

    mutating func redo() throws(CommandFailure) -> Reply {
        try requireOpenTransaction()
        guard let step = redoSteps.popLast() else { throw CommandFailure(.notFound, "nothing to redo") }
        undoSteps.append(undoStep(step.what))
        restore(step)
        return Reply(lines: ["did again: \(step.what)"])
    }
}
