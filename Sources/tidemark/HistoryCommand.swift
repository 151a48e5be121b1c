internal import ArgumentParser
internal import SessionCommands
internal import SessionCore
internal import SessionJournal

/// `tidemark history`: the commits of the journal.
struct ShowHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List the commits of the journal, or show what one changed.",
        discussion: """
            Of a commit that was interrupted the stores are asked, and each record is said to be as before, as the commit writes it, or something \
            else. `undo-commit N` takes a commit back, in the console or in `tidemark run`.
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The commit's number.") var number: Int64?

    func run() async throws {
        let opening = try options.opening()
        guard !options.hasNoJournal, let journal = try ProgramJournal.openFile(clock: opening.clock) else {
            throw CommandFailure(.notFound, "there is no journal without HOME or XDG_STATE_HOME, or with --no-journal")
        }
        let catalog = opening.configuration.catalog
        let runner = Runner(catalog: catalog, clock: opening.clock, journal: journal) {
            address async throws(CommandFailure) in
            try await opening.open(address)
        }
        let executor = Executor(runner: runner, clock: opening.clock)
        var workspace = Workspace(catalog: catalog)
        for address in try await interruptedStores(journal) {
            if let failure = await executor.run(.attach(address: address, name: nil), in: &workspace).failure {
                throw failure
            }
        }
        let reply = await executor.run(.history(number), in: &workspace)
        for line in reply.lines { Output.data(line) }
        await runner.close()
        if let failure = reply.failure { throw failure }
    }

    /// The stores of a commit that only they can tell the end of.
    private func interruptedStores(_ journal: SessionJournal) async throws -> [String] {
        guard let number, let commit = try await journal.commit(number), !commit.hasEnded else { return [] }
        return commit.steps.stores
    }
}
