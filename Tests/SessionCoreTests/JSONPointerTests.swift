import OrderedCollections
import RandomValues
import SessionCore
import Testing

@Suite struct JSONPointerTests {
    /// The document of RFC 6901, section 5.
    private static let document: SessionValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
    ]

    private static let examples: [(String, SessionValue)] = [
        ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3),
        ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8), ("", document),
    ]

    @Test(arguments: examples)
    func `the examples of RFC 6901 name what they should`(text: String, value: SessionValue) throws {
        let pointer = try JSONPointer(parsing: text)
        #expect(pointer.text == text)
        let root = EditedNode(base: Self.document, edit: nil)
        #expect(root.node(at: try root.path(to: pointer))?.value == value)
    }

    @Test(arguments: [("foo", "must start with /"), ("/a~", "has a ~"), ("/a~2", "has a ~"), ("/~~0", "has a ~")])
    func `what is no pointer is refused`(text: String, problem: String) {
        #expect {
            try JSONPointer(parsing: text)
        } throws: { ($0 as? JSONPointerError)?.description.contains(problem) == true }
    }

    @Test(arguments: RandomSource.seeds(10))
    func `the text of any pointer reads back as it, tokens with combining marks included`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        for _ in 0..<300 {
            let pointer = JSONPointer(tokens: (0..<random.number(0...4)).map { _ in random.text() })
            let again = try JSONPointer(parsing: pointer.text)
            #expect(again.tokens.map { Array($0.utf8) } == pointer.tokens.map { Array($0.utf8) }, "\(pointer)")
        }
    }

    @Test func `~01 is ~1, not a slash`() throws {
        #expect(try JSONPointer(parsing: "/~01").tokens == ["~1"])
    }

    private let mixed = EditedNode(
        base: .map([
            "1": "text", 1: "number", .bytes([0x31]): "bytes", "only": 1, .bytes([0xFF]): 2, .null: 3, "int(1)": 4,
        ]),
        edit: nil)

    @Test func `a token that names several keys is ambiguous, and a tagged token decides`() throws {
        let pointer = JSONPointer(tokens: ["1"])
        #expect {
            try mixed.path(to: pointer)
        } throws: { error in
            guard case .ambiguous(pointer, let choices) = error as? PointerMismatch else { return false }
            return choices == ["/str(\"1\")", "/key(b\"1\")", "/int(1)"]
        }
        func value(_ token: String) throws -> SessionValue? {
            mixed.node(at: try mixed.path(to: JSONPointer(tokens: [token])))?.value
        }
        #expect(try value("str(\"1\")") == "text")
        #expect(try value("key(b\"1\")") == "bytes")
        #expect(try value("key(b\"\\xff\")") == 2)
        #expect(try value("key(null)") == 3)
        #expect(try value("only") == 1)
        // A key whose own text looks like a tagged token goes first.
        #expect(try value("int(1)") == 4)
    }

    @Test(arguments: [
        (["only", "x"], "/only is int, nothing is inside it"), (["none"], "no key /none"),
        (["none", "x"], "no key /none"),
        (["list", "2"], "no element /list/2: the list has 2 elements, 0 to 1"),
        (["list", "01"], "no element /list/01: elements of a list are numbered from 0"),
        (["list", "-1"], "no element /list/-1: elements of a list are numbered from 0"),
        (["empty", "0"], "no element /empty/0: the list has 0 elements"), (["object", "x"], "no key /object/x"),
    ])
    func `a place that is not there is told with what is there instead`(tokens: [String], message: String) {
        let root = EditedNode(
            base: ["only": 1, "list": [1, 2], "empty": [], "object": .object(className: "C", state: [:])], edit: nil)
        #expect {
            try root.path(to: JSONPointer(tokens: tokens))
        } throws: { ($0 as? PointerMismatch)?.description == message }
    }

    @Test func `a key that is made takes the kind of its neighbours`() throws {
        func path(_ base: SessionValue, _ token: String) throws -> ValuePath {
            try EditedNode(base: base, edit: nil).settablePath(to: JSONPointer(tokens: [token]))
        }
        #expect(try path(["a": 1], "b") == [.key("b")])
        #expect(try path(.map([.bytes([0x61]): 1]), "b") == [.key(.bytes([0x62]))])
        #expect(try path(.map([7: 1]), "8") == [.key(8)])
        #expect(try path(.map([7: 1]), "x") == [.key("x")])
        #expect(try path(["a": 1], "int(8)") == [.key(8)])
        #expect(try path([1, 2], "-") == [.index(2)])
        #expect(try path([1, 2], "2") == [.index(2)])
        #expect(throws: PointerMismatch.self) { try path([1, 2], "3") }
        #expect(throws: PointerMismatch.self) { try path("text", "a") }
    }
}
