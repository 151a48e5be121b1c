import Testing

/// Code that ends the program, or switches the compiler's checks off.
enum CrashRules {
    /// The places of a file with something that must not stand in the sources.
    static func violations(in file: SourceFile) -> [Violation] {
        let rules: [(pattern: Regex<Substring>, problem: String)] = [
            (/\btry\s*!/, "try! crashes on an error; handle it"),
            (/\bas\s*!/, "as! crashes on another type; use as? and say what happens otherwise"),
            (/\bfatalError\b/, "fatalError; throw, or make the case impossible by its type"),
            (/\bprecondition(?:Failure)?\b/, "precondition; throw, or make the case impossible by its type"),
            (/@unchecked\s+Sendable\b/, "@unchecked Sendable; use a value, an actor or a Mutex"),
            (/\b(?:nonisolated|unowned)\s*\(\s*unsafe\s*\)/, "(unsafe); use a value, an actor or a Mutex"),
        ]
        // A value or a type followed by `!`, unless that begins `!=`.
        let unwrap = /[\w)\]}>"`?]!(?!=)/
        return SwiftCode(file.text).lines.flatMap { number, line in
            var problems = rules.filter { line.contains($0.pattern) }.map(\.problem)
            if line.replacing(/\b(?:try|as)\s*!/, with: "").contains(unwrap) {
                problems.append("a forced unwrap; use if let, guard let or ??")
            }
            return problems.map { Violation(path: file.path, line: number, problem: $0) }
        }
    }
}

struct CrashTests {
    @Test func `nothing in the sources crashes on purpose or hides a race`() throws {
        let files = try SourceTree.files(in: "Sources")
        #expect(!files.isEmpty)
        for violation in files.flatMap(CrashRules.violations) { Issue.record("\(violation)") }
    }

    @Test(arguments: [
        "let a = try! read()", "let a = b as! C", "fatalError(\"no\")", "preconditionFailure()", "precondition(a > 0)",
        "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 0", "unowned(unsafe) let a: A",
        "let a = b!", "b!.c()", "b()!.c", "b[0]!", "let a: String!", "f(b!, c)", "\"\\(b!)\"", "let a = b! /* sure */",
        "b?.c!", "let a: [Int]! = nil",
    ])
    func `each of these is seen, once and with its line`(line: String) {
        let file = SourceFile(path: "Sources/A/Planted.swift", text: "// try!\n\(line)\nlet z = 0\n")
        #expect(CrashRules.violations(in: file).map(\.line) == [2])
    }

    @Test(arguments: [
        "guard a != b else { return }", "if !a { b() }", "a(!b)", "[!a, !b]", "// b! and try! are crashes",
        "/* fatalError() */", "let text = \"b! as! c\"", "let text = #\"fatalError(\"no\")\"#", "try? read()",
        "b as? C",
        "let text = \"\"\"\n    try! this\n    \"\"\"", "a!=b", "\"\\(a)!\"", "nonisolated func f() {}",
    ])
    func `what crashes nothing passes`(code: String) {
        #expect(CrashRules.violations(in: SourceFile(path: "Sources/A/Planted.swift", text: code)).isEmpty)
    }
}
