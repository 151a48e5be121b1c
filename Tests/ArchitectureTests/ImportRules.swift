/// The arrows between the parts of the house: what each target may import.
enum ImportRules {
    /// Targets by name, with the modules of this package, of other packages and of the system that each may import.
    ///
    /// A target imports only what stands in its row. Foundation costs 9 MiB of memory and 3 ms at every start (5.3 ms and
    /// 16.5 MiB against 2.3 ms and 7.5 MiB), so it stands only where it comes along anyway: with GRDB, whose bytes are its `Data`, and with swift-crypto.
    static let rows: [String: Set<String>] = [
        "SessionCore": ["OrderedCollections", "BigInt", "Synchronization"],
        "SessionClock": ["SessionCore", "Glibc"],
        "SessionFormats": ["SessionCore", "OrderedCollections", "BigInt", "CZlib", "Crypto"],
        "SessionHTTP": ["SessionCore", "HTTPTypes", "Crypto", "FoundationEssentials"],
        "MemcachedBackend": ["SessionCore", "NIOCore", "NIOPosix", "Glibc", "Synchronization"],
        "SQLiteBackend": [
            "SessionCore", "GRDB", "GRDBSQLite", "FoundationEssentials", "Glibc", "Synchronization",
        ],
        "SessionJournal": ["SessionCore", "GRDB", "FoundationEssentials", "Glibc"],
        "SessionCommands": ["SessionCore", "OrderedCollections"],
        "CellGrid": [],
        "Console": ["SessionCommands", "SessionCore", "CellGrid", "OrderedCollections"],
        "ConsoleRuntime": ["Console", "SessionCommands", "SessionCore", "CellGrid", "Synchronization"],
        "CNcurses": [],
        "CZlib": [],
        "CursesTerminal": ["CellGrid", "CNcurses", "Glibc", "Dispatch"],
        "tidemark": [
            "ConsoleRuntime", "CursesTerminal", "Console", "CellGrid", "SessionCommands", "MemcachedBackend",
            "SQLiteBackend", "SessionHTTP", "SessionJournal", "SessionFormats", "SessionClock", "SessionCore",
            "OrderedCollections",
            "ArgumentParser", "Glibc", "TOMLKit",
        ],
    ]

    /// Modules that reach files, the network, threads or the terminal.
    static let outsideWorld: Set<String> = [
        "Glibc", "Foundation", "FoundationEssentials", "Dispatch", "NIOCore", "NIOPosix", "CNcurses", "CursesTerminal",
        "MemcachedBackend", "SQLiteBackend", "GRDB", "GRDBSQLite", "System", "Subprocess",
    ]

    /// The modules that a file imports, with their lines.
    static func imports(in source: String) -> [(line: Int, module: String)] {
        // Attributes and access, perhaps the kind of a single declaration, then the module and what is taken of it.
        let statement =
            /(?:^|;)\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func)\s+)?(`?\w+`?)/
        return SwiftCode(source).lines.flatMap { line in
            line.text.matches(of: statement).map { (line.number, String($0.1.filter { $0 != "`" })) }
        }
    }

    /// The imports of a file that its target's row does not allow.
    static func violations(in file: SourceFile, rows: [String: Set<String>] = rows) -> [Violation] {
        guard let allowed = rows[file.target] else {
            return [
                Violation(path: file.path, line: nil, problem: "the target \(file.target) has no row in ImportRules")
            ]
        }
        return imports(in: file.text).filter { !allowed.contains($0.module) }.map { line, module in
            Violation(path: file.path, line: line, problem: "\(file.target) must not import \(module)")
        }
    }
}
