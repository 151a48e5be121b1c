import BigInt
import OrderedCollections
import RandomValues
import SessionCore
import Testing

@Suite struct NotationTests {
    @Test(arguments: RandomSource.seeds(20))
    func `what is printed reads back as the same value, and nothing in it acts on a terminal`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        for _ in 0..<250 {
            let value = random.value(.everything, depth: 4)
            let text = Notation.text(of: value)
            #expect(try Notation.value(parsing: text) == value, "\(text)")
            let indented = Notation.indentedText(of: value)
            #expect(try Notation.value(parsing: indented) == value, "\(indented)")
            #expect(!text.unicodeScalars.contains { PrintableText.mustEscape($0) }, "\(text)")
            #expect(!indented.unicodeScalars.contains { PrintableText.mustEscape($0) && $0 != "\n" }, "\(indented)")
        }
    }

    private static let forms: [(SessionValue, String)] = [
        (.null, "null"), (true, "true"), (-7, "-7"), (0.1, "0.1"), (.double(-0.0), "-0.0"), (1.0, "1.0"),
        (.double(.nan), "double(\"nan\")"), (.double(-.infinity), "double(\"-inf\")"),
        (.bigInteger(BigInt(Int.max) + 1), "9223372036854775808"), (.integer(.min), "-9223372036854775808"),
        (.bytes([0x63, 0xE9, 0x22, 0]), "b\"c\\xe9\\\"\\x00\""), (.tuple([1, "a"]), "tuple(1, \"a\")"),
        (.tuple([]), "tuple()"),
        (.set([1, 2]), "set(1, 2)"), ([1: "n", "1": [], .null: [:]], "{1: \"n\", \"1\": [], null: {}}"),
        (.object(className: "a.B", state: ["x": 1]), "object(\"a.B\", {\"x\": 1})"), (.reference(3), "ref(3)"),
        ("a\u{202E}b\n\u{E0041}", "\"a\\u202eb\\n\\udb40\\udc41\""),
    ]

    @Test(arguments: forms)
    func `each kind has its own form`(value: SessionValue, text: String) throws {
        #expect(Notation.text(of: value) == text)
        #expect(try Notation.value(parsing: text) == value)
    }

    private static let spellings: [(String, SessionValue)] = [
        ("bytes(\"\\x41\")", .bytes([0x41])), (" [ 1 ,\t2\r\n] ", [1, 2]), ("\"\\ud83d\\ude00\\/\"", "😀/"),
        ("{\"a\": 1, \"a\": 2}", ["a": 2]), ("1e2", 100.0), ("-0", .double(-0.0)), ("tuple( )", .tuple([])),
    ]

    @Test(arguments: spellings)
    func `other spellings are read too`(text: String, value: SessionValue) throws {
        #expect(try Notation.value(parsing: text) == value)
    }

    @Test(arguments: [
        ("", 1, "the text ends"), ("  ", 3, "the text ends"), ("[1, 2", 6, "expected ]"), ("[1 2]", 4, "expected ]"),
        ("{\"ä\": }", 7, "expected a value"), ("{\"a\" 1}", 6, "expected :"), ("yes", 1, "text needs double quotes"),
        ("\"a\nb\"", 3, "control character"), ("\"ab", 1, "no closing quote"), ("01", 1, "does not start with 0"),
        ("1.", 3, "expected a digit"), ("\"\\q\"", 2, "no such escape"), ("\"é\\ud800\"", 3, "surrogate"),
        ("1 2", 3, "ends before this"), ("set(1, 1)", 1, "holds each value once"), ("ref(-1)", 1, "from 0"),
        ("double(\"1\")", 1, "takes"), ("b\"\\u0041\"", 3, "no such escape"), ("tuple[1]", 1, "expected a value"),
    ])
    func `an error says the column and what is wrong there`(text: String, column: Int, problem: String) {
        #expect {
            try Notation.value(parsing: text)
        } throws: { error in
            guard let error = error as? NotationError else { return false }
            return error.column == column && error.problem.contains(problem)
                && "\(error)".hasPrefix("column \(column): ")
        }
    }

    @Test func `nesting is bounded, and the bound is reached`() throws {
        func nested(_ open: String, _ close: String, _ depth: Int) -> String {
            String(repeating: open, count: depth) + String(repeating: close, count: depth)
        }
        for (open, close) in [("[", "]"), ("tuple(", ")"), ("set(", ")")] {
            _ = try Notation.value(parsing: nested(open, close, Notation.maximumDepth))
            #expect(throws: NotationError.self) {
                try Notation.value(parsing: nested(open, close, Notation.maximumDepth + 1))
            }
            #expect(throws: NotationError.self) { try Notation.value(parsing: String(repeating: open, count: 100_000)) }
        }
        let maps = String(repeating: "{1:", count: 100_000)
        #expect(throws: NotationError.self) { try Notation.value(parsing: maps) }
    }

    @Test func `a number of a million digits is refused at once`() {
        let clock = ContinuousClock()
        let spent = clock.measure {
            #expect(throws: NotationError.self) {
                try Notation.value(parsing: String(repeating: "9", count: 1_000_000))
            }
        }
        #expect(spent < .seconds(5))
    }

    @Test(arguments: RandomSource.seeds(10))
    func `every truncation and mutation of a text is a value or a typed error`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<20 {
            let bytes = Array(Notation.text(of: random.value(.everything, depth: 3)).utf8)
            for length in bytes.indices { check(Array(bytes[..<length])) }
            for _ in 0..<100 where !bytes.isEmpty {
                var mutated = bytes
                for _ in 0..<random.number(1...3) {
                    let place = random.number(0...(mutated.count - 1))
                    switch random.number(0...2) {
                    case 0: mutated[place] = UInt8(random.number(0...255))
                    case 1: mutated.insert(random.pick(Array("{}[](),:\"\\0-e.u".utf8), or: 0), at: place)
                    default: if mutated.count > 1 { mutated.remove(at: place) }
                    }
                }
                check(mutated)
            }
        }
    }

    private func check(_ bytes: [UInt8]) {
        do throws(NotationError) {
            let value = try Notation.value(parsing: bytes)
            #expect(throws: Never.self) { try Notation.value(parsing: Notation.text(of: value)) }
        } catch {
            #expect(error.offset >= 0 && error.offset <= bytes.count && error.column >= 1 && !error.problem.isEmpty)
        }
    }
}
