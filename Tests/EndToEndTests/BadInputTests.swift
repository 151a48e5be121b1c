import MemcachedServer
import Testing

/// One thing that a user gets wrong, and what the program says to it.
struct BadInput: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let arguments: [String]
    var input = ""
    var environment: [String: String] = [:]
    let status: Int
    /// Parts of the sentence: what, where, what to do.
    let says: [String]

    /// With `STORE` in the arguments and in the sentence for the address of the server.
    static let all = [
        BadInput(
            testDescription: "a store scheme that there is not", arguments: ["ls", "redis://cache"], status: 2,
            says: ["no store scheme redis", "redis://cache", "memcached://host:port"]),
        BadInput(
            testDescription: "a word that is no command and no store", arguments: ["frobnicate"], status: 2,
            says: ["no command or store of that name", "frobnicate", "tidemark --help"]),
        BadInput(
            testDescription: "a port that is no number", arguments: ["ls", "cache:http"], status: 2,
            says: ["cache:http", "the port is a number from 1 to 65535"]),
        BadInput(
            testDescription: "a container that there is not", arguments: ["ls", "STORE", "nosuch"], status: 3,
            says: ["no container nosuch", "STORE", "there are (other), own, sess"]),
        BadInput(
            testDescription: "a session that there is not", arguments: ["show", "STORE", "sess", "nosuch"], status: 3,
            says: ["no session nosuch", "in sess", "tidemark ls STORE sess"]),
        BadInput(
            testDescription: "a container that there is not, for show", arguments: ["show", "STORE", "nosuch", "x"],
            status: 3, says: ["no container nosuch", "STORE"]),
        BadInput(
            testDescription: "a script that there is not", arguments: ["run", "STORE", "/nonexistent/script"],
            status: 3,
            says: ["cannot read /nonexistent/script", "No such file"]),
        BadInput(
            testDescription: "a transcript that there is not", arguments: ["check", "memory:", "/nonexistent/one"],
            status: 3, says: ["cannot read /nonexistent/one", "No such file"]),
        BadInput(
            testDescription: "a file of keys that there is not",
            arguments: ["--headless", "--keys", "/nonexistent/keys", "demo:"], status: 3,
            says: ["cannot read /nonexistent/keys", "No such file"]),
        BadInput(
            testDescription: "a key that there is not", arguments: ["--headless", "--keys", "-", "demo:"],
            input: "j\nNoSuchKey\n", status: 2, says: ["line 2", "NoSuchKey is no key", "write Enter"]),
        BadInput(
            testDescription: "a console without a terminal", arguments: ["demo:"], status: 2,
            says: ["standard input is not a terminal", "tidemark run"]),
        BadInput(
            testDescription: "a command that there is not", arguments: ["run", "memory:"], input: "frob\n", status: 2,
            says: ["line 1", "no command frob", "help lists"]),
        BadInput(
            testDescription: "a pointer without a slash", arguments: ["run", "demo:"], input: "ls views\n", status: 2,
            says: ["line 1", "views", "/"]),
        BadInput(
            testDescription: "a session without a container", arguments: ["run", "STORE"], input: "open nosuch\n",
            status: 3, says: ["line 1", "no session or stored key nosuch", "STORE"]),
    ]

    /// Lines that fail in the open Express session; what they say about it.
    static let lines = [
        BadInput(
            testDescription: "a pointer to nothing", arguments: ["get /nope"], status: 3, says: ["no key /nope"]),
        BadInput(
            testDescription: "a value that ends too early", arguments: ["set /views [1,"], status: 2,
            says: ["the value does not parse", "column 4"]),
        BadInput(
            testDescription: "text without quotes", arguments: [#"set /views nope"#], status: 2,
            says: ["the value does not parse", "column 1", "double quotes"]),
        BadInput(
            testDescription: "a value that the format cannot hold", arguments: [#"set /views b"\xff""#], status: 5,
            says: ["/views", "bytes"]),
        BadInput(
            testDescription: "a life that is none", arguments: ["ttl soon"], status: 2,
            says: ["soon is no duration", "30m"]),
        BadInput(
            testDescription: "a savepoint that there is not", arguments: ["rollback nosuch"], status: 3,
            says: ["no savepoint nosuch"]),
        BadInput(
            testDescription: "a key of more than 250 bytes",
            arguments: ["use sess express\nopen " + String(repeating: "k", count: 260)], status: 5,
            says: ["the key would have 265 bytes", "STORE", "at most 250"]),
        BadInput(
            testDescription: "a value over the server's limit",
            arguments: ["set /views \"" + String(repeating: "v", count: 1_100_000) + "\"\ncommit"], status: 7,
            says: ["sess:", "would have 1,100,1", "at most 1,048,4", "nothing was written"]),
        BadInput(
            testDescription: "the demo's command on a real server", arguments: ["writer set /views 1"], status: 5,
            says: ["writer", "demo"]),
    ]
}

extension EndToEnd {
    @Suite struct BadInputTests {
        @Test(arguments: BadInput.all)
        func `what is wrong is said in one sentence on standard error`(bad: BadInput) async throws {
            let (server, client) = try MemcachedServer.withSessions()
            _ = client
            let run = try ProgramRun(bad.arguments.map { $0.replacing("STORE", with: server.address) })
            try? run.type(bad.input)
            let result = try await run.end()
            #expect(result.output == "")
            expect(result, bad, server)
        }

        @Test(arguments: BadInput.lines)
        func `a script stops at the line that fails and says which`(bad: BadInput) async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let before = try client.item(Express.key)
            let script = "open \(Express.key)\n\n# a comment\n\(bad.arguments[0])\nstatus\n"
            let result = try await ProgramRun.run("run", server.address, input: script)
            let line = bad.arguments[0].contains("\n") ? 5 : 4
            #expect(result.errors.hasPrefix("tidemark: line \(line): "), "\(result.errors.prefix(500))")
            #expect(!result.output.contains("transaction"), "nothing runs after the failure")
            expect(result, bad, server)
            #expect(try client.item(Express.key)?.revision == before?.revision)
        }

        @Test func `a script in a file is named with the line`() async throws {
            let script = try TemporaryFile("containers\nget /nope\n")
            let result = try await ProgramRun.run("run", "demo:", script.path)
            #expect(result.status != 0)
            #expect(result.errors.hasPrefix("tidemark: \(script.path) line 2: "), "\(result.errors)")
        }

        @Test func `nobody listening is exit 6 and said at once`() async throws {
            let port = try SilentPort()
            for arguments in [["ls"], ["run"], ["show"]] {
                let rest = arguments == ["show"] ? ["sess", "x"] : []
                let result = try await ProgramRun(arguments + ["127.0.0.1:\(port.number)"] + rest).end()
                #expect(result.status == 6)
                #expect(result.output == "")
                #expect(
                    result.errors.contains(
                        "127.0.0.1:\(port.number): no connection: connection refused. Is the server running?"))
            }
        }

        @Test func `a server that does not answer is exit 6 after the time given`() async throws {
            let server = try MemcachedServer()
            server.pause(true)
            let result = try await ProgramRun.run("ls", "--timeout", "0.3", server.address)
            server.pause(false)
            #expect(result.status == 6)
            #expect(result.output == "")
            #expect(result.errors.hasPrefix("tidemark: \(server.address)"), "\(result.errors)")
        }

        @Test func `a server with small items refuses by its own limit`() async throws {
            let server = try MemcachedServer(["-I", "8k", "-o", "slab_chunk_max=8192"])
            try Express.write(RawClient(port: server.port), views: 7)
            let value = String(repeating: "v", count: 9000)
            let result = try await ProgramRun.run(
                "run", server.address, input: "open \(Express.key)\nset /views \"\(value)\"\ncommit\n")
            #expect(result.status == 7)
            #expect(result.errors.contains("nothing was written"), "\(result.errors)")
            #expect(try RawClient(port: server.port).item(Express.key)?.value == Express.payload(views: 7))
        }

        @Test func `read-only refuses the commit below every command`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let result = try await ProgramRun.run(
                "run", "--read-only", server.address, input: "open \(Express.key)\nset /views 9\ncommit\n")
            #expect(result.status == 5)
            #expect(result.errors.contains("line 3: \(server.address) is open read-only; nothing was written"))
            #expect(try client.item(Express.key)?.value == Express.payload(views: 7))
        }

        @Test func `a record that the application wrote meanwhile is exit 4, and nothing is written`() async throws {
            let (server, client) = try MemcachedServer.withSessions()
            let run = try ProgramRun(["run", server.address])
            try run.type("open \(Express.key)")
            try await run.wait(for: "session \(Express.id)")
            try run.type("set /views 8")
            try await run.wait(for: "M /views 7 -> 8")
            try Express.write(client, views: 7, page: "/basket")
            try run.type("commit")
            let result = try await run.end()
            #expect(result.status == 4)
            #expect(result.errors.contains("line 3: "))
            #expect(result.errors.contains(Express.key))
            #expect(try client.item(Express.key)?.value == Express.payload(views: 7, page: "/basket"))
        }

        private func expect(_ result: ProgramResult, _ bad: BadInput, _ server: MemcachedServer) {
            #expect(result.status == bad.status, "\(result.errors.prefix(500))")
            #expect(result.errors.hasPrefix("tidemark: "))
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors.prefix(500))")
            for part in bad.says {
                let part = part.replacing("STORE", with: server.address)
                #expect(result.errors.contains(part), "\(part) in \(result.errors.prefix(500))")
            }
        }
    }
}
