/// A store that can write a batch so that nobody sees it before it is made final: a database with transactions.
///
/// In a commit over several stores it goes before those whose writes stand at once.
public protocol UndoableStore: SessionStore {
    /// Checks all conditions and writes a batch in a transaction of the store, which no other reader sees yet.
    ///
    /// If a condition fails, the report of the batch says which, and the transaction has ended with nothing written. Other
    /// writers of the store wait until the batch is made final or taken back. Throws with nothing written: `limitReached` for a container that
    /// would hold too many sessions, `busy` while another program holds the store, `constraint` for a rule of its own. One round trip.
    func prepare(_ writes: [RecordWrite], limits: [SessionLimit]) async throws(StoreError) -> any PreparedBatch
}

/// Writes that a store holds back until they are made final.
public protocol PreparedBatch: Sendable {
    /// What each record is once the batch is final.
    var report: CommitReport { get }

    /// Makes sure that nothing but the storage itself can still fail; what the store checks at the end of a transaction
    /// is checked here. Throws `constraint` where a rule is broken.
    func confirm() async throws(StoreError)

    /// Makes the batch final; what this throws, such as for a full disk, leaves nothing written. One round trip.
    func finish() async throws(StoreError)

    /// Takes the batch back; does nothing once it is final or taken back.
    func rollBack() async
}
