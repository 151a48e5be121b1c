internal import OrderedCollections

/// What became of edits when the record under them was read anew.
public enum RebaseOutcome: Hashable, Sendable {
    /// Nothing was staged, or the content is what it was: the new version is the base.
    case taken
    /// The new version is the base, and the edits stand over it; holds what others changed.
    case merged([ValueChange])
    /// Both sides changed these places; the base stays as it was.
    case overlapping([ValuePath])
    /// The edit replaces or deletes the whole record, or the new version cannot be read; the base stays as it was.
    case whole
}

extension UnitOfWork {
    /// Puts a newer version of a record under what is staged for it, if nothing both sides changed overlaps.
    ///
    /// A map that both sides added, such as a package, is merged key by key. Elements of lists have no names, so changes on
    /// both sides of one list overlap. `fresh` must be a version that is
    /// stored; for one that is gone there is nothing to put under the edits.
    public mutating func rebase(onto fresh: LoadedRecord) -> RebaseOutcome {
        let id = fresh.id
        guard let base = records[id], isDirty(id) else {
            load(fresh)
            return .taken
        }
        let staged = edit(of: id)
        if fresh.readOnlyReason == nil, fresh.tree == base.tree {
            load(fresh)
            return .taken
        }
        guard fresh.readOnlyReason == nil, staged.payload == nil, !staged.isDestroyed else { return .whole }
        var shared: [ValuePath] = []
        let mine = staged.tree?.spread(over: base.tree, meeting: fresh.tree, at: [], shared: &shared)
        let before = shared.reduce(base.tree) { $0.setting(.emptyMap, at: $1[...]) }
        let changes = ValueChange.changes(from: before, to: fresh.tree)
        let overlap = (mine?.places() ?? []).filter { place in changes.contains { $0.overlaps(place) } }
        guard overlap.isEmpty else { return .overlapping(overlap) }
        load(fresh)
        var edit = staged
        edit.tree = mine
        edits[id] = edit.isEmpty ? nil : edit
        return changes.isEmpty ? .taken : .merged(changes)
    }
}

extension Edit {
    /// The edit with each map that it adds, and that the fresh tree has too, written as edits of that map's keys.
    ///
    /// The places of such maps go into `shared`. Nil if nothing differs from the fresh tree any more.
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
        case (.replaced(let mine), nil, let theirs?) where mine == theirs:
            return nil
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
