/// How a command is written and what it does, for help, completion and the manual.
public struct CommandSyntax: Hashable, Sendable {
    /// The first word.
    public let name: String
    /// The words after it.
    public let arguments: String
    /// What it does, in a few words.
    public let summary: String
    /// More about it.
    public let detail: String

    private init(_ name: String, _ arguments: String = "", _ summary: String, _ detail: String = "") {
        self.name = name
        self.arguments = arguments
        self.summary = summary
        self.detail = detail
    }

    /// The command as it is written.
    public var usage: String { arguments.isEmpty ? name : "\(name) \(arguments)" }

    /// All commands, in the order people meet them.
    public static let all: [CommandSyntax] = [
        CommandSyntax(
            "attach", "STORE [AS NAME]", "open a store",
            "STORE is host:port, unix:///path, sqlite:///path, memory:, demo: or a name of the config file. It becomes the store in use."
        ),
        CommandSyntax(
            "containers", "", "list the containers of the store", "Scans the keys of the store; reads no payload."),
        CommandSyntax(
            "use", "NAME [PROFILE] [timeout=D] [resolution=D] [limit=N] [live=on] [role=application]",
            "choose a container",
            "A container that the store does not show is made, with the profile named, else tidemark. Sessions live for "
                + "timeout and resolution after a commit; timeout=0 is for ever. limit= caps the sessions of stores that can count. "
                + "live=on asks the store before each reading. role=application is for demonstrations: an idle session "
                + "is empty when it is opened again, and a commit refreshes the lives of sessions that were used."),
        CommandSyntax(
            "sessions", "[GLOB]", "list the sessions of the container",
            "GLOB takes * and ?. Without a container in use, all sessions."),
        CommandSyntax(
            "find", "[POINTER OP VALUE]… [by POINTER [desc]] [limit=N]", "find sessions by columns",
            "Of a database's table of sessions, such as find /user_id = 14 by /created desc. OP is one of = != < <= > >=. "
                + "Reads the columns alone, at most 1,000 rows unless limit= says otherwise."),
        CommandSyntax(
            "open", "ID [PACKAGE…]", "open a session",
            "Looks in the container in use; with none, takes a session id or a stored key. An id that is not stored gives an empty session."
        ),
        CommandSyntax(
            "load", "ID [PACKAGE…]", "open a session that is stored",
            "An id that is not stored is not adopted: the session then gets an id of its own when it first holds something."
        ),
        CommandSyntax(
            "cookie", "TEXT [PACKAGE…]", "open the session of a client's cookie",
            "TEXT is the value, name=value, or in quotes the whole Cookie field of a request. Signatures are taken off and not "
                + "checked; tidemark id check does that."),
        CommandSyntax(
            "known", "PRINCIPAL [PACKAGE…]", "open a principal's known session",
            "For applications whose sessions of logged-in users are kept by the user's id."),
        CommandSyntax(
            "key", "KEY", "open a record by its stored key",
            "As it is stored: a record that holds one package shows that package's keys. For keys that are digests."),
        CommandSyntax(
            "new", "", "open a session without an id",
            "It gets one, which nobody can guess, when it first holds something."),
        CommandSyntax("close", "", "close the session", "Refused while it has edits: commit or abort first."),
        CommandSyntax("ls", "[POINTER]", "list keys", "M, A and D mark what is modified, added and deleted."),
        CommandSyntax("get", "POINTER", "print a value", "What is printed, set accepts. \"\" is the whole session."),
        CommandSyntax(
            "set", "POINTER VALUE", "stage a value",
            "VALUE is JSON, or b\"…\", tuple(…), set(…). Makes the last key of POINTER, and a missing package."),
        CommandSyntax("delete", "POINTER", "stage the removal of a key"),
        CommandSyntax("rename", "POINTER NAME", "give a key another name", "It moves behind the last key."),
        CommandSyntax(
            "move", "ID", "stage the move of the session to another id",
            "As at a login: the content goes to the session of that id, and this one ends, in one commit."),
        CommandSyntax("ttl", "DURATION|never", "stage a life, counted from the commit", "Such as 90s, 30m, 12h, 14d."),
        CommandSyntax("destroy", "", "stage the deletion of the session"),
        CommandSyntax("status", "", "say what is dirty"),
        CommandSyntax(
            "diff", "[NAME|store]", "show what is staged",
            "Against what was loaded, a savepoint, or what the store holds now."),
        CommandSyntax(
            "plan", "[bytes]", "show what a commit would write",
            "The writes, lives and round trips; with bytes, which bytes change, and in a pickle which opcodes."),
        CommandSyntax("savepoint", "[NAME]", "make a savepoint"),
        CommandSyntax("savepoints", "", "list the savepoints"),
        CommandSyntax(
            "rollback", "[NAME|N|base] [POINTER]", "go back to a savepoint",
            "Without a name to the newest; base is what was loaded. With a pointer, only that place."),
        CommandSyntax(
            "commit", "[--merge] [--lock[=TRIES]] [--confirm NAME] [--plan FILE]", "write what is staged",
            "A record that changed since it was read is never written; the edits stay. With --merge it takes in what changed elsewhere "
                + "in the record and commits again; where both sides changed one place it stops. With --lock it "
                + "takes the locks of the sessions' frameworks and gives them back; it is refused where a running request holds one, "
                + "after TRIES tries with the framework's pauses between them. A store of the config file that is "
                + "marked env = \"prod\" wants its name. --plan writes the plan to a file, which tidemark apply commits later."
        ),
        CommandSyntax(
            "merge", "[POINTER] [mine|theirs|VALUE]", "decide what both sides changed",
            "Alone it reads the open sessions again, takes in what does not overlap, and shows base, mine and store of what does. "
                + "mine or theirs without a pointer decide all that is left of the session. The commit is then over what the store holds."
        ),
        CommandSyntax(
            "history", "[N]", "list the commits of the journal, or show what one changed",
            "Of a commit that was interrupted it asks the stores, and says of each record whether it is as before, as written, or another."
        ),
        CommandSyntax(
            "undo-commit", "[N]", "stage what takes a commit back, the newest without N",
            "Over what it wrote; where a record was changed since, both are merged, and merge shows what overlaps. commit writes it."
        ),
        CommandSyntax("drafts", "", "list what was staged and not committed when a program ended"),
        CommandSyntax(
            "recover", "[N]", "take up a draft, the newest without N",
            "With its savepoints; what changed in the store since is merged as refresh does."),
        CommandSyntax("forget", "N", "drop a draft"),
        CommandSyntax("abort", "", "drop what is staged, and all savepoints"),
        CommandSyntax("revert", "", "drop what is staged in this session", "Other sessions and savepoints stay."),
        CommandSyntax(
            "store", "[--confirm NAME]", "write what is staged in this session now",
            "The others stay staged. What is stored stands: no rollback or abort takes it back."),
        CommandSyntax(
            "doom", "", "make a commit impossible", "Work may go on, to see where it leads; abort ends it."),
        CommandSyntax("undo", "", "take back the last step", "Edits, savepoints, rollback and abort."),
        CommandSyntax("redo", "", "do again what was taken back"),
        CommandSyntax(
            "refresh", "", "read the open sessions again",
            "A session with edits takes in changes elsewhere in it; where both changed the same place it keeps its base and is marked."
        ),
        CommandSyntax(
            "info", "[POINTER]", "show what is known of the record",
            "Format, size, flags, life and revision; where the framework locks sessions, whether a request holds the lock."
        ),
        CommandSyntax(
            "locks", "[all]", "show the session's lock",
            "Without an open session, or with all, lists those of the container in use. A lock's age is told where its record says it."
        ),
        CommandSyntax(
            "watch", "[on|off]", "look every second whether open sessions changed in the store",
            "In the console, where it is on at first. A session without edits is read again, one with edits is marked !."
        ),
        CommandSyntax("trips", "", "show the round trips"),
        CommandSyntax(
            "writer", "COMMAND", "let another client run a command",
            "On demo:, memory: and in check. It opens the same session, runs COMMAND and commits."),
        CommandSyntax(
            "clock", "+D", "let time pass", "On demo:, memory: and in check; the clock of a server stays as it is."),
        CommandSyntax(
            "sweep", "", "remove the expired sessions of the container",
            "Lists them. For stores that can count their sessions; others drop them by themselves."),
        CommandSyntax("help", "[COMMAND]", "explain"),
    ]

    /// The command of a name; nil if there is none.
    public static func named(_ name: String) -> CommandSyntax? { all.first { $0.name == name } }

    /// Commands whose name starts with some text, for completion.
    public static func completions(of prefix: String) -> [CommandSyntax] { all.filter { $0.name.hasPrefix(prefix) } }
}
