internal import ArgumentParser
internal import OrderedCollections
internal import SessionCommands
internal import SessionCore

/// `tidemark ls`: containers, or the sessions of one.
struct ListStore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List containers, or the sessions of a container.")

    @OptionGroup var options: StoreOptions
    @Flag(help: "Print one JSON object a line.") var json = false
    @Argument(help: "The store.") var store: String
    @Argument(help: "The container.") var container: String?

    func run() async throws {
        var session = try await ScriptSession(store: store, opening: try options.opening())
        let containers = try await session.run(.containers)
        if let container {
            _ = try await session.run(.use(container: container, options: ContainerOptions()))
            if json { printSessions(session.workspace) } else { try await printLines(&session) }
        } else if json {
            printContainers(session.workspace)
        } else {
            for line in containers { Output.data(line) }
        }
        await session.executor.runner.close()
    }

    private func printLines(_ session: inout ScriptSession) async throws {
        for line in try await session.run(.sessions(glob: nil)) { Output.data(line) }
    }

    private func printContainers(_ workspace: Workspace) {
        guard let index = workspace.store?.index else { return }
        for (id, container) in index.containers.elements.sorted(by: { $0.key.title < $1.key.title }) {
            let line: SessionValue = [
                "container": .string(id.title), "profile": .string(id.profile),
                "sessions": .integer(container.rows.count), "bytes": .integer(container.bytes),
            ]
            Output.data(Notation.text(of: line))
        }
    }

    private func printSessions(_ workspace: Workspace) {
        guard let index = workspace.store?.index, let container = workspace.currentContainer else { return }
        for number in index.sortedRows(of: container) {
            let row = index.row(number, of: container)
            let expires: SessionValue =
                if case .at(let moment) = row.expiry { .integer(Int(moment.seconds)) } else { .null }
            let line: SessionValue = [
                "session": .string(row.session.title), "container": .string(container.title),
                "bytes": .integer(Int(row.size)), "expires": expires,
            ]
            Output.data(Notation.text(of: line))
        }
    }
}

/// `tidemark show`: one session as a value.
struct ShowSession: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a session as a value; what is printed, set accepts.")

    @OptionGroup var options: StoreOptions
    @Flag(help: "Print it as JSON on one line; what JSON cannot say is tagged, as in {\"$bytes\": \"a\"}.") var json =
        false
    @Argument(help: "The store.") var store: String
    @Argument(help: "The container; (other) for keys without a colon.") var container: String
    @Argument(help: "The session's id.") var id: String

    func run() async throws {
        var session = try await ScriptSession(store: store, opening: try options.opening())
        _ = try await session.run(.containers)
        _ = try await session.run(.use(container: container, options: ContainerOptions()))
        let lines = try await session.run(.open(id: id, packages: []))
        guard let open = session.workspace.session, let record = open.parts.first?.record,
            session.workspace.work.records[record]?.stored != nil
        else {
            throw CommandFailure(
                .notFound,
                "no session \(PrintableText.escaping(id)) in \(PrintableText.escaping(container)); tidemark ls \(store) \(container) lists them"
            )
        }
        for line in lines { Output.remark(line) }
        let value = session.workspace.work.node(of: record)?.value ?? .null
        Output.data(json ? TaggedJSON.text(of: value) : Notation.indentedText(of: value))
        await session.executor.runner.close()
    }
}
