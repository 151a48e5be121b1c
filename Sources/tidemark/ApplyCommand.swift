internal import ArgumentParser
internal import SessionCommands
internal import SessionCore

/// `tidemark apply`: commits a plan that was written to a file.
struct ApplyPlan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Commit a plan that `commit --plan FILE` wrote.",
        discussion: """
            Every record must still be what the plan was made over, else nothing is written, and the exit code is 4. The stores are those that \
            the plan names; --dry-run shows what would be written.
            """)

    @OptionGroup var options: StoreOptions
    @Flag(name: .customLong("dry-run"), help: "Look, show the plan, and write nothing.") var isDryRun = false
    @Argument(help: "The plan; - for standard input.") var file: String

    func run() async throws {
        let steps = try PlanFile.steps(try InputFile.text(file))
        var opening = try options.opening()
        opening.isReadOnly = opening.isReadOnly || isDryRun
        let addresses = steps.stores
        guard let first = addresses.first else {
            Output.data("the plan is empty; nothing to write")
            return
        }
        let journal = isDryRun ? nil : try options.journal(for: first, clock: opening.clock)
        var session = try await ScriptSession(store: first, opening: opening, journal: journal)
        for address in addresses.dropFirst() { _ = try await session.run(.attach(address: address, name: nil)) }
        let begun = session.workspace.apply(steps, isDryRun: isDryRun, now: opening.clock.now())
        let reply = await session.executor.finish(begun, in: &session.workspace)
        for line in reply.lines { Output.data(line) }
        await session.executor.runner.close()
        if let failure = reply.failure { throw failure }
    }
}
