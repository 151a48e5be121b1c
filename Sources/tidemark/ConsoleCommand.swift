public import ArgumentParser
internal import CellGrid
internal import Console
internal import ConsoleRuntime
public import CursesTerminal
internal import Glibc
internal import SessionCommands
internal import SessionCore
internal import SessionJournal

/// What the console takes.
struct ScreenOptions: ParsableArguments {
    @Option(help: "When to use colours: auto, always or never. NO_COLOR is honoured.")
    var color = ColorChoice.auto

    @Option(help: "The colours: dark, light, mono or highContrast.")
    var theme = Theme.dark

    @Flag(help: "Draw borders in ASCII.")
    var ascii = false

    @Flag(help: "Do not offer the tour of the demo.")
    var noTour = false

    @Flag(help: "Read keys from --keys, draw no screen, and print the last one.")
    var headless = false

    @Option(help: "The size of the headless screen.")
    var size = "100x30"

    @Option(help: "The file of keys, one key name, type TEXT or resize WxH a line; - for standard input.")
    var keys: String?

    func validate() throws {
        if GridSize(parsing: size) == nil { throw ValidationError("--size takes WxH, as in 100x30") }
        if keys != nil, !headless { throw ValidationError("--keys works with --headless") }
    }
}

extension ColorChoice: ExpressibleByArgument {}
extension Theme: ExpressibleByArgument {}

/// `tidemark [STORE]`: the console.
struct OpenConsole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Open the console; the command when none is named.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var screen: ScreenOptions
    @Argument(help: "The store to open; the demo if there is none.") var store = "demo:"

    func run() async throws {
        guard options.confirmedNames.isEmpty else {
            throw CommandFailure(.usage, "--confirm is for scripts; the console asks for the name with each commit")
        }
        if try Configuration(file: options.config).stores[store] == nil { _ = try StoreAddress(parsing: store) }
        try await ConsoleCommand(store: store, options: options, screen: screen).run()
    }
}

/// Opens the console, on the terminal or headless.
@MainActor
struct ConsoleCommand {
    let store: String
    let options: StoreOptions
    let screen: ScreenOptions

    func run() async throws {
        let opening = try options.opening()
        let clock = opening.clock
        let catalog = opening.configuration.catalog
        let journal = try options.journal(for: store, clock: clock)
        let runner = Runner(catalog: catalog, clock: clock, journal: journal, files: OutputFile.make) {
            address async throws(CommandFailure) in
            try await opening.open(address)
        }
        var workspace = Workspace(catalog: catalog)
        workspace.keepsDrafts = journal != nil
        let tour = store == "demo:" && !screen.noTour ? Demo.tour : nil
        if screen.headless {
            let terminal = HeadlessTerminal(
                size: GridSize(parsing: screen.size) ?? GridSize(columns: 100, rows: 30), script: try script())
            let model = Model(size: terminal.size, workspace: workspace, tour: tour, now: clock.now())
            await ConsoleRuntime(model: model, runner: runner, clock: clock, terminal: terminal).run(address: store)
            for line in terminal.screen.lines { Output.data(line) }
            return
        }
        let noColor = getenv("NO_COLOR").map { String(cString: $0) }
        let terminal: CursesTerminal
        do throws(TerminalError) {
            terminal = try CursesTerminal.open(
                theme: screen.theme.honouring(screen.color, noColor: noColor), ascii: screen.ascii ? true : nil)
        } catch {
            throw CommandFailure(.usage, error.description)
        }
        let model = Model(size: terminal.size, workspace: workspace, tour: tour, now: clock.now())
        let hasQuit = await ConsoleRuntime(model: model, runner: runner, clock: clock, terminal: terminal)
            .run(address: store)
        if let signal = terminal.endingSignal { throw ProgramEnd(signal: signal) }
        // Whoever quits has been asked whether the edits may be lost; who is hung up on has not.
        if hasQuit { try? await journal?.keep(nil) }
    }

    private func script() throws -> [InputEvent] {
        guard let keys = screen.keys else { return [] }
        let text = try InputFile.text(keys)
        do throws(KeyScriptError) { return try KeyScript.parse(text) } catch {
            throw CommandFailure(.usage, "\(keys): \(error)")
        }
    }
}
