public import SessionCore

/// A session as operations name it.
public enum ModelSessionName: Hashable, Sendable {
    /// By its id: one of the alphabet, behind those the ids that sessions got when they first held something.
    case id(container: Int, Int)
    /// The one that the transaction made as the n-th.
    case made(Int)
}

/// One thing done to a session inside an update.
public enum ModelChange: Hashable, Sendable {
    /// A key is set.
    case set(package: String, key: String, SessionValue)
    /// A key is removed; an error if there is none.
    case remove(package: String, key: String)
    /// A package is removed.
    case removePackage(String)
    /// All keys of a package are removed.
    case empty(String)
    /// Everything is removed.
    case clear
}

/// What is read of a session.
public enum ModelReading: Hashable, Sendable {
    /// The value at a pointer.
    case value([String])
    /// Whether there is a value at a pointer.
    case contains([String])
    /// A key of a package.
    case key(package: String, key: String)
    /// How many keys a package has.
    case count(String)
    /// The names of the packages.
    case packages
}

/// One step of a sequence.
///
/// What it names may not be there: then nothing happens, so that a sequence that lost some of its steps can still be
/// run.
public enum ModelOperation: Hashable, Sendable {
    /// A transaction begins; the one before is left as it is.
    case begin
    /// A session is looked up by its id.
    case open(container: Int, Int, packages: [String])
    /// All ids of the alphabet are looked up at once.
    case openAll(container: Int, packages: [String])
    /// A session is looked up, and not made.
    case openIfThere(container: Int, Int, packages: [String])
    /// A session is looked up by an id that a client sent.
    case load(container: Int, Int, packages: [String])
    /// A session is made.
    case create(container: Int)
    /// A session is ended by its id.
    case invalidate(container: Int, Int, packages: [String])
    /// Changes that are made together or not at all.
    case update(ModelSessionName, [ModelChange])
    /// The value at a pointer is set.
    case set(ModelSessionName, [String], SessionValue)
    /// The value at a pointer is removed.
    case remove(ModelSessionName, [String])
    /// The value at a pointer is set back to what was loaded, removed if there was none.
    case setBack(ModelSessionName, [String])
    /// `clear`
    case clear(ModelSessionName)
    /// `destroy`
    case destroy(ModelSessionName)
    /// `revert`
    case revert(ModelSessionName)
    /// `store`
    case store(ModelSessionName)
    /// Everything goes to another id of the same container.
    case move(ModelSessionName, to: Int)
    /// Everything goes to a new id.
    case regenerate(ModelSessionName)
    /// Something is read.
    case read(ModelSessionName, ModelReading)
    /// A savepoint is made.
    case savepoint
    /// The n-th savepoint of the transaction is rolled back to, valid or not.
    case rollback(Int)
    /// `commit`
    case commit(ConflictRule)
    /// `abort`
    case abort
    /// Time passes.
    case advance(milliseconds: Int64)
    /// Another writer sets the value at a pointer of a record.
    case otherSet(container: Int, Int, part: String, [String], SessionValue, OtherLife)
    /// Another writer removes the value at a pointer of a record.
    case otherRemove(container: Int, Int, part: String, [String])
    /// Another writer deletes a record.
    case otherDestroy(container: Int, Int, part: String)
}

/// How long a record lives that another writer wrote.
public enum OtherLife: Hashable, Sendable {
    /// As one of the container's own.
    case usual
    /// Shorter than any of the container's own.
    case short
    /// For ever.
    case endless
}
