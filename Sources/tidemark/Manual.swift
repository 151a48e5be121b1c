internal import ArgumentParser
internal import CellGrid
internal import Console
internal import SessionCommands

/// `tidemark manual`: the tables of keys, commands and exit codes, from the tables the program itself works by.
struct PrintManual: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the keys, the commands and the exit codes as Markdown tables.")

    @Argument(help: "keys, commands or exits.") var part: ManualPart

    func run() throws {
        for line in part.lines { Output.data(line) }
    }
}

/// One table of the manual.
enum ManualPart: String, ExpressibleByArgument, CaseIterable {
    case keys
    case commands
    case exits

    /// The table in Markdown.
    var lines: [String] {
        switch self {
        case .keys:
            ["| key | where | what |", "|---|---|---|"]
                + KeyTable.bindings.map { binding in
                    let names = binding.keys.map { "`\($0.name)`" }.joined(separator: " ")
                    let panes = binding.panes.map { $0.map { $0.title.lowercased() }.joined(separator: ", ") } ?? ""
                    return "| \(names) | \(panes) | \(binding.help) |"
                }
        case .commands:
            ["| command | what |", "|---|---|"]
                + CommandSyntax.all.map { syntax in
                    let usage = syntax.usage.replacing("|", with: "\\|")
                    return "| `\(usage)` | \(syntax.summary)\(syntax.detail.isEmpty ? "" : ". " + syntax.detail) |"
                }
        case .exits:
            ["| code | meaning |", "|---|---|"]
                + ExitStatus.allCases.map { "| \($0.rawValue) | \($0.meaning) |" }
        }
    }
}
