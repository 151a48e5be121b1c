import SessionCore
import Testing

/// What is said of a transaction, and whose it is.
@Suite struct TransactionNoteTests {
    @Test func `a new transaction is open, not doomed, and has neither notes nor a user`() throws {
        let transaction = try Transaction.sample()
        #expect(transaction.isOpen && !transaction.isDoomed && !transaction.hasEnded)
        #expect(transaction.notes.isEmpty && transaction.user == nil)
    }

    @Test func `notes are kept in order`() throws {
        let transaction = try Transaction.sample()
        try transaction.note("This is a note.")
        #expect(transaction.notes == ["This is a note."])
        try transaction.note("Another.")
        #expect(transaction.notes == ["This is a note.", "Another."])
    }

    @Test(arguments: [
        (" a  b ", ["a  b"]), ("\n\ttwo\nlines\r\n", ["two\nlines"]), ("", []), (" \n\t\r\n\u{2003}", []), ("x", ["x"]),
        ("\u{A0}cafe\u{301} ", ["cafe\u{301}"]),
    ])
    func `blanks around a note are left out, and a blank note says nothing`(text: String, kept: [String]) throws {
        let transaction = try Transaction.sample()
        try transaction.note(text)
        #expect(transaction.notes == kept)
    }

    @Test func `the user is the one last set`() throws {
        let transaction = try Transaction.sample()
        try transaction.setUser("ada")
        try transaction.setUser("/bedrock fred")
        #expect(transaction.user == "/bedrock fred")
    }

    @Test func `notes and user can be read when it is over, and no longer be set`() async throws {
        for isCommit in [true, false] {
            let transaction = try Transaction.sample()
            try transaction.note("what was done")
            try transaction.setUser("ada")
            if isCommit { try await transaction.commit() } else { try await transaction.abort() }
            #expect(transaction.notes == ["what was done"] && transaction.user == "ada")
            #expect(throws: TransactionError.ended) { try transaction.note("too late") }
            #expect(throws: TransactionError.ended) { try transaction.note(" ") }
            #expect(throws: TransactionError.ended) { try transaction.setUser("bob") }
        }
    }

    @Test func `a rollback takes no note back`() throws {
        let transaction = try Transaction.sample()
        let savepoint = try transaction.savepoint()
        try transaction.note("said")
        try savepoint.rollback()
        #expect(transaction.notes == ["said"])
    }
}
