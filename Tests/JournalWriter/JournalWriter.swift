import Glibc
import SQLiteBackend
import SessionClock
import SessionCommands
import SessionCore
import SessionFormats
import SessionJournal

/// An operator who edits and commits without end, until somebody kills the program.
///
/// `journal-writer JOURNAL DATABASE FIRST [STEP]` sets a key to FIRST, FIRST + 1 and so on; it says `edit N` once the journal has an edit on disk, and
/// `done N` once the commit was acknowledged. With a step of the journal, such as `begin-after`, it dies there in its second round.
@main
enum JournalWriter {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let first = Int(arguments[3]) else { exit(2) }
        let clock = SystemClock()
        let base = try SessionJournal(path: arguments[1], owner: .current, clock: clock)
        let journal: any TransactionJournal =
            arguments.count == 4 ? base : DyingJournal(base, at: arguments[4])
        let address = SQLiteAddress(path: arguments[2], mode: .create)
        let catalog = ProfileCatalog(FrameworkProfiles.all, last: PlainProfile(), fallback: HexFormat())
        let runner = Runner(catalog: catalog, clock: clock, journal: journal) { _ throws(CommandFailure) in
            do throws(StoreError) {
                return OpenedStore(
                    store: try await SQLiteStore.open(address, clock: clock), allowsWriter: false, isReadOnly: false)
            } catch { throw CommandFailure(.failed, error.description) }
        }
        let executor = Executor(runner: runner, clock: clock)
        var workspace = Workspace(catalog: catalog)
        workspace.keepsDrafts = true
        for line in ["attach database", "use shop tidemark", "open counter"] {
            if let failure = await executor.run(line: line, in: &workspace).failure { fail(failure) }
        }
        for number in first... {
            for (line, word) in [("set /n \(number)", "edit"), ("commit", "done")] {
                if let failure = await executor.run(line: line, in: &workspace).failure { fail(failure) }
                if word == "edit", let trouble = workspace.journalTrouble { fail(CommandFailure(.failed, trouble)) }
                say("\(word) \(number)\n")
            }
        }
    }

    private static func say(_ text: String) {
        let bytes = Array(text.utf8)
        guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { exit(1) }
    }

    private static func fail(_ failure: CommandFailure) -> Never {
        say("failed \(failure.message)\n")
        exit(1)
    }
}
