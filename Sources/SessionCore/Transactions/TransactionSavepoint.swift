/// A point of a transaction that can be rolled back to any number of times, until an earlier one is, or the transaction ends.
public final class TransactionSavepoint: Sendable {
    /// Its number in the transaction, from 1.
    public let number: Int
    /// The participants' parts by name; those that cannot do savepoints are in `unsupported`.
    private let parts: [String: any ParticipantSavepoint]
    private let unsupported: [String]
    private let transaction: Transaction

    init(
        number: Int, transaction: Transaction, parts: [String: any ParticipantSavepoint], unsupported: [String]
    ) {
        self.number = number
        self.transaction = transaction
        self.parts = parts
        self.unsupported = unsupported
    }

    /// Whether `rollback` is possible.
    public var isValid: Bool {
        unsupported.isEmpty && transaction.withState { (try? $0.checkRollback(to: number)) != nil }
    }

    /// Returns everything staged to what it was; later savepoints end, this one stays.
    ///
    /// Costs the number of edits, never the size of the sessions, and no round trip. Handles stay valid. Sessions opened
    /// since return to what was loaded. A participant that joined since returns to its state at joining; one that
    /// cannot do savepoints drops what it holds and leaves.
    ///
    /// - Throws: `savepointInvalid`; `savepointsUnsupported` if a participant that cannot do savepoints was there when
    ///   this one was made, and then nothing was rolled back; `ended`, `failed`, `committing`.
    public func rollback() throws(TransactionError) {
        if let name = unsupported.first { throw .savepointsUnsupported(name) }
        let joined = try transaction.withState { state throws(TransactionError) in
            try state.checkRollback(to: number)
            state.rollbacksUnderWay += 1
            return state.joined
        }
        defer { transaction.withState { $0.rollbacksUnderWay -= 1 } }
        var leaving: Set<String> = []
        for member in joined {
            let name = member.participant.name
            if let part = parts[name] ?? member.atJoining {
                do throws(ParticipantError) { try part.rollback() } catch {
                    // Some participants went back and some did not: nobody knows what a commit would write.
                    transaction.withState { $0.fail(.participant(error)) }
                    throw .participant(error)
                }
            } else {
                member.participant.discard()
                leaving.insert(name)
            }
        }
        transaction.withState { $0.rolledBack(to: number, leaving: leaving) }
    }
}
