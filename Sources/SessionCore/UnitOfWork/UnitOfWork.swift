/// The changes of one transaction: what was loaded of every record, what is staged over it, and the savepoints.
///
/// A value: a copy of it is a snapshot, and costs nothing until one of the two changes. Bases never change here; they are
/// replaced by loading. Nothing here waits, reads a clock or talks to a store.
public struct UnitOfWork: Hashable, Sendable {
    /// What was loaded, by place.
    public internal(set) var records: [RecordID: LoadedRecord] = [:]
    /// What is staged; only records with something staged are in it.
    public internal(set) var edits: [RecordID: RecordEdit] = [:]
    /// The savepoints, oldest first.
    public internal(set) var savepoints: [Savepoint] = []
    /// Records that anything was ever staged for, even if it was taken back since.
    public internal(set) var everChanged: Set<RecordID> = []
    var savepointsMade = 0
    /// The lives that commits give to records whose container got another timeout since they were loaded.
    var containerLifetimes: [RecordID: Lifetime] = [:]

    /// A transaction in which nothing is loaded.
    public init() {}

    /// Whether nothing is staged.
    public var isClean: Bool { edits.isEmpty }

    /// How many single changes are staged.
    public var changeCount: Int { edits.values.reduce(0) { $0 + $1.changeCount } }

    /// The number that the next savepoint gets; no number is given twice in a transaction.
    public var nextSavepointNumber: Int { savepointsMade + 1 }

    /// What is staged for a record.
    public func edit(of id: RecordID) -> RecordEdit { edits[id] ?? RecordEdit() }

    /// Whether anything is staged for a record.
    public func isDirty(_ id: RecordID) -> Bool { edits[id] != nil }

    /// The root of a record's tree with what is staged; nil if it is not loaded.
    public func node(of id: RecordID) -> EditedNode? {
        guard let record = records[id] else { return nil }
        return record.node(edit(of: id))
    }

    /// Takes in what a store holds; edits staged over an earlier base stay, and meet the new one at commit.
    public mutating func load(_ record: LoadedRecord) {
        records[record.id] = record
    }

    /// Forgets a record and what is staged for it.
    public mutating func forget(_ id: RecordID) {
        records[id] = nil
        edits[id] = nil
        for index in savepoints.indices { savepoints[index].staged.forget(id) }
    }

    /// Sets or removes (for nil) the value at a path of a record.
    public mutating func set(_ value: SessionValue?, at path: ValuePath, of id: RecordID) {
        guard let record = records[id] else { return }
        let value =
            value ?? record.format.remainder(afterRemoving: path, from: (record.stored ?? record.template)?.payload)
        change(id) { edit in
            let base = edit.isDestroyed ? SessionValue.emptyMap : record.tree
            let tree = Edit.setting(value, at: path[...], base: base, edit: edit.isDestroyed ? nil : edit.tree)
            guard edit.isDestroyed else {
                edit.tree = tree
                return
            }
            // Something set in a destroyed session: the record is not deleted but holds just that.
            guard let tree else { return }
            let content = tree.value(over: base)
            edit.isDestroyed = false
            edit.tree = content == record.tree ? nil : .replaced(content)
        }
    }

    /// Stages bytes that take the place of the whole payload.
    public mutating func replacePayload(_ payload: [UInt8], of id: RecordID) {
        guard let record = records[id] else { return }
        change(id) { edit in
            edit.isDestroyed = false
            edit.tree = nil
            edit.payload = payload == record.stored?.payload ? nil : payload
        }
    }

    /// Stages a life that the record gets at commit.
    public mutating func setLifetime(_ lifetime: Lifetime, of id: RecordID) {
        guard records[id] != nil else { return }
        change(id) { $0.lifetime = lifetime }
    }

    /// Says what life a commit gives to a record when none is staged for it: its container got another timeout.
    ///
    /// Nothing is staged by this, and no rollback takes it back.
    public mutating func setContainerLifetime(_ lifetime: Lifetime?, of id: RecordID) {
        containerLifetimes[id] = lifetime
    }

    /// Stages the deletion of a record; a record that the store does not hold just loses its edits.
    public mutating func destroy(_ id: RecordID) {
        guard let record = records[id] else { return }
        change(id) { edit in
            edit = RecordEdit()
            edit.isDestroyed = record.stored != nil
        }
    }

    /// Drops what is staged for a record, and keeps what was loaded of it.
    public mutating func dropEdit(of id: RecordID) {
        edits[id] = nil
    }

    private mutating func change(_ id: RecordID, _ body: (inout RecordEdit) -> Void) {
        var edit = edit(of: id)
        body(&edit)
        edits[id] = edit.isEmpty ? nil : edit
        if !edit.isEmpty { everChanged.insert(id) }
    }
}
