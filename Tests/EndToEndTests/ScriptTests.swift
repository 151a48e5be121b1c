import Glibc
import MemcachedServer
import Testing

extension EndToEnd {
    @Suite struct ScriptTests {
        /// The transcripts that the package ships.
        private static let transcripts: [String] = {
            let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            var found = glob_t()
            defer { globfree(&found) }
            guard glob(root + "/Assets/demo/transcripts/*.transcript", 0, nil, &found) == 0 else { return [] }
            return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
        }()

        @Test func `every transcript is right in memory`() async throws {
            try #require(Self.transcripts.count >= 5)
            let result = try await ProgramRun(["check", "memory:"] + Self.transcripts).end()
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(result.lines.count == Self.transcripts.count)
            #expect(result.lines.allSatisfy { $0.hasPrefix("ok ") })
        }

        @Test func `every transcript is right on a server, also the second time`() async throws {
            let server = try MemcachedServer()
            for _ in 1...2 {
                let result = try await ProgramRun(["check", server.address] + Self.transcripts).end()
                #expect(result.status == 0, "\(result.output)\(result.errors)")
            }
        }

        @Test func `every transcript is right in a database that is made for it, also the second time`() async throws {
            let database = try TemporaryFile("")
            for _ in 1...2 {
                let result = try await ProgramRun(
                    ["check", "sqlite://\(database.path)?mode=rwc"] + Self.transcripts
                ).end()
                #expect(result.status == 0, "\(result.output)\(result.errors)")
            }
        }

        @Test func `the transcript of a table with columns is right on one that score.session wrote`() async throws {
            let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
            let fixture = root + "/Tests/SQLiteBackendTests/Fixtures/score_db_0.4.7.sqlite3"
            let database = try TemporaryFile("")
            try database.write(TemporaryFile.bytes(of: fixture))
            let transcript = root + "/Assets/demo/transcripts/columns/score-table.transcript"
            for _ in 1...2 {
                let result = try await ProgramRun(["check", "sqlite://\(database.path)", transcript]).end()
                #expect(result.status == 0, "\(result.output)\(result.errors)")
            }
        }

        @Test func `sessions are copied from a server into a file and compared`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            _ = client
            let database = try TemporaryFile("")
            let target = "sqlite://\(database.path)?mode=rwc"
            let first = try await ProgramRun.run("copy", server.address, target)
            #expect(first.status == 0 && first.lines.count == 1, "\(first)")
            let again = try await ProgramRun.run("copy", "--dry-run", server.address, target)
            #expect(again.status == 0 && again.output.hasPrefix("0 would be copied, "), "\(again)")
            let listed = try await ProgramRun.run("ls", "sqlite://\(database.path)")
            let served = try await ProgramRun.run("ls", server.address)
            func names(_ result: ProgramResult) -> [String] {
                result.lines.map { $0.split(separator: " ").prefix(3).joined(separator: " ") }
            }
            #expect(names(listed) == names(served))
            _ = try await ProgramRun.run(
                "run", "sqlite://\(database.path)", "-", input: "use own\nopen x\nset /new/key 1\ncommit\n")
            let differing = try await ProgramRun.run("copy", server.address, target)
            #expect(differing.status == 4 && differing.lines.first == "differs tidemark:own:x", "\(differing)")
        }

