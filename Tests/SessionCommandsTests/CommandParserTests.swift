import OrderedCollections
import SessionCommands
import SessionCore
import Testing

@Suite struct CommandParserTests {
    private static let examples: [(String, Command)] = [
        ("attach memory:", .attach(address: "memory:", name: nil)),
        ("attach host:11211 AS live", .attach(address: "host:11211", name: "live")),
        ("containers", .containers), ("use shop", .use(container: "shop", options: ContainerOptions())),
        (
            "use shop plain timeout=30m",
            .use(container: "shop", options: ContainerOptions(profile: "plain", timeout: 1800))
        ),
        (
            "use shop timeout=0 resolution=5m limit=20 live=on role=application",
            .use(
                container: "shop",
                options: ContainerOptions(
                    timeout: 0, resolution: 300, limit: 20, isLive: true, role: .application))
        ),
        (
            "use shop timeout=never live=off",
            .use(container: "shop", options: ContainerOptions(timeout: 0, isLive: false))
        ),
        ("cookie \"Cookie: a=1; b=2\" cart", .cookie("Cookie: a=1; b=2", packages: ["cart"])),
        ("known roger.ineichen", .known(principal: "roger.ineichen", packages: [])), ("key sess:1", .key("sess:1")),
        ("load 42", .load(id: "42", packages: [])), ("new", .new), ("revert", .revert), ("store", .store()),
        ("doom", .doom), ("rename /a/b c", .rename(JSONPointer(tokens: ["a", "b"]), "c")), ("move ada", .move("ada")),
        ("clock +90s", .clock(90_000)), ("clock -1m", .clock(-60_000)), ("clock 5", .clock(5000)), ("sweep", .sweep),
        (
            "find /user_id = 14 /name != \"a b\" by /seen desc limit=5",
            .find(
                ColumnQuery(
                    conditions: [
                        .init(column: "user_id", comparison: .equal, value: 14),
                        .init(column: "name", comparison: .unequal, value: "a b"),
                    ], order: "seen", isDescending: true, limit: 5))
        ),
        ("sessions", .sessions(glob: nil)), ("sessions a*", .sessions(glob: "a*")),
        ("open 42", .open(id: "42", packages: [])),
        ("open 42 cart prefs", .open(id: "42", packages: ["cart", "prefs"])), ("close", .close),
        ("ls", .list(.root)), ("ls /a/b~1c", .list(JSONPointer(tokens: ["a", "b/c"]))), ("get \"\"", .get(.root)),
        ("get \"/a b\"", .get(JSONPointer(tokens: ["a b"]))),
        ("set /a  {\"x\": [1, 2]} ", .set(JSONPointer(tokens: ["a"]), ["x": [1, 2]])),
        ("set /a \"two words\"", .set(JSONPointer(tokens: ["a"]), "two words")),
        ("delete /a", .delete(JSONPointer(tokens: ["a"]))),
        ("ttl 14d", .timeToLive(.seconds(1_209_600))), ("ttl never", .timeToLive(.never)), ("destroy", .destroy),
        ("status", .status),
        ("diff", .diff(.base)), ("diff base", .diff(.base)), ("diff store", .diff(.store)),
        ("diff sp1", .diff(.savepoint("sp1"))),
        ("plan", .plan(withBytes: false)), ("plan bytes", .plan(withBytes: true)), ("savepoint", .savepoint(name: nil)),
        ("savepoint \"two words\"", .savepoint(name: "two words")),
        ("savepoints", .savepoints), ("rollback", .rollback(nil, nil)), ("rollback base", .rollback(.base, nil)),
        ("rollback 2", .rollback(.named("2"), nil)), ("rollback /a", .rollback(nil, JSONPointer(tokens: ["a"]))),
        ("rollback sp /a", .rollback(.named("sp"), JSONPointer(tokens: ["a"]))), ("commit", .commit()),
        ("history", .history(nil)), ("history 12", .history(12)), ("undo-commit 3", .undoCommit(3)),
        ("undo-commit", .undoCommit(nil)),
        ("commit --plan a.plan", .commit(CommitOptions(planFile: "a.plan"))), ("drafts", .drafts),
        ("watch", .watch(nil)), ("watch off", .watch(false)), ("watch on", .watch(true)), ("recover", .recover(nil)),
        ("recover 4", .recover(4)), ("forget 4", .forget(4)),
        ("commit --merge", .commit(CommitOptions(merges: true))),
        ("commit --lock", .commit(CommitOptions(lockTries: 1))),
        ("commit --lock=20 --merge", .commit(CommitOptions(merges: true, lockTries: 20))),
        ("locks", .locks(all: false)), ("locks all", .locks(all: true)), ("info", .info(.root)),
        ("info /a", .info(JSONPointer(tokens: ["a"]))),
        ("commit --confirm shop --merge", .commit(CommitOptions(merges: true, confirming: "shop"))),
        ("store --confirm shop", .store(confirming: "shop")), ("abort", .abort),
        ("merge", .merge(nil)), ("merge mine", .merge(MergeDecision(pointer: nil, choice: .mine))),
        ("merge /a theirs", .merge(MergeDecision(pointer: JSONPointer(tokens: ["a"]), choice: .theirs))),
        ("merge /a {\"b\": 1}", .merge(MergeDecision(pointer: JSONPointer(tokens: ["a"]), choice: .value(["b": 1])))),
        ("undo", .undo),
        ("redo", .redo), ("refresh", .refresh), ("trips", .trips), ("writer set /a 1", .writer("set /a 1")),
        ("help", .help(nil)),
        ("help open", .help("open")), ("\t get\t/a ", .get(JSONPointer(tokens: ["a"]))),
    ]

