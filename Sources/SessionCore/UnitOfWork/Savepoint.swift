/// A point of a transaction that can be rolled back to, any number of times.
public struct Savepoint: Hashable, Sendable {
    /// Its number in the transaction, from 1.
    public let number: Int
    /// Its name; `sp` and the number if none was given.
    public let name: String
    /// When it was made.
    public let moment: Timestamp
    /// What was staged then.
    public internal(set) var staged: StagedChanges

    /// How many single changes were staged then.
    public var changeCount: Int { staged.changeCount }
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
            number: savepointsMade, name: name ?? "sp\(savepointsMade)", moment: moment, staged: staged)
        savepoints.append(savepoint)
        return savepoint
    }

    /// What is staged now.
    public var staged: StagedChanges { StagedChanges(edits: edits, records: records) }

    /// What was staged at a target; nil for a savepoint that is gone.
    public func staged(at target: RollbackTarget) -> StagedChanges? {
        switch target {
        case .base: StagedChanges.none
        case .savepoint(let number): savepoints.first { $0.number == number }?.staged
        }
    }

    /// Goes back to a target.
    ///
    /// Savepoints made after it end, the target itself stays. Returns whether it exists.
    @discardableResult
    public mutating func rollback(to target: RollbackTarget) -> Bool {
        guard let staged = staged(at: target) else { return false }
        restage(staged)
        switch target {
        case .base: savepoints = []
        case .savepoint(let number): savepoints.removeAll { $0.number > number }
        }
        return true
    }

    /// Stages just what was staged at some moment, over the bases it was staged over.
    mutating func restage(_ staged: StagedChanges) {
        edits = staged.edits
        records.merge(staged.bases) { $1 }
    }

    /// Takes one place of a record back to what it was at a target, and leaves everything else, savepoints included.
    ///
    /// Returns whether the target exists.
    @discardableResult
    public mutating func rollback(to target: RollbackTarget, path: ValuePath, of id: RecordID) -> Bool {
        guard let staged = staged(at: target), let record = records[id] else { return false }
        guard !path.isEmpty else {
            let then = staged.edit(of: id)
            edits[id] = then.isEmpty ? nil : then
            records.merge(staged.bases.filter { $0.key == id }) { $1 }
            return true
        }
        set(staged.node(of: record).node(at: path)?.value, at: path, of: id)
        return true
    }

    /// Ends the transaction: drops what is staged and all savepoints, and keeps what was loaded.
    public mutating func end() {
        edits = [:]
        savepoints = []
        everChanged = []
        savepointsMade = 0
    }
}

extension UnitOfWork {
    /// What is staged at one moment, and the savepoints there were.
    public struct Snapshot: Hashable, Sendable {
        fileprivate var staged: StagedChanges
        fileprivate var savepoints: [Savepoint]
    }

    /// A snapshot for undo; costs the number of changed records.
    public var snapshot: Snapshot {
        Snapshot(staged: staged, savepoints: savepoints)
    }

    /// Returns to a snapshot.
    ///
    /// Records loaded since stay, those that were changed then get the base they had.
    public mutating func restore(_ snapshot: Snapshot) {
        edits = snapshot.staged.edits
        savepoints = snapshot.savepoints
        // The snapshot may be of a transaction whose end started the numbers anew.
        savepointsMade = max(savepointsMade, snapshot.savepoints.last?.number ?? 0)
        records.merge(snapshot.staged.bases) { $1 }
    }
}
