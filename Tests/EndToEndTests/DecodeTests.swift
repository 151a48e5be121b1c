import Testing

extension EndToEnd {
    @Suite struct DecodeTests {
        @Test func `bytes from standard input are named and printed as a value`() async throws {
            let result = try await ProgramRun.run("decode", input: "(dp0\nVuser\np1\nS'jdoe'\np2\ns.")
            #expect(
                result
                    == ProgramResult(status: 0, output: "{\n  \"user\": b\"jdoe\"\n}\n", errors: "pickle, 27 bytes\n"))
        }

        @Test func `one line tells all of it, dangers included`() async throws {
            let file = try TemporaryFile("cos\nsystem\n(S'id'\ntR.")
            let result = try await ProgramRun.run("decode", "--json", file.path)
            #expect(result.status == 0 && result.errors == "")
            #expect(
                result.lines == [
                    #"{"format": "pickle", "bytes": 21, "dangers": ["a program that loads this pickle would use os.system"], "#
                        + #""value": {"$class": "os.system", "$state": {"$tuple": [{"$bytes": "id"}]}}}"#
                ])
        }

        @Test(arguments: [("{\"a\": 1}", "json"), ("hello", "text"), ("\u{1}", "hex"), ("tuple(1)", "notation")])
        func `each format has its name`(payload: String, name: String) async throws {
            let file = try TemporaryFile(payload)
            let result = try await ProgramRun.run("decode", file.path)
            #expect(result.status == 0 && result.errors.hasPrefix(name + ", "))
        }

        @Test func `a file that is not there is not found`() async throws {
            #expect(try await ProgramRun.run("decode", "/nowhere/at/all").status == 3)
        }
    }
}