    @Test(arguments: examples)
    func `a line is read as its command`(line: String, command: Command) throws {
        #expect(try Command(parsing: line) == command)
    }

    @Test func `every command of the help has an example here`() {
        let names = Set(Self.examples.compactMap { $0.0.split { $0 == " " || $0 == "\t" }.first.map(String.init) })
        #expect(Set(CommandSyntax.all.map(\.name)) == names)
        #expect(Set(CommandSyntax.all.map(\.name)).count == CommandSyntax.all.count)
        #expect(CommandSyntax.completions(of: "re").map(\.name) == ["rename", "recover", "revert", "redo", "refresh"])
    }

    @Test(arguments: [
        ("", "no command"), ("frobnicate", "no command frobnicate"), ("Open 1", "no command Open"),
        ("\u{1B}[2J", "no command \\u001b[2J"),
        ("open", "open: the session's id is missing; usage: open ID [PACKAGE…]"),
        ("set /a", "set: the value is missing; usage: set POINTER VALUE"),
        ("get", "get: the pointer is missing; usage: get POINTER"),
        ("close now", "close: now is one word too many; usage: close"),
        ("commit now", "commit takes --merge, --lock[=TRIES], --confirm NAME and --plan FILE"),
        ("attach m: live", "attach: expected AS"),
        ("attach m: AS", "attach: the name is missing"), ("commit --lock=0", "commit: --lock= takes a number of tries"),
        ("commit --lock=9999", "commit: --lock= takes a number of tries"), ("locks some", "locks: only all can follow"),
        ("use", "use: the container is missing; usage: use NAME [PROFILE] [timeout=D]"),
        ("use a size=3", "use: no setting size=3"), ("get a", "the pointer \"a\" must start with /"),
        ("get /a~2", "the pointer /a~2 has a ~"),
        ("ttl 0", "0 is no duration"), ("ttl -5s", "-5s is no duration"), ("ttl 5y", "5y is no duration"),
        ("ttl 999999999d", "999999999d is no duration"),
        ("ttl 9223372036854775807w", "9223372036854775807w is no duration"), ("ttl", "ttl: the duration is missing"),
        ("writer", "writer: the command is missing"), ("open \"a", "a word in quotes has no closing quote"),
        ("set /a [1, 2", "the value does not parse: column 6: expected ]"),
        ("set /a yes", "the value does not parse: column 1: "),
    ])
    func `a usage error names the command, what is wrong and how it is written`(line: String, message: String) {
        #expect {
            try Command(parsing: line)
        } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.status == .usage && failure.message.hasPrefix(message)
        }
    }

    @Test(arguments: [
        ("90", 90), ("90s", 90), ("30m", 1800), ("12h", 43_200), ("2w", 1_209_600), ("36500d", 3_153_600_000),
    ])
    func `durations have units`(text: String, seconds: Int64) throws {
        #expect(try Command.lifetime(text) == .seconds(seconds))
    }

    @Test func `a word may hold what blanks and marks make of it`() throws {
        #expect(try Command(parsing: "get \"/\u{301}a \\\"b\\\"\"") == .get(JSONPointer(tokens: ["\u{301}a \"b\""])))
        #expect(try Command(parsing: "open \"\u{301}\"") == .open(id: "\u{301}", packages: []))
    }
}
