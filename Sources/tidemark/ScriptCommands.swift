internal import ArgumentParser
internal import SessionCommands
internal import SessionCore

/// A store opened for commands.
struct ScriptSession {
    var workspace: Workspace
    let executor: Executor

    /// Opens a store; throws why it cannot be.
    init(store: String, opening: StoreOpening, journal: (any TransactionJournal)? = nil) async throws(CommandFailure) {
        let catalog = opening.configuration.catalog
        workspace = Workspace(catalog: catalog)
        workspace.confirmedNames = opening.confirmedNames
        let runner = Runner(catalog: catalog, clock: opening.clock, journal: journal, files: OutputFile.make) {
            address async throws(CommandFailure) in
            try await opening.open(address)
        }
        executor = Executor(runner: runner, clock: opening.clock)
        _ = try await run(.attach(address: store, name: nil))
    }

    /// Runs a command to its end and returns its lines.
    mutating func run(_ command: Command) async throws(CommandFailure) -> [String] {
        let reply = await executor.run(command, in: &workspace)
        if let failure = reply.failure { throw failure }
        return reply.lines
    }

    /// Runs a line to its end and returns its lines.
    mutating func run(line: String) async throws(CommandFailure) -> [String] {
        try await run(try Command(parsing: line))
    }
}

/// `tidemark run`: commands from a file or standard input.
struct RunScript: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run commands from a file, or from standard input as they come.",
        discussion:
            "Stops at the first command that fails, with its exit code. Blank lines and lines with # are skipped.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The store.") var store: String
    @Argument(help: "The file of commands; - for standard input.") var file = "-"

    func run() async throws {
        let lines =
            file == "-"
            ? nil : try InputFile.text(file).split(omittingEmptySubsequences: false, whereSeparator: \.endsLine)
        let opening = try options.opening()
        let journal = try options.journal(for: store, clock: opening.clock)
        var session = try await ScriptSession(store: store, opening: opening, journal: journal)
        var number = 0
        while let line = lines.map({ number < $0.count ? String($0[number]) : nil }) ?? readLine() {
            number += 1
            guard let first = line.first(where: { $0 != " " }), first != "#" else { continue }
            do throws(CommandFailure) {
                for text in try await session.run(line: line) { Output.data(text) }
            } catch {
                Output.failure(error, place: "\(file == "-" ? "" : "\(file) ")line \(number): ")
                throw ProgramEnd(error.status)
            }
        }
        if !session.workspace.work.isClean {
            Output.remark(
                "tidemark: \(Quantities.count(session.workspace.work.changeCount, "change")) not committed and dropped")
            throw ProgramEnd(.failed)
        }
        await session.executor.runner.close()
    }
}

/// `tidemark check`: replays transcripts.
struct CheckTranscripts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Replay transcripts and show the first difference of each.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The store.") var store: String
    @Argument(help: "The transcripts.") var files: [String]

    func run() async throws {
        var failed = 0
        for file in files {
            let transcript: Transcript
            do throws(CommandFailure) { transcript = try Transcript(parsing: try InputFile.text(file)) } catch {
                throw CommandFailure(error.status, "\(file): \(error.message)")
            }
            // What a transcript commits is no work of the user's.
            var session = try await ScriptSession(
                store: store, opening: try options.opening(allowsWriter: true), journal: MemoryJournal())
            if let difference = await session.executor.check(transcript, in: &session.workspace) {
                failed += 1
                Output.data("FAILED \(file)")
                for line in difference.lines { Output.data("  \(line)") }
            } else {
                Output.data("ok \(file), \(Quantities.count(transcript.steps.count, "command"))")
            }
            await session.executor.runner.close()
        }
        if failed > 0 { throw ProgramEnd(.failed) }
    }
}
