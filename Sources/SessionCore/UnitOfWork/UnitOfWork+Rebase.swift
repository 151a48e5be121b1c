internal import OrderedCollections

/// What became of edits when the record under them was read anew.
public enum RebaseOutcome: Hashable, Sendable {
    /// Nothing was staged, or the content is what it was: the new version is the base.
    case taken
    /// The new version is the base, and the edits stand over it; holds what others changed.
    case merged([ValueChange])
    /// Both sides changed these places and not all of them are decided; the base stays as it was.
    case overlapping([MergeConflict])
}

extension UnitOfWork {
    /// Puts a newer version of a record under what is staged for it, if nothing that both sides changed is undecided.
    ///
    /// A map that both sides added, such as a package, is merged key by key. Elements of lists have no names, so changes on
    /// both sides of one list overlap.
    ///
    /// - Parameters:
    ///   - fresh: A version that is stored; for one that is gone there is nothing to put under the edits.
    ///   - choices: What becomes of places that both sides changed, by the path of the conflict.
    ///   - agreeing: Whether there is nothing to decide where both sides made the same of a place. A person who sees the values may hold it so; two
    ///     programs that both counted 1 up to 2 have lost a count.
    /// - Returns: What became of the edits.
    public mutating func rebase(
        onto fresh: LoadedRecord, deciding choices: [ValuePath: MergeChoice] = [:], agreeing: Bool = true
    ) -> RebaseOutcome {
        let id = fresh.id
        guard let base = records[id], isDirty(id) else {
            load(fresh)
            return .taken
        }
        var staged = edit(of: id)
        if fresh.readOnlyReason == nil, fresh.tree == base.tree {
            load(fresh)
            return .taken
        }
        guard fresh.readOnlyReason == nil, staged.payload == nil, !staged.isDestroyed else {
            let conflict = MergeConflict(
                path: [], base: base.tree, mine: staged.isDestroyed ? nil : base.node(staged).value, theirs: fresh.tree)
            return settle(conflict, base: base, onto: fresh, choices[[]])
        }
        let conflicts = Self.conflicts(of: staged.tree, base: base.tree, fresh: fresh.tree)
        let disputed = agreeing ? conflicts.filter { $0.mine != $0.theirs } : conflicts
        guard disputed.allSatisfy({ choices[$0.path] != nil }) else { return .overlapping(disputed) }
        // Without what is decided, the edits and the other side's changes have nothing in common.
        for conflict in conflicts {
            staged.tree = Edit.setting(
                conflict.base, at: conflict.path[...], base: base.tree, edit: staged.tree)
        }
        let (mine, changes) = Self.meeting(staged.tree, base: base.tree, fresh: fresh.tree)
        load(fresh)
        staged.tree = mine
        edits[id] = staged.isEmpty ? nil : staged
        for conflict in disputed {
            switch choices[conflict.path] {
            case .mine: set(conflict.mine, at: conflict.path, of: id)
            case .value(let value): set(value, at: conflict.path, of: id)
            case .theirs, nil: break
            }
        }
        return changes.isEmpty ? .taken : .merged(changes)
    }

    /// Decides about a whole record; one that the store holds in an unreadable form cannot be edited, so there is no other value for it.
    private mutating func settle(
        _ conflict: MergeConflict, base: LoadedRecord, onto fresh: LoadedRecord, _ choice: MergeChoice?
    ) -> RebaseOutcome {
        let id = fresh.id
        var staged = edit(of: id)
        switch choice {
        case .theirs: staged = RecordEdit()
        case .mine:
            // Edits inside a tree have no place in bytes that hold none, so they are written with all that was around them.
            if staged.tree != nil, fresh.readOnlyReason != nil {
                guard let payload = try? payload(of: base, edit: staged) else { return .overlapping([conflict]) }
                staged.tree = nil
                staged.payload = payload
            }
        case .value where fresh.readOnlyReason == nil:
            let lifetime = staged.lifetime
            staged = RecordEdit()
            staged.lifetime = lifetime
        case .value, nil: return .overlapping([conflict])
        }
        load(fresh)
        edits[id] = staged.isEmpty ? nil : staged
        if case .value(let value) = choice { set(value, at: [], of: id) }
        if let payload = staged.payload { replacePayload(payload, of: id) }
        return .merged(ValueChange.changes(from: base.tree, to: fresh.tree))
    }

    /// Edits as they are over a fresh tree, and what changed in that against the base.
    private static func meeting(
        _ edit: Edit?, base: SessionValue, fresh: SessionValue
    ) -> (edit: Edit?, changes: [ValueChange]) {
        var shared: [ValuePath] = []
        let mine = edit?.spread(over: base, meeting: fresh, at: [], shared: &shared)
        let before = shared.reduce(base) { $0.setting(.emptyMap, at: $1[...]) }
        return (mine, ValueChange.changes(from: before, to: fresh))
    }

    /// The places that edits and a fresh tree changed in different ways.
    private static func conflicts(of edit: Edit?, base: SessionValue, fresh: SessionValue) -> [MergeConflict] {
        let (mine, changes) = meeting(edit, base: base, fresh: fresh)
        var paths: [ValuePath] = []
        for place in mine?.places() ?? [] {
            for change in changes where change.overlaps(place) {
                let path = change.path.count < place.count ? change.path : place
                // Of a place and another one inside it the outer one is at stake.
                guard !paths.contains(where: { path.starts(with: $0) }) else { continue }
                paths.removeAll { $0.starts(with: path) }
                paths.append(path)
            }
        }
        let nodes = [
            EditedNode(base: base, edit: nil), EditedNode(base: base, edit: edit), EditedNode(base: fresh, edit: nil),
        ]
        return paths.map { path in
            let values = nodes.map { $0.node(at: path)?.value }
            return MergeConflict(path: path, base: values[0], mine: values[1], theirs: values[2])
        }
    }
}

extension Edit {
    /// The edit with each map that it adds, and that the fresh tree has too, written as edits of that map's keys.
    ///
    /// The places of such maps go into `shared`. Nil for an empty map, which the fresh tree has then too.
    fileprivate func spread(
        over base: SessionValue?, meeting fresh: SessionValue?, at path: ValuePath, shared: inout [ValuePath]
    ) -> Edit? {
        switch (self, base, fresh) {
        case (.map(let entries), .map(let base), .map(let fresh)):
            var result: OrderedDictionary<SessionValue, KeyEdit> = [:]
            for (key, entry) in entries {
                guard let edit = entry.edit else {
                    result[key] = entry
                    continue
                }
                let place = path + [.key(key)]
                let kept = edit.spread(over: base[key], meeting: fresh[key], at: place, shared: &shared)
                if let kept { result[key] = .edited(kept) }
            }
            return result.isEmpty ? nil : .map(result)
        case (.replaced(.map(let mine)), nil, .map(let theirs)):
            shared.append(path)
            var result: OrderedDictionary<SessionValue, KeyEdit> = [:]
            for (key, value) in mine {
                let place = path + [.key(key)]
                let kept = Edit.replaced(value).spread(over: nil, meeting: theirs[key], at: place, shared: &shared)
                if let kept { result[key] = .edited(kept) }
            }
            return result.isEmpty ? nil : .map(result)
        default:
            return self
        }
    }
}

extension ValueChange {
    /// Whether the change is at a place, inside it, or around it.
    func overlaps(_ place: ValuePath) -> Bool {
        zip(path, place).allSatisfy { $0 == $1 }
    }
}
