internal import GRDB
internal import SessionCore

/// SQLite's errors as those of a store.
struct DatabaseFailure {
    /// The store's address.
    let store: String
    /// How long a lock is waited for, in milliseconds.
    let timeout: Int64

    /// The error of a request that waited too long for another one of the same store.
    var ownWriter: StoreError {
        StoreError(
            .busy, store: store,
            detail: "another commit of this program was not done after \(timeout) ms; nothing was written. Try again.")
    }

    /// The error of a store that says what an error of SQLite, GRDB or a task means.
    func storeError(_ error: any Error, writing: Bool) -> StoreError {
        switch error {
        case let error as StoreError: error
        case let error as DatabaseError: storeError(error, writing: writing)
        case let error as ForeignValue:
            StoreError(
                .unreadable, store: store,
                detail: "a row of the table \(PrintableText.escaping(error.table)) holds \(error.found) in its column "
                    + "\(error.column), where \(error.expected) belongs\(writing ? "; nothing was written" : ""). "
                    + "Look at the row with sqlite3.")
        case is CancellationError:
            StoreError(
                .cancelled, store: store, detail: "the request was given up\(writing ? "; nothing was written" : "").")
        default: StoreError(.serverFailure, store: store, detail: "\(error)\(writing ? "; nothing was written" : "")")
        }
    }

    private func storeError(_ error: DatabaseError, writing: Bool) -> StoreError {
        let words = error.message ?? "\(error.resultCode)"
        let nothing = writing ? "; nothing was written" : ""
        let (code, detail): (StoreError.Code, String) =
            switch error.resultCode.primaryResultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                (
                    .busy,
                    "another program has locked the database, and did not let go for \(timeout) ms\(nothing). Try again, or see "
                        + "which program keeps a transaction open."
                )
            case .SQLITE_INTERRUPT, .SQLITE_ABORT: (.cancelled, "the request was given up\(nothing).")
            case .SQLITE_READONLY:
                (.readOnly, "the file cannot be written\(nothing). See its rights and those of its folder.")
            case .SQLITE_NOTADB: (.unreadable, "the file is no SQLite database, or an encrypted one\(nothing).")
            case .SQLITE_CORRUPT:
                (
                    .unreadable,
                    "the database is damaged (\(words))\(nothing). Look at a copy of it with sqlite3 and PRAGMA integrity_check."
                )
            case .SQLITE_CONSTRAINT: (.constraint, "\(constraint(error, words))\(nothing).")
            case .SQLITE_FULL: (.serverFailure, "the disk is full\(nothing).")
            case .SQLITE_TOOBIG: (.tooLarge, "the record is larger than SQLite takes\(nothing). Make it smaller.")
            case .SQLITE_CANTOPEN:
                (
                    .unreachable,
                    "the file cannot be opened (\(words))\(nothing). See its rights and those of its folder."
                )
            default: (.serverFailure, "SQLite says: \(words) (\(error.extendedResultCode.rawValue))\(nothing).")
            }
        return StoreError(code, store: store, detail: detail)
    }

    private func constraint(_ error: DatabaseError, _ words: String) -> String {
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_NOTNULL: "a column that takes no null would get one (\(words))"
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: "another row has that value already (\(words))"
        case .SQLITE_CONSTRAINT_CHECK: "the table's own check forbids it (\(words))"
        case .SQLITE_CONSTRAINT_FOREIGNKEY: "a column refers to a row of another table that is not there (\(words))"
        case .SQLITE_CONSTRAINT_TRIGGER: "a trigger of the database forbids it (\(words))"
        default: words
        }
    }
}
