internal import Glibc
internal import SessionCommands
internal import SessionCore
internal import SessionJournal

/// The user's journal: `$XDG_STATE_HOME/tidemark/journal.sqlite3`.
enum Journal {
    /// Opens it; nil where the user wants none, or where there is nobody whose it could be.
    static func open(isWanted: Bool, clock: any WallClock) throws(CommandFailure) -> SessionJournal? {
        guard isWanted, let path else { return nil }
        do throws(JournalError) {
            return try SessionJournal(path: path, owner: .current, clock: clock)
        } catch { throw CommandFailure(.failed, error.description) }
    }

    private static var path: String? {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let folder = variable("XDG_STATE_HOME") ?? variable("HOME").map { $0 + "/.local/state" }
        return folder.map { $0 + "/tidemark/journal.sqlite3" }
    }
}
