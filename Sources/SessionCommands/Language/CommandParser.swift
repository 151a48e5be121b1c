public import SessionCore

extension Command {
    /// Reads one line.
    ///
    /// Words are parted by blanks; a word in double quotes may hold them, `""` is the empty pointer.
    public init(parsing line: String) throws(CommandFailure) {
        var words = CommandWords(line)
        guard let name = try words.next() else { throw CommandFailure(.usage, "no command; help lists them") }
        guard let syntax = CommandSyntax.named(name) else {
            throw CommandFailure(.usage, "no command \(PrintableText.escaping(name)); help lists the commands")
        }
        self = try Self.parse(syntax, &words)
        if let extra = try words.next() {
            throw CommandFailure(
                .usage, "\(name): \(PrintableText.escaping(extra)) is one word too many; usage: \(syntax.usage)")
        }
    }

    private static func parse(_ syntax: CommandSyntax, _ words: inout CommandWords) throws(CommandFailure) -> Command {
        func required(_ what: String, _ words: inout CommandWords) throws(CommandFailure) -> String {
            guard let word = try words.next() else {
                throw CommandFailure(.usage, "\(syntax.name): \(what) is missing; usage: \(syntax.usage)")
            }
            return word
        }
        switch syntax.name {
        case "attach":
            let address = try required("the store", &words)
            if let word = try words.next() {
                guard word.lowercased() == "as" else {
                    throw CommandFailure(.usage, "attach: expected AS before the name; usage: \(syntax.usage)")
                }
                return .attach(address: address, name: try required("the name", &words))
            }
            return .attach(address: address, name: nil)
        case "containers": return .containers
        case "use": return try parseUse(try required("the container", &words), &words)
        case "sessions": return .sessions(glob: try words.next())
        case "find": return try parseFind(&words)
        case "open": return .open(id: try required("the session's id", &words), packages: try rest(of: &words))
        case "load": return .load(id: try required("the session's id", &words), packages: try rest(of: &words))
        case "cookie": return .cookie(try required("the cookie", &words), packages: try rest(of: &words))
        case "known":
            return .known(principal: try required("the principal's id", &words), packages: try rest(of: &words))
        case "key": return .key(try required("the stored key", &words))
        case "new": return .new
        case "close": return .close
        case "ls": return .list(try pointer(try words.next() ?? ""))
        case "get": return .get(try pointer(try required("the pointer", &words)))
        case "set":
            let place = try pointer(try required("the pointer", &words))
            let text = words.takeRest()
            guard !text.isEmpty else {
                throw CommandFailure(.usage, "set: the value is missing; usage: \(syntax.usage)")
            }
            return .set(place, try value(text))
        case "delete": return .delete(try pointer(try required("the pointer", &words)))
        case "rename":
            let place = try pointer(try required("the pointer", &words))
            return .rename(place, try required("the new name", &words))
        case "move": return .move(try required("the id", &words))
        case "ttl": return .timeToLive(try lifetime(try required("the duration", &words)))
        case "destroy": return .destroy
        case "status": return .status
        case "diff":
            guard let word = try words.next() else { return .diff(.base) }
            return .diff(word == "store" ? .store : word == "base" ? .base : .savepoint(word))
        case "plan":
            guard let word = try words.next() else { return .plan(withBytes: false) }
            guard word == "bytes" else {
                throw CommandFailure(.usage, "plan: only bytes can follow; usage: \(syntax.usage)")
            }
            return .plan(withBytes: true)
        case "savepoint": return .savepoint(name: try words.next())
        case "savepoints": return .savepoints
        case "rollback": return try parseRollback(&words)
        case "commit":
            return .commit(try parseCommit(&words))
        case "merge": return .merge(try parseMerge(&words))
        case "abort": return .abort
        case "watch":
            guard let word = try words.next() else { return .watch(nil) }
            guard word == "on" || word == "off" else { throw CommandFailure(.usage, "watch takes on or off") }
            return .watch(word == "on")
        case "drafts": return .drafts
        case "recover": return .recover(try words.next().map(number))
        case "forget": return .forget(try number(required("the draft's number", &words)))
        case "history": return .history(try words.next().map(number))
        case "undo-commit": return .undoCommit(try words.next().map(number))
        case "revert": return .revert
        case "store":
            guard let option = try words.next() else { return .store() }
            guard option == "--confirm" else { throw CommandFailure(.usage, "store takes nothing or --confirm NAME") }
            return .store(confirming: try required("the store's name", &words))
        case "doom": return .doom
        case "undo": return .undo
        case "redo": return .redo
        case "refresh": return .refresh
        case "info": return .info(try pointer(try words.next() ?? ""))
        case "locks": return .locks(all: try parseAll(&words))
        case "trips": return .trips
        case "clock": return .clock(try clockStep(try required("the step", &words)))
        case "sweep": return .sweep
        case "writer":
            let rest = words.takeRest()
            guard !rest.isEmpty else {
                throw CommandFailure(.usage, "writer: the command is missing; usage: \(syntax.usage)")
            }
            return .writer(rest)
        default: return .help(try words.next())
        }
    }

