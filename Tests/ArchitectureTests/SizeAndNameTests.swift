import Testing

/// How long files are and what they may not be called.
enum FileRules {
    /// No file is longer.
    static let longest = 400
    /// Half of all files are shorter.
    static let medianLimit = 150
    /// Names that say nothing of the subject.
    static let emptyNames: Set<String> = [
        "util", "utils", "utility", "utilities", "helper", "helpers", "misc", "common",
    ]

    static func tooLong(_ files: [SourceFile]) -> [Violation] {
        files.filter { $0.lineCount > longest }.map { file in
            Violation(
                path: file.path, line: nil,
                problem: "\(file.lineCount) lines, \(longest) are allowed; split it by subject")
        }
    }

    static func median(_ files: [SourceFile]) -> Int {
        let counts = files.map(\.lineCount).sorted()
        return counts.isEmpty ? 0 : counts[counts.count / 2]
    }

    static func emptyName(_ file: SourceFile) -> Violation? {
        // `StringHelpers` and `String+Utils` say as little as `Helpers`.
        let letters = file.name.split { !$0.isLetter }.last ?? ""
        let lastWord = letters.lastIndex(where: \.isUppercase).map { letters[$0...] } ?? letters
        guard emptyNames.contains(lastWord.lowercased()) else { return nil }
        return Violation(path: file.path, line: nil, problem: "name it by its subject, not \(lastWord)")
    }
}

struct SizeAndNameTests {
    @Test func `no file is over 400 lines`() throws {
        let files = try ["Sources", "Tests", "Benchmarks/Sources"].flatMap {
            try SourceTree.files(in: $0, suffixes: ["swift", "c", "h"])
        }
        #expect(!files.isEmpty)
        for violation in FileRules.tooLong(files) { Issue.record("\(violation)") }
    }

    @Test func `half of the source files are under 150 lines`() throws {
        let median = FileRules.median(try SourceTree.files(in: "Sources"))
        #expect(0 < median && median < FileRules.medianLimit)
    }

    @Test func `no file is named after nothing`() throws {
        let files = try ["Sources", "Tests"].flatMap { try SourceTree.files(in: $0, suffixes: ["swift", "c", "h"]) }
        for violation in files.compactMap(FileRules.emptyName) { Issue.record("\(violation)") }
    }

    @Test func `a long file is seen`() {
        func file(lines: Int) -> SourceFile {
            SourceFile(path: "Sources/A/B.swift", text: String(repeating: "\n", count: lines))
        }
        #expect(FileRules.tooLong([file(lines: 400)]).isEmpty)
        #expect(FileRules.tooLong([file(lines: 401)]).count == 1)
        #expect(FileRules.median([file(lines: 3), file(lines: 900), file(lines: 20)]) == 20)
        #expect(SourceFile(path: "A", text: "one\ntwo").lineCount == 2)
    }

    @Test(arguments: ["Utils", "Helpers", "StringHelpers", "Session+Utils", "Util", "Misc"])
    func `an empty name is seen`(name: String) {
        #expect(FileRules.emptyName(SourceFile(path: "Sources/A/\(name).swift", text: "")) != nil)
    }

    @Test(arguments: ["Grid", "Model+Update", "Utilization", "cncurses"])
    func `a name with a subject passes`(name: String) {
        #expect(FileRules.emptyName(SourceFile(path: "Sources/A/\(name).swift", text: "")) == nil)
    }
}
