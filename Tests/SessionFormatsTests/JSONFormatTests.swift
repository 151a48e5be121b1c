import BigInt
import OrderedCollections
import SessionCore
import SessionFormats
import Testing

@Suite struct JSONFormatTests {
    private let format = JSONFormat()

    private static let accepted: [(String, SessionValue)] = [
        ("{}", [:]), ("[]", []), (" [ ] ", []), ("[1,-0,0]", [1, .double(-0.0), 0]),
        ("[1e5,1E+2,2.5e-1]", [100_000.0, 100.0, 0.25]),
        ("[true,false,null]", [true, false, .null]), ("[\"\\u00e9\\n\\/\\ud83d\\ude00\"]", ["é\n/😀"]),
        ("{\"a\":1,\"a\":2}", ["a": 2]),
        ("[12345678901234567890]", [.bigInteger(BigInt("12345678901234567890"))]),
        ("[\"\u{7F}\u{2028}\"]", ["\u{7F}\u{2028}"]),
        ("\t\r\n{\"\":{}}", ["": [:]]), ("[[[[]]]]", [[[[]]]]),
        ("[1.7976931348623157e308]", [.double(.greatestFiniteMagnitude)]),
    ]

    @Test(arguments: accepted)
    func `reads what RFC 8259 allows`(text: String, value: SessionValue) throws {
        #expect(try format.decode(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1,]", "[,1]", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\"}", "{\"a\":}", "{1:2}", "[1 2]",
        "[01]", "[+1]",
        "[.5]", "[5.]", "[1e]", "[0x1]", "[NaN]", "[Infinity]", "[-]", "[nul]", "[True]", "[tru e]", "[\"\t\"]",
        "[\"\\x41\"]", "[\"\\u12\"]",
        "[\"\\ud800\"]", "[\"\\udc00\\ud800\"]", "[\"a]", "[b\"x\"]", "[tuple(1)]", "[set()]", "[ref(1)]",
        "[double(\"nan\")]",
        "[object(\"A\", 1)]", "[bytes(\"\")]", "{} {}", "[]x", "[1]//", "\u{FEFF}[]", "[\"\u{0}\"]",
        "{\"a\":1 \"b\":2}", "]", "}",
        "{b\"x\":1}", "[1]\0",
    ])
    func `refuses what it does not allow`(text: String) {
        #expect(throws: FormatError.self) { try format.decode(Array(text.utf8)) }
    }

    @Test func `refuses text that is no UTF-8`() {
        for bad in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]] as [[UInt8]] {
            #expect(throws: FormatError.self) { try format.decode([0x5B, 0x22] + bad + [0x22, 0x5D]) }
        }
    }

    @Test func `says what it cannot hold`() {
        for value in [.bytes([1]), .tuple([]), .set([]), .reference(1), .object(className: "A", state: .null)]
            as [SessionValue]
        {
            #expect(format.refusal(of: ["a": [value]]) == "JSON cannot hold a value of kind \(value.kind.rawValue)")
            #expect(throws: FormatError.self) { try format.encode(["a": value]) }
        }
        #expect(format.refusal(of: [.double(.nan)]) != nil)
        #expect(format.refusal(of: .map([1: 1]))?.contains("its keys are text") == true)
        #expect(format.refusal(of: ["a": [1, 2.5, "x", .null, true]]) == nil)
    }

    private func spliced(_ text: String, _ steps: (ValuePath, SessionValue?)...) throws -> String {
        let payload = Array(text.utf8)
        let tree = try format.decode(payload)
        var edit: Edit?
        for (path, value) in steps { edit = Edit.setting(value, at: path[...], base: tree, edit: edit) }
        return String(decoding: try format.splice(try #require(edit), into: payload, tree: tree), as: UTF8.self)
    }

    @Test func `what is added looks like its neighbours`() throws {
        // JSON.stringify, json.dumps, and an indented file.
        #expect(
            try spliced("{\"a\":1,\"b\":\"é\"}", ([.key("c")], ["x": "ü", "y": [1, 2]]))
                == "{\"a\":1,\"b\":\"é\",\"c\":{\"x\":\"ü\",\"y\":[1,2]}}")
        #expect(
            try spliced("{\"a\": 1, \"b\": \"\\u00e9\"}", ([.key("c")], ["x": "ü", "y": [1, "😀"]]))
                == "{\"a\": 1, \"b\": \"\\u00e9\", \"c\": {\"x\": \"\\u00fc\", \"y\": [1, \"\\ud83d\\ude00\"]}}")
        #expect(
            try spliced("{\n  \"a\": 1,\n  \"b\": 2\n}", ([.key("c")], 3))
                == "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}")
        #expect(try spliced("{\n  \"a\": 1\n}", ([.key("c")], 3)) == "{\n  \"a\": 1,\n  \"c\": 3\n}")
        #expect(try spliced("{\"a\": 1}", ([.key("c")], "x")).hasPrefix("{\"a\": 1,"))
        #expect(try spliced("{}", ([.key("c")], 3)) == "{\"c\":3}")
        #expect(try spliced("[1, 2]", ([.index(2)], 3)) == "[1, 2, 3]")
    }

    @Test func `removing takes the member and one comma`() throws {
        let text = "{ \"a\": 1, \"b\" : [1,  2, 3 ] , \"c\":3 }"
        #expect(try spliced(text, ([.key("a")], nil)) == "{ \"b\" : [1,  2, 3 ] , \"c\":3 }")
        #expect(try spliced(text, ([.key("b")], nil)) == "{ \"a\": 1, \"c\":3 }")
        #expect(try spliced(text, ([.key("c")], nil)) == "{ \"a\": 1, \"b\" : [1,  2, 3 ] }")
        #expect(try spliced(text, ([.key("b"), .index(1)], nil)) == "{ \"a\": 1, \"b\" : [1, 3 ] , \"c\":3 }")
        #expect(try spliced("{\"a\":1,\"b\":2,\"a\":3}", ([.key("a")], nil)) == "{\"b\":2}")
        #expect(try spliced("{\"a\":1,\"b\":2,\"a\":3}", ([.key("a")], 4)) == "{\"a\":1,\"b\":2,\"a\":4}")
    }

    @Test func `numbers and escapes that nobody touched keep their spelling`() throws {
        let text = "{\"n\":1.50,\"e\":1E2,\"s\":\"\\u0041\\/\",\"big\":1e999999,\"x\":0}"
        guard (try? format.decode(Array(text.utf8))) != nil else { return }
        #expect(try spliced(text, ([.key("x")], 1)) == text.dropLast(2) + "1}")
    }

    @Test func `recognises objects and arrays, blanks before them allowed`() {
        for text in ["{}", " \n[", "\t{"] { #expect(format.recognises(Array(text.utf8), flags: 0)) }
        for text in ["", " ", "\"a\"", "1", "a{"] { #expect(!format.recognises(Array(text.utf8), flags: 0)) }
    }
}