    private static func number(_ text: String) throws(CommandFailure) -> Int64 {
        guard let number = Int64(text), number > 0 else {
            throw CommandFailure(.usage, "\(PrintableText.escaping(text)) is no number, such as 12")
        }
        return number
    }

    private static func parseCommit(_ words: inout CommandWords) throws(CommandFailure) -> CommitOptions {
        var options = CommitOptions()
        while let word = try words.next() {
            switch word {
            case "--merge": options.merges = true
            case "--confirm":
                guard let name = try words.next() else {
                    throw CommandFailure(.usage, "commit: --confirm is followed by the store's name")
                }
                options.confirmations.insert(name)
            case "--plan":
                guard let path = try words.next() else {
                    throw CommandFailure(.usage, "commit: --plan is followed by a file's name")
                }
                options.planFile = path
            case "--lock": options.lockTries = 1
            case _ where word.hasPrefix("--lock="):
                options.lockTries = try lockTries(word.dropFirst("--lock=".count))
            default:
                throw CommandFailure(.usage, "commit takes --merge, --lock[=TRIES], --confirm NAME and --plan FILE")
            }
        }
        guard options.planFile == nil || options == CommitOptions(planFile: options.planFile) else {
            throw CommandFailure(.usage, "commit --plan FILE writes nothing to a store, and takes no other option")
        }
        return options
    }

    private static func rest(of words: inout CommandWords) throws(CommandFailure) -> [String] {
        var rest: [String] = []
        while let word = try words.next() { rest.append(word) }
        return rest
    }

    private static func parseRollback(_ words: inout CommandWords) throws(CommandFailure) -> Command {
        guard let first = try words.next() else { return .rollback(nil, nil) }
        if first.unicodeScalars.first == "/" { return .rollback(nil, try pointer(first)) }
        let target: SavepointName = first == "base" ? .base : .named(first)
        guard let second = try words.next() else { return .rollback(target, nil) }
        return .rollback(target, try pointer(second))
    }

    /// `POINTER` before a choice; a pointer alone decides nothing.
    private static func parseMerge(_ words: inout CommandWords) throws(CommandFailure) -> MergeDecision? {
        guard let first = try words.next() else { return nil }
        if first == "mine" || first == "theirs" {
            return MergeDecision(pointer: nil, choice: first == "mine" ? .mine : .theirs)
        }
        let place = try pointer(first)
        switch words.takeRest() {
        case "": throw CommandFailure(.usage, "merge \(place) takes mine, theirs or a value")
        case "mine": return MergeDecision(pointer: place, choice: .mine)
        case "theirs": return MergeDecision(pointer: place, choice: .theirs)
        case let text: return MergeDecision(pointer: place, choice: .value(try value(text)))
        }
    }

    private static func pointer(_ text: String) throws(CommandFailure) -> JSONPointer {
        do throws(JSONPointerError) { return try JSONPointer(parsing: text) } catch {
            throw CommandFailure(.usage, error.description)
        }
    }

    /// Reads a value of the notation as `set` takes it.
    public static func value(_ text: String) throws(CommandFailure) -> SessionValue {
        do throws(NotationError) { return try Notation.value(parsing: text) } catch {
            throw CommandFailure(.usage, "the value does not parse: \(error)")
        }
    }

    /// Reads a duration such as `90s`, `30m`, `12h`, `14d`, a bare number of seconds, or `never`.
    public static func lifetime(_ text: String) throws(CommandFailure) -> Lifetime {
        if text == "never" { return .never }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard let number = Int64(digits), number > 0,
            case let (seconds, overflow) = number.multipliedReportingOverflow(by: unit ?? 1),
            !overflow, seconds <= 100 * 365 * 86_400
        else {
            throw CommandFailure(
                .usage,
                "\(PrintableText.escaping(text)) is no duration; write 90s, 30m, 12h, 14d (at most 100 years) or never")
        }
        return .seconds(seconds)
    }
}

/// The words of a command line.
///
/// Works on scalars: a mark that follows a blank or a quote makes one character with it.
struct CommandWords {
    private var rest: Substring.UnicodeScalarView

    init(_ line: String) {
        self.rest = line[...].unicodeScalars
    }

    /// The next word, unquoted; nil at the end.
    mutating func next() throws(CommandFailure) -> String? {
        skipBlanks()
        guard let first = rest.first else { return nil }
        guard first == "\"" else {
            let word = rest.prefix { $0 != " " && $0 != "\t" }
            rest = rest[word.endIndex...]
            return String(word)
        }
        var end = rest.index(after: rest.startIndex)
        var isEscaped = false
        while end < rest.endIndex, isEscaped || rest[end] != "\"" {
            isEscaped = !isEscaped && rest[end] == "\\"
            end = rest.index(after: end)
        }
        guard end < rest.endIndex, case .string(let word) = try Command.value(String(rest[...end])) else {
            throw CommandFailure(.usage, "a word in quotes has no closing quote")
        }
        rest = rest[rest.index(after: end)...]
        return word
    }

    /// All that is left of the line, as it is but for blanks around it.
    mutating func takeRest() -> String {
        skipBlanks()
        defer { rest = "".unicodeScalars[...] }
        var text = rest
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == " " || $0 == "\t" }
    }
}
