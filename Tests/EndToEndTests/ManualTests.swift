import Glibc
import Testing

extension EndToEnd {
    /// The README's tables are those of the program.
    @Suite struct ManualTests {
        @Test(arguments: ["keys", "commands", "exits"])
        func `the README holds the table that the program prints`(part: String) async throws {
            let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            let readme = try await lines(of: root + "/README.md")
            let table = try await ProgramRun.run("manual", part).lines
            let start = try #require(readme.firstIndex(of: "<!-- \(part) -->"))
            #expect(table.count > 5)
            #expect(
                Array(readme[(start + 1)...].prefix(table.count)) == table,
                "Scripts/update-readme writes the tables anew")
        }

        private func lines(of path: String) async throws -> [String] {
            let file = try #require(fopen(path, "r"), "no \(path)")
            defer { fclose(file) }
            var text = ""
            var block = [CChar](repeating: 0, count: 4096)
            while fgets(&block, CInt(block.count), file) != nil {
                text += String(decoding: block.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
            return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
    }
}
