import CellGrid
import Console
import ConsoleRuntime
import Testing

@Suite struct KeyScriptTests {
    @Test func `every key that is bound can be written by its name`() throws {
        let letters = "abcdefghijklmnopqrstuvwxyz".map { Key.control($0) }
        let others: [Key] = [.backspace, .delete, .insert, .pageUp, .pageDown, .control(" ")]
        for key in KeyTable.bindings.flatMap(\.keys) + letters + others + (1...12).map({ .function($0) }) {
            #expect(try KeyScript.parse(key.name) == [.key(key)], "\(key.name)")
        }
    }

    @Test func `text, pastes and sizes`() throws {
        let script = "# a comment\n\nj\ntype a b\npaste c, d\nresize 80x24\n#\nEnter\n"
        #expect(
            try KeyScript.parse(script) == [
                .key(.character("j")), .key(.character("a")), .key(.character(" ")), .key(.character("b")),
                .paste("c, d"), .resize(.classic), .key(.character("#")), .key(.enter),
            ])
        #expect(try KeyScript.parse("") == [])
    }

    @Test func `lines may end as they do on Windows`() throws {
        #expect(try KeyScript.parse("j\r\nEnter\r\n") == [.key(.character("j")), .key(.enter)])
    }

    @Test(arguments: [
        ("enter", 1, "enter is no key"), ("j\nCtrl-r", 2, "Ctrl-r is no key"), ("\n\nresize 80", 3, "resize takes WxH"),
        ("resize 0x0", 1, "resize takes WxH"), ("resize 99999x2", 1, "resize takes WxH"), ("jk", 1, "jk is no key"),
        ("F0", 1, "F0 is no key"), ("j \u{1B}[2J", 1, "j ^[[2J is no key"),
    ])
    func `what is no key is refused with its line`(script: String, line: Int, problem: String) {
        let error = #expect(throws: KeyScriptError.self) { try KeyScript.parse(script) }
        #expect(error?.line == line)
        #expect(error?.problem.hasPrefix(problem) == true, "\(error?.problem ?? "")")
        #expect(error?.description.hasPrefix("line \(line): ") == true)
    }
}
