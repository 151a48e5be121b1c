import Testing

struct ImportTests {
    @Test func `every import follows the arrows`() throws {
        let files = try SourceTree.files(in: "Sources")
        #expect(!files.isEmpty)
        for violation in files.flatMap({ ImportRules.violations(in: $0) }) { Issue.record("\(violation)") }
    }

    @Test func `every target has a row, and every row a target`() throws {
        #expect(try SourceTree.targets() == Set(ImportRules.rows.keys))
    }

    @Test func `only the curses terminal may import curses`() {
        #expect(ImportRules.rows.filter { $0.value.contains("CNcurses") }.map(\.key) == ["CursesTerminal"])
    }

    @Test(arguments: ["CellGrid", "Console", "SessionCommands", "SessionCore", "SessionFormats"])
    func `what decides reaches nothing outside`(target: String) {
        var reached: Set<String> = []
        var next = [target]
        while let module = next.popLast() {
            for found in ImportRules.rows[module] ?? [] where reached.insert(found).inserted { next.append(found) }
        }
        #expect(reached.isDisjoint(with: ImportRules.outsideWorld))
    }

    @Test func `Foundation is for databases and HTTP, where other libraries bring it along`() {
        let rows = ImportRules.rows.filter { $0.value.contains { $0.hasPrefix("Foundation") } }
        #expect(Set(rows.map(\.key)) == ["SQLiteBackend", "SessionHTTP", "SessionJournal"])
    }

    @Test(arguments: [
        "import Glibc", "  internal import Glibc", "public import Glibc", "@preconcurrency import Glibc",
        "@_spi(Tests) private import Glibc", "import struct Glibc.stat", "import Glibc.POSIX",
        "let a = 1; import Glibc",
        "/* why */ import Glibc // not BigInt",
    ])
    func `an import is seen however it is written`(line: String) {
        let text = "import SessionCore\n\(line)\n"
        #expect(ImportRules.imports(in: text).map(\.module) == ["SessionCore", "Glibc"])
        let file = SourceFile(path: "Sources/Console/Planted.swift", text: text)
        #expect(
            ImportRules.violations(in: file) == [
                Violation(path: file.path, line: 2, problem: "Console must not import Glibc")
            ])
    }

    @Test(arguments: ["// import Glibc", "/* import Glibc */", "let text = \"import Glibc\"", "let importGlibc = 1"])
    func `what is no import is none`(line: String) {
        #expect(ImportRules.imports(in: line).isEmpty)
    }

    @Test func `a target without a row is refused`() {
        let file = SourceFile(path: "Sources/Elsewhere/Planted.swift", text: "")
        #expect(ImportRules.violations(in: file).count == 1)
    }
}
