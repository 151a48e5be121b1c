import Testing

struct SwiftCodeTests {
    @Test(arguments: [
        ("a // b", "a "),
        ("a /* b /* c */ d */ e", "a  e"),
        ("a(\"b\\\"c\")", "a(\"\")"),
        ("\"a\\(b(\")\") + c)d\" + e", "\"\" b(\"\") + c  + e"),
        ("#\"a\\(b)\"c\"# + d", "\"\" + d"),
        ("#\"a\\#(b)c\"#", "\"\" b "),
        ("\"\"\"\na \" b\n\"\"\" + c", "\"\"\n\n + c"),
        ("#if os(Linux)", "#if os(Linux)"),
        ("\"// a\" + b", "\"\" + b"),
    ])
    func `code stays, comments and texts go`(source: String, code: String) {
        #expect(SwiftCode(source).code == code)
    }

    @Test func `lines keep their numbers`() {
        let code = SwiftCode("/* one\ntwo */ three\n\"\"\"\nfive\n\"\"\"\nseven")
        #expect(code.lines.map(\.text) == ["", " three", "\"\"", "", "", "seven"])
        #expect(code.lines.last?.number == 6)
    }

    @Test(arguments: ["\"a", "/* a", "\"\\(a", "\"\"\"", "\\", "#"])
    func `unfinished source ends`(source: String) {
        #expect(SwiftCode(source).code.count <= source.count + 2)
    }
}
