/// What became of edits when the record under them was read anew.
public enum RebaseOutcome: Hashable, Sendable {
    /// Nothing was staged, or nothing had changed: the new version is the base.
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
    /// Elements of lists have no names, so changes on both sides of one list overlap. `fresh` must be a version that is
    /// stored; for one that is gone there is nothing to put under the edits.
    public mutating func rebase(onto fresh: LoadedRecord) -> RebaseOutcome {
        let id = fresh.id
        guard let base = records[id], isDirty(id) else {
            load(fresh)
            return .taken
        }
        let staged = edit(of: id)
        guard fresh.readOnlyReason == nil, staged.payload == nil, !staged.isDestroyed else { return .whole }
        let changes = ValueChange.changes(from: base.tree, to: fresh.tree)
        let overlap = (staged.tree?.places() ?? []).filter { place in changes.contains { $0.overlaps(place) } }
        guard overlap.isEmpty else { return .overlapping(overlap) }
        load(fresh)
        return changes.isEmpty ? .taken : .merged(changes)
    }
}

extension ValueChange {
    /// Whether the change is at a place, inside it, or around it.
    func overlaps(_ place: ValuePath) -> Bool {
        zip(path, place).allSatisfy { $0 == $1 }
    }
}
