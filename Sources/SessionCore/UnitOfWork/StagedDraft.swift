/// What is staged in a unit of work, in a form that can be kept elsewhere and taken up again.
public struct StagedDraft: Codable, Hashable, Sendable {
    /// What a record was when it was edited.
    public struct Base: Codable, Hashable, Sendable {
        /// The record's place.
        public var id: RecordID
        /// The record as it was loaded; nil if there was none.
        public var stored: StoredRecord?
        /// The record as it was before it was gone, where it is made anew.
        public var template: StoredRecord?
        /// Whether it needs a life before it can be written.
        public var needsLifetime: Bool

        /// The base as the unit of work has it.
        init(_ record: LoadedRecord) {
            id = record.id
            stored = record.stored
            template = record.template
            needsLifetime = record.needsLifetime
        }
    }

    /// What is staged for one record.
    struct Entry: Codable, Hashable, Sendable {
        /// The position of its base.
        var base: Int
        var edit: RecordEdit
    }

    struct Mark: Codable, Hashable, Sendable {
        var number: Int
        var name: String
        var moment: Timestamp
        var entries: [Entry]
    }

    /// The bases of everything staged, now and at the savepoints.
    public private(set) var bases: [Base] = []
    private(set) var entries: [Entry] = []
    private(set) var savepoints: [Mark] = []

    /// What is staged in a unit of work.
    public init(of work: UnitOfWork) {
        entries = add(work.staged)
        savepoints = work.savepoints.map { savepoint in
            Mark(
                number: savepoint.number, name: savepoint.name, moment: savepoint.moment,
                entries: add(savepoint.staged))
        }
    }

    private mutating func add(_ staged: StagedChanges) -> [Entry] {
        staged.edits.sorted { $0.key < $1.key }.compactMap { id, edit in
            guard let base = staged.bases[id].map(Base.init) else { return nil }
            if let known = bases.firstIndex(of: base) { return Entry(base: known, edit: edit) }
            bases.append(base)
            return Entry(base: bases.count - 1, edit: edit)
        }
    }

    /// Gives the stores other names, where they are attached under others now.
    public mutating func renameStores(_ names: [String: String]) {
        for index in bases.indices { bases[index].id.store = names[bases[index].id.store] ?? bases[index].id.store }
    }

    /// Whether there is nothing to keep.
    public var isEmpty: Bool { entries.isEmpty && savepoints.isEmpty }

    /// How many single changes are staged.
    public var changeCount: Int { entries.reduce(0) { $0 + $1.edit.changeCount } }

    /// How many savepoints there are.
    public var savepointCount: Int { savepoints.count }
}

extension UnitOfWork {
    /// Takes up a draft in place of what is staged.
    ///
    /// What is edited gets the base it had, so the store is to be asked before a commit whether that is still so.
    ///
    /// - Parameters:
    ///   - draft: What was staged; a damaged one gives as much as is whole.
    ///   - load: Decodes a base; nil for one that nobody can read any more, whose edits are left out.
    public mutating func take(_ draft: StagedDraft, _ load: (StagedDraft.Base) -> LoadedRecord?) {
        let bases = draft.bases.map(load)
        func staged(_ entries: [StagedDraft.Entry]) -> StagedChanges {
            var edits: [RecordID: RecordEdit] = [:]
            var records: [RecordID: LoadedRecord] = [:]
            for entry in entries where bases.indices.contains(entry.base) {
                guard let base = bases[entry.base] else { continue }
                edits[base.id] = entry.edit
                records[base.id] = base
            }
            return StagedChanges(edits: edits, records: records)
        }
        for base in bases.compactMap({ $0 }) { records[base.id] = base }
        savepoints = draft.savepoints.map { mark in
            Savepoint(number: mark.number, name: mark.name, moment: mark.moment, staged: staged(mark.entries))
        }
        savepointsMade = max(savepointsMade, savepoints.last?.number ?? 0)
        restage(staged(draft.entries))
        everChanged.formUnion(edits.keys)
    }
}
