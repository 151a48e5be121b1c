internal import ArgumentParser
internal import Glibc
internal import SessionCommands
internal import SessionCore

/// `tidemark copy`: sessions from one store to another.
struct CopyStore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copy the sessions of a store to another, and compare those that are in both.",
        discussion: """
            Records keep key, payload, client flags and what is left of their life. What the target has already is not \
            written; run a copy that was broken off again, and it goes on. What is another in the target stays, is listed as \
            `differs KEY` and makes the exit code 4, unless --replace is given. What the target does not take is listed as \
            `refused KEY: reason`, and makes the exit code 5.
            """)

    @OptionGroup var options: StoreOptions
    @Option(name: .customLong("container"), help: "Copy this container only; may be given several times.")
    var containers: [String] = []
    @Flag(name: .customLong("dry-run"), help: "Compare, and write nothing.") var isDryRun = false
    @Flag(help: "Write over what is another in the target, unless it changes meanwhile.") var replace = false
    @Argument(help: "The store to read.") var from: String
    @Argument(help: "The store to write.") var to: String

    func run() async throws {
        var opening = try options.opening()
        let isReadOnly = opening.isReadOnly
        opening.isReadOnly = true
        let source = try await opening.open(from).store
        opening.isReadOnly = isReadOnly || isDryRun
        let opened = try await opening.open(to)
        if !isDryRun { try opened.mark?.check(opening.confirmedNames) }
        let target = opened.store
        let copy = StoreCopy(
            from: source, to: target, catalog: opening.configuration.catalog, containers: Set(containers),
            replaces: replace, isDryRun: isDryRun, clock: opening.clock)
        let showsProgress = isatty(STDERR_FILENO) == 1
        let counts = try await copy.run { event in
            switch event {
            case .differs(let key, let reason): Output.data("differs \(key)\(reason.map { ": \($0)" } ?? "")")
            case .refused(let key, let reason): Output.data("refused \(key): \(reason)")
            case .progress(let counts): if showsProgress { Output.remark(Self.line(counts, isDryRun: isDryRun)) }
            }
        }
        await source.close()
        await target.close()
        Output.data(Self.line(counts, isDryRun: isDryRun))
        if counts.refused > 0 { throw ProgramEnd(.refused) }
        if counts.differing > 0 { throw ProgramEnd(.conflict) }
    }

    private static func line(_ counts: StoreCopy.Counts, isDryRun: Bool) -> String {
        let would = isDryRun ? "would be " : ""
        let parts = [
            (counts.added, "\(would)copied"), (counts.replaced, "\(would)replaced"), (counts.same, "the same"),
            (counts.differing, "differing"), (counts.refused, "refused"), (counts.gone, "gone meanwhile"),
            (counts.leftOut, "left out"),
        ]
        return parts.filter { $0.0 > 0 || $0.1.hasSuffix("copied") }
            .map { "\(Quantities.count($0.0)) \($0.1)" }.joined(separator: ", ")
    }
}
