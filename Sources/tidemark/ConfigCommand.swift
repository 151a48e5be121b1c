internal import ArgumentParser
internal import SessionCommands
internal import SessionCore
internal import SessionFormats

/// `tidemark config check`: whether the config file says what its writer meant.
struct CheckConfiguration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the config file, and say what it sets.",
        discussion: "The file is $XDG_CONFIG_HOME/tidemark/config.toml, or ~/.config/tidemark/config.toml.")

    /// What can be done with the file.
    enum Task: String, ExpressibleByArgument {
        case check
    }

    @Option(help: "The config file.") var config: String?
    @Argument(help: "check") var task: Task

    func run() throws {
        let configuration = try Configuration(file: config)
        guard let file = configuration.file else {
            Output.remark("no config file; nothing is configured")
            return
        }
        Output.remark("\(file): right")
        for (name, store) in configuration.stores.sorted(by: { $0.key < $1.key }) {
            let environment = store.mark.environment.map { ", \(PrintableText.escaping($0))" } ?? ""
            let confirmation = store.mark.wantsName ? ", wants its name with each commit" : ""
            Output.data(
                "store \(name): \(store.url)\(environment)\(store.isReadOnly ? ", read-only" : "")\(confirmation)")
        }
        for profile in configuration.profiles {
            let formats = profile.formats.map(\.name).joined(separator: ", ")
            Output.data("profile \(profile.name): \(formats), flags \(profile.newRecord.flags)")
        }
    }
}