        @Test(arguments: [#"b"\x02\\"#, #""bell \u0007 and \\u0007""#, #"object("a\u001b", "\u202e")"#])
        func `what get prints, set takes`(value: String) async throws {
            let first = try await ProgramRun.run(
                "run", "memory:", "-", input: "use a tidemark\nopen 1\nset /p/x \(value)\nget /p/x\n")
            let printed = try #require(first.lines.last)
            let second = try await ProgramRun.run(
                "run", "memory:", "-", input: "use a tidemark\nopen 1\nset /p/x \(printed)\nget /p/x\n")
            #expect(second.lines.last == printed, "\(value) \(printed)")
        }

        @Test func `a transcript that is wrong shows the first difference and fails`() async throws {
            let file = try TemporaryFile("> use a tidemark\n...\n> open 1\n...\n> set /n 1\nA /n 2\n> get /n\n2\n")
            let result = try await ProgramRun.run("check", "memory:", file.path)
            #expect(result.status == 1)
            #expect(result.errors == "")
            #expect(
                result.lines == [
                    "FAILED \(file.path)", "  line 5: > set /n 1", "  expected: A /n 2", "       got: A /n 1",
                ])
        }

        @Test func `containers and sessions are listed as columns and as JSON`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            _ = client
            let containers = try await ProgramRun.run("ls", server.address)
            #expect(containers.errors == "")
            #expect(
                containers.lines.map { $0.split(separator: " ").prefix(3).joined(separator: " ") } == [
                    "container profile sessions", "(other) plain 1", "own tidemark 1", "sess express 2",
                ])
            let json = try await ProgramRun.run("ls", "--json", server.address)
            #expect(json.lines.count == 3)
            #expect(json.lines[2].hasPrefix(#"{"container": "sess", "profile": "express", "sessions": 2, "bytes": "#))
            let sessions = try await ProgramRun.run("ls", "--json", server.address, "sess")
            #expect(sessions.lines.count == 2)
            #expect(sessions.lines[0].hasPrefix(#"{"session": "\#(Express.otherID)", "container": "sess", "bytes": "#))
            #expect(sessions.lines[1].hasPrefix(#"{"session": "\#(Express.id)", "container": "sess", "bytes": "#))
            let none = try await ProgramRun.run("ls", "--json", "memory:")
            #expect(none == ProgramResult(status: 0, output: "", errors: ""))
        }

        @Test func `a session is shown as a value that set accepts`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let shown = try await ProgramRun.run("show", "--json", server.address, "sess", Express.id)
            #expect(shown.status == 0)
            let value = try #require(shown.lines.first)
            #expect(shown.lines.count == 1)
            #expect(
                value == #"{"cookie": {"originalMaxAge": 3600000, "httpOnly": true}, "views": 7, "#
                    + #""returnTo": "/search?q=tea", "owner": "Zöe"}"#)
            let script = "open \(Express.key)\nset \"\" \(value)\nstatus\ncommit\n"
            let set = try await ProgramRun.run("run", server.address, input: script)
            #expect(set.status == 0, "\(set.errors)")
            #expect(set.output.contains("nothing is staged"), "an equal value is no change: \(set.output)")
            #expect(try client.item(Express.key)?.value == Express.payload(views: 7))
            let indented = try await ProgramRun.run("show", server.address, "sess", Express.id)
            #expect(indented.lines.first == "{" && indented.lines.contains(#"  "views": 7,"#))
        }

        @Test func `a script answers each line as it arrives`() async throws {
            let run = try ProgramRun(["run", "demo:"])
            try run.type("use shop-carts plain")
            try await run.wait(for: "container shop-carts")
            try run.type("open 4711")
            try await run.wait(for: "session 4711")
            try run.type("set /step \"done\"")
            try await run.wait(for: #"M /step "payment" -> "done""#)
            let result = try await run.end()
            #expect(result.status == 1)
            #expect(result.errors == "tidemark: 1 change not committed and dropped\n")
        }

        @Test func `a reader that leaves early does not hang the program`() async throws {
            let server = try MemcachedServer()
            let client = try RawClient(port: server.port)
            // More than a pipe holds, so that the program is still writing when its reader goes.
            let records = (0..<4000).map { "set many:\($0) 0 0 1 noreply\r\nx\r\n" }.joined()
            try client.ask(records + "mn\r\n", until: ["MN\r\n"])
            let run = try ProgramRun(["ls", server.address, "many"])
            try await run.wait(for: "\n")
            run.stopReading()
            let result = try await run.end()
            #expect(result.status == 0 || result.status == 128 + Int(SIGPIPE))
            #expect(result.errors == "")
        }

        @Test func `the version and the help are data`() async throws {
            let version = try await ProgramRun.run("--version")
            #expect(version.status == 0 && version.errors == "" && version.lines.count == 1)
            for command in [[], ["run"], ["check"], ["ls"], ["show"], ["console"]] {
                let help = try await ProgramRun(command + ["--help"]).end()
                #expect(help.status == 0 && help.errors == "")
                #expect(help.output.contains("USAGE: tidemark"))
            }
        }
    }
}
