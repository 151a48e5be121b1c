internal import ArgumentParser
internal import Glibc
internal import SessionCommands
internal import SessionCore

/// The program: the console, and the same operations as commands for scripts.
@main
struct Tidemark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tidemark",
        abstract: "Browse, edit and commit the sessions that web frameworks keep in memcached and SQLite.",
        discussion: """
            STORE is host:port, memcached://host:port, unix:///path, sqlite:///path, memory: (empty) or demo: (made-up sessions in \
            memory, also without any STORE), or a name from the config file. `tidemark STORE` opens the console; its options are those of `tidemark console --help`.
            """,
        version: "0.1.0",
        subcommands: [
            OpenConsole.self, RunScript.self, CheckTranscripts.self, ListStore.self, ShowSession.self,
            CopyStore.self, ApplyPlan.self, ShowHistory.self, DecodePayload.self, Identity.self,
            CheckConfiguration.self,
            PrintManual.self,
        ],
        defaultSubcommand: OpenConsole.self)

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Output.failure(failure)
            Glibc.exit(Int32(failure.status.rawValue))
        } catch let failure as JournalError {
            Output.failure(CommandFailure(.failed, failure.description))
            Glibc.exit(Int32(ExitStatus.failed.rawValue))
        } catch let status as ProgramEnd {
            Glibc.exit(status.code)
        } catch {
            let code = exitCode(for: error)
            if code == .success {
                Output.data(fullMessage(for: error))
            } else {
                Output.remark("tidemark: \(message(for: error)); tidemark --help says how it is used")
            }
            Glibc.exit(code == .success ? 0 : Int32(ExitStatus.usage.rawValue))
        }
    }
}

/// The program ends with a code; everything was said.
struct ProgramEnd: Error {
    var code: Int32

    init(_ status: ExitStatus) { code = Int32(status.rawValue) }

    init(signal: Int32) { code = 128 + signal }
}

/// What every command that opens a store takes.
struct StoreOptions: ParsableArguments {
    @Flag(name: .customLong("read-only"), help: "Refuse every write, below all commands.")
    var isReadOnly = false

    @Option(help: "Seconds to wait for a connection and for each answer.")
    var timeout: Double?

    @Option(
        name: .customLong("confirm"),
        help: "For scripts: the name of a store of the config file that wants it with every commit.")
    var confirmedNames: [String] = []

    @Flag(name: .customLong("no-journal"), help: "Keep no draft of what is staged, and no history of commits.")
    var hasNoJournal = false

    @Option(help: "The config file; else the user's own, where there is one.")
    var config: String?

    func validate() throws {
        if let timeout, !(0.01...3600).contains(timeout) {
            throw ValidationError("--timeout takes seconds from 0.01 to 3600")
        }
    }

    /// The journal for a run that begins on a store; none where nothing can be written, or there is no place for it.
    func journal(for store: String, clock: any WallClock) throws(CommandFailure) -> ProgramJournal? {
        if hasNoJournal || isReadOnly { return nil }
        if ProgramJournal.isInMemory(store) { return ProgramJournal(file: nil, clock: clock) }
        do throws(JournalError) {
            return try ProgramJournal.openFile(clock: clock).map { ProgramJournal(file: $0, clock: clock) }
        } catch { throw CommandFailure(.failed, error.description) }
    }

    /// How stores are opened with these options.
    func opening(allowsWriter: Bool = false) throws(CommandFailure) -> StoreOpening {
        StoreOpening(
            isReadOnly: isReadOnly, allowsWriter: allowsWriter, confirmedNames: Set(confirmedNames),
            timeout: timeout.map { Int64($0 * 1000) },
            configuration: try Configuration(file: config))
    }
}
