import Testing

extension EndToEnd {
    @Suite struct IdentityTests {
        /// What zope.session 6.0 and p01.session 0.8.1 make of the bytes 0 to 19 and the secret `very secure`.
        private static let zope = "AAECAwQFBgcICQoLDA0ODxAREhMpgkMvL3yUXk5sftOx2aLnNMECmY"
        private static let p01 = "AAECAwQFBgcICQoLDA0ODxAREhM9phvreUZhpxHuNj7fcSIsfwlfrw"

        @Test(arguments: [(zope, "zope.session, signed with secret 2"), (p01, "p01.session, signed with secret 2")])
        func `an id that Python made is genuine`(id: String, words: String) async throws {
            let secrets = try TemporaryFile("newer\r\n\nvery secure\n")
            let result = try await ProgramRun.run("id", "check", id, "--secret-file", secrets.path)
            #expect(result == ProgramResult(status: 0, output: "genuine client id of \(words)\n", errors: ""))
        }

        @Test(arguments: [["--kind", "zope"], ["--kind", "p01"], []])
        func `an id that is made is genuine, and none without the secret`(kind: [String]) async throws {
            let secrets = try TemporaryFile("very secure\n")
            let made = try await ProgramRun(["id", "new", "--secret-file", secrets.path] + kind).end()
            let id = try #require(made.lines.first)
            let good = try await ProgramRun.run("id", "check", "shop=\(id)", "--secret-file", secrets.path, "--json")
            #expect(good.status == 0 && good.output.contains(#""good": true"#))
            let others = try TemporaryFile("other\n")
            let forged = try await ProgramRun.run("id", "check", id, "--secret-file", others.path)
            #expect(forged.status == 1 && forged.output.contains("none of the secrets signed it"))
            #expect(try await ProgramRun.run("id", "check", id).status == 1)
        }

        @Test func `each cookie of a field is told, and one good one is enough`() async throws {
            let result = try await ProgramRun.run(
                "id", "check", "-", input: "Cookie: theme=dark; _ZopeId=00073140A.WUWBd3d3c\r\n")
            #expect(result.status == 0)
            #expect(
                result.lines == [
                    "theme: no id of a kind known here: 4 bytes, where client ids have 54, browser ids 19 and UUIDs 36",
                    "_ZopeId: browser id of Zope, made Tue, 02 Jan 2024 03:04:05 GMT; unsigned, so anybody can write one",
                ])
        }

        /// `+` of base 64 is spelled `-` in client ids, so one can look like an option.
        @Test func `an id that begins with a dash is an id`() async throws {
            let secrets = try TemporaryFile("very secure\n")
            let id = "-AECAwQFBgcICQoLDA0ODxAREhM" + String(repeating: "A", count: 27)
            for arguments in [[id, "--secret-file", secrets.path], ["--secret-file", secrets.path, id]] {
                let result = try await ProgramRun(["id", "check"] + arguments).end()
                #expect(result.status == 1 && result.output.contains("none of the secrets signed it"), "\(result)")
            }
            #expect(try await ProgramRun.run("id", "check", "a", "b").status == 2)
            #expect(try await ProgramRun.run("id", "check").status == 2)
        }

        @Test func `a secret that is missing or a file without one is said`() async throws {
            let none = try await ProgramRun.run("id", "new", "--kind", "zope")
            #expect(none.status == 2 && none.errors.contains("--secret-file"))
            let empty = try TemporaryFile("\n\n")
            #expect(try await ProgramRun.run("id", "new", "--secret-file", empty.path).errors.contains("no secret"))
            #expect(try await ProgramRun.run("id", "new", "--secret-file", "/nowhere").status == 3)
            #expect(try await ProgramRun.run("id").status == 0, "its help")
        }
    }
}
