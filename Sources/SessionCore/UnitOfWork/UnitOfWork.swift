internal import OrderedCollections

/// The changes of one transaction: what was loaded of every record, what is staged over it, and the savepoints.
///
/// A value: a copy of it is a snapshot, and costs nothing until one of the two changes. Bases never change here; they are
/// replaced by loading. Nothing here waits, reads a clock or talks to a store.
public struct UnitOfWork: Hashable, Sendable {
    /// What was loaded, by place.
    public private(set) var records: [RecordID: LoadedRecord] = [:]
    /// What is staged; only records with something staged are in it.
    public private(set) var edits: [RecordID: RecordEdit] = [:]
    /// The savepoints, oldest first.
    public private(set) var savepoints: [Savepoint] = []
    /// Records that anything was ever staged for, even if it was taken back since.
    public private(set) var everChanged: Set<RecordID> = []
    private var savepointsMade = 0

    /// A transaction in which nothing is loaded.
    public init() {}

    /// Whether nothing is staged.
    public var isClean: Bool { edits.isEmpty }

    /// How many single changes are staged.
    public var changeCount: Int { Self.changeCount(edits) }

    static func changeCount(_ edits: [RecordID: RecordEdit]) -> Int { edits.values.reduce(0) { $0 + $1.changeCount } }

    /// What is staged for a record.
    public func edit(of id: RecordID) -> RecordEdit { edits[id] ?? RecordEdit() }

    /// Whether anything is staged for a record.
    public func isDirty(_ id: RecordID) -> Bool { edits[id] != nil }

    /// The root of a record's tree with what is staged; nil if it is not loaded.
    public func node(of id: RecordID) -> EditedNode? {
        guard let record = records[id] else { return nil }
        let edit = edit(of: id)
        return edit.isDestroyed ? EditedNode(base: .emptyMap, edit: nil) : record.node(edit.tree)
    }

    /// Takes in what a store holds; edits staged over an earlier base stay, and meet the new one at commit.
    public mutating func load(_ record: LoadedRecord) {
        records[record.id] = record
    }

    /// Forgets a record and what is staged for it.
    public mutating func forget(_ id: RecordID) {
        records[id] = nil
        edits[id] = nil
        for index in savepoints.indices { savepoints[index].edits[id] = nil }
    }

    /// Sets or removes (for nil) the value at a path of a record.
    public mutating func set(_ value: SessionValue?, at path: ValuePath, of id: RecordID) {
        guard let record = records[id] else { return }
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

    /// Stages the deletion of a record; a record that the store does not hold just loses its edits.
    public mutating func destroy(_ id: RecordID) {
        guard let record = records[id] else { return }
        change(id) { edit in
            edit = RecordEdit()
            edit.isDestroyed = record.stored != nil
        }
    }

    /// Stages edits of an earlier base over the present one, which must be alike at every edited place.
    public mutating func restage(_ edit: RecordEdit, of id: RecordID) {
        guard records[id] != nil else { return }
        edits[id] = edit.isEmpty ? nil : edit
    }

    private mutating func change(_ id: RecordID, _ body: (inout RecordEdit) -> Void) {
        var edit = edit(of: id)
        body(&edit)
        edits[id] = edit.isEmpty ? nil : edit
        if !edit.isEmpty { everChanged.insert(id) }
    }
}

/// A point of a transaction that can be rolled back to, any number of times.
public struct Savepoint: Hashable, Sendable {
    /// Its number in the transaction, from 1.
    public let number: Int
    /// Its name; `sp` and the number if none was given.
    public let name: String
    /// When it was made.
    public let moment: Timestamp
    /// What was staged then.
    public fileprivate(set) var edits: [RecordID: RecordEdit]

    /// How many single changes were staged then.
    public var changeCount: Int { UnitOfWork.changeCount(edits) }
}

/// Where a rollback goes.
public enum RollbackTarget: Hashable, Sendable {
    /// To what was loaded.
    case base
    /// To a savepoint, by its number.
    case savepoint(Int)
}

extension UnitOfWork {
    /// Makes a savepoint of what is staged now; costs nothing until the next edit, then the size of the edits.
    @discardableResult
    public mutating func setSavepoint(named name: String?, at moment: Timestamp) -> Savepoint {
        savepointsMade += 1
        let savepoint = Savepoint(
            number: savepointsMade, name: name ?? "sp\(savepointsMade)", moment: moment, edits: edits)
        savepoints.append(savepoint)
        return savepoint
    }

    /// What was staged at a target; nil for a savepoint that is gone.
    public func edits(at target: RollbackTarget) -> [RecordID: RecordEdit]? {
        switch target {
        case .base: [:]
        case .savepoint(let number): savepoints.first { $0.number == number }?.edits
        }
    }

    /// Goes back to a target.
    ///
    /// Savepoints made after it end, the target itself stays. Returns whether it exists.
    @discardableResult
    public mutating func rollback(to target: RollbackTarget) -> Bool {
        guard let edits = edits(at: target) else { return false }
        self.edits = edits
        switch target {
        case .base: savepoints = []
        case .savepoint(let number): savepoints.removeAll { $0.number > number }
        }
        return true
    }

    /// Takes one place of a record back to what it was at a target, and leaves everything else, savepoints included.
    ///
    /// Returns whether the target exists.
    @discardableResult
    public mutating func rollback(to target: RollbackTarget, path: ValuePath, of id: RecordID) -> Bool {
        guard let edits = edits(at: target), let record = records[id] else { return false }
        let then = edits[id] ?? RecordEdit()
        guard !path.isEmpty else {
            self.edits[id] = then.isEmpty ? nil : then
            return true
        }
        set(record.node(then.tree).node(at: path)?.value, at: path, of: id)
        return true
    }

    /// Ends the transaction: drops what is staged and all savepoints, and keeps what was loaded.
    public mutating func end() {
        edits = [:]
        savepoints = []
        everChanged = []
        savepointsMade = 0
    }

    /// Drops what is staged for one record after it was written.
    public mutating func settle(_ id: RecordID) {
        edits[id] = nil
    }
}

extension UnitOfWork {
    /// What is staged at one moment, with the bases it is staged over.
    public struct Snapshot: Hashable, Sendable {
        fileprivate var edits: [RecordID: RecordEdit]
        fileprivate var savepoints: [Savepoint]
        fileprivate var bases: [RecordID: LoadedRecord]
    }

    /// A snapshot for undo; costs the number of changed records.
    public var snapshot: Snapshot {
        Snapshot(edits: edits, savepoints: savepoints, bases: records.filter { edits[$0.key] != nil })
    }

    /// Returns to a snapshot.
    ///
    /// Records loaded since stay, those that were changed then get the base they had.
    public mutating func restore(_ snapshot: Snapshot) {
        edits = snapshot.edits
        savepoints = snapshot.savepoints
        records.merge(snapshot.bases) { $1 }
    }
}
