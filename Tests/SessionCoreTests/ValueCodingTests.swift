import BigInt
import OrderedCollections
import RandomValues
import SessionCore
import Testing

@Suite struct ValueCodingTests {
    /// Encodes, compares and decodes again.
    private func expectRoundTrip<T: Codable & Equatable>(
        _ instance: T, _ value: SessionValue, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(try ValueCoding.value(encoding: instance) == value, sourceLocation: sourceLocation)
        #expect(try ValueCoding.decode(T.self, from: value) == instance, sourceLocation: sourceLocation)
    }

    private func expectFailure<T: Decodable>(
        _ type: T.Type, _ value: SessionValue, _ pointer: String, _ problem: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ValueCodingError.self, sourceLocation: sourceLocation) {
            try ValueCoding.decode(type, from: value)
        }
        expect(error, pointer, problem, sourceLocation: sourceLocation)
    }

    private func expectFailure(
        encoding instance: some Encodable, _ pointer: String, _ problem: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ValueCodingError.self, sourceLocation: sourceLocation) {
            try ValueCoding.value(encoding: instance)
        }
        expect(error, pointer, problem, sourceLocation: sourceLocation)
    }

    /// Compares the pointer, and looks for a part of the problem.
    private func expect(
        _ error: ValueCodingError?, _ pointer: String, _ problem: String, sourceLocation: SourceLocation
    ) {
        #expect(error?.pointer.text == pointer, sourceLocation: sourceLocation)
        #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")", sourceLocation: sourceLocation)
    }

    // MARK: Shapes

    @Test func `a struct is a map in the order of its members`() throws {
        let cart = Cart(
            owner: "Ada", note: nil, items: [Item(name: "tea", price: 1.5), Item(name: "cup", price: 3)],
            state: .shipped(by: "post", days: 2), last: .open)
        let value: SessionValue = [
            "owner": "Ada", "items": [["name": "tea", "price": 1.5], ["name": "cup", "price": 3.0]],
            "state": ["shipped": ["by": "post", "days": 2]], "last": ["open": [:]],
        ]
        try expectRoundTrip(cart, value)
    }

    @Test func `nil is null where it must be said, and a null reads as nil`() throws {
        try expectRoundTrip([1, nil, 3] as [Int?], [1, .null, 3])
        try expectRoundTrip(Int?.none, .null)
        try expectRoundTrip(["a": nil, "b": 1] as [String: Int?], ["a": .null, "b": 1])
        let item = try ValueCoding.decode(Noted.self, from: ["note": .null])
        #expect(item == Noted(note: nil))
        #expect(try ValueCoding.decode(Noted.self, from: [:]) == Noted(note: nil))
    }

    @Test func `dictionaries have text keys, and are the same value each time`() throws {
        try expectRoundTrip(["b": 1, "a": 2, "é": 3], ["a": 2, "b": 1, "é": 3])
        try expectRoundTrip([2: true, 1: false], ["1": false, "2": true])
        try expectRoundTrip([Suit.spades: 1], ["spades", 1])
        try expectRoundTrip([Suit.spades: 1, .hearts: 2], ["hearts", 2, "spades", 1])
        try expectRoundTrip(Set(["c", "a", "b"]), ["a", "b", "c"])
        try expectRoundTrip([String: Int](), [:])
        try expectRoundTrip([Suit: Int](), [])
        let many = Dictionary(uniqueKeysWithValues: (0..<200).map { ("\($0)", $0) })
        var grown = many
        grown.reserveCapacity(10_000)
        #expect(try ValueCoding.value(encoding: many) == ValueCoding.value(encoding: grown))
    }

    @Test func `keys of other languages are found`() throws {
        let name = SessionValue.bytes(Array("name".utf8))
        #expect(try ValueCoding.decode(Item.self, from: [name: "tea", "price": 1]) == Item(name: "tea", price: 1))
        #expect(try ValueCoding.decode([Int: String].self, from: [1: "a", -2: "b"]) == [1: "a", -2: "b"])
        let byText = try ValueCoding.decode([String: Int].self, from: [1: 1, name: 2, "x": 3])
        #expect(byText == ["1": 1, "name": 2, "x": 3])
        #expect(try ValueCoding.decode(Numbered.self, from: [7: "a"]) == Numbered(first: "a"))
        try expectRoundTrip(Numbered(first: "a"), ["first": "a"])
    }

    @Test func `a class keeps its superclass apart or together`() throws {
        let dog = Dog(name: "Rex", tricks: 3)
        try expectRoundTrip(dog, ["tricks": 3, "super": ["name": "Rex"], "kept": ["name": "Rex"]])
        try expectRoundTrip(Cat(name: "Tom", lives: 9), ["name": "Tom", "lives": 9])
    }

    @Test func `nested containers are written in turn`() throws {
        try expectRoundTrip(
            Nested(a: 1, b: 2, c: [3, 4]),
            ["outer": ["a": 1, "inner": [["b": 2], [3, 4], .null, "last"], "again": true]])
    }

    @Test func `objects, tuples and sets read as what they hold`() throws {
        let state: SessionValue = ["name": .bytes(Array("tea".utf8)), "price": .object(className: "P", state: 2)]
        let object = SessionValue.object(className: "A", state: .object(className: "B", state: state))
        #expect(try ValueCoding.decode(Item.self, from: object) == Item(name: "tea", price: 2))
        #expect(try ValueCoding.decode(Int?.self, from: .object(className: "A", state: .null)) == nil)
        #expect(try ValueCoding.decode([Int].self, from: .tuple([1, 2])) == [1, 2])
        #expect(try ValueCoding.decode(Set<Int>.self, from: .set([1, 2])) == [1, 2])
        let lists: SessionValue = [.set([]), .object(className: "L", state: [1])]
        #expect(try ValueCoding.decode([[Int]].self, from: lists) == [[], [1]])
    }

    // MARK: Single values

    private func expectEnds<T: FixedWidthInteger & Codable>(_: T.Type) throws {
        for number in [T.min, 0, 1, .max] {
            let big = BigInt(number)
            let value = Int(exactly: big).map(SessionValue.integer) ?? .bigInteger(big)
            try expectRoundTrip(number, value)
            try expectRoundTrip(["n": number], ["n": value])
            // Whether a number is `integer` or `bigInteger` is the reader's matter.
            #expect(try ValueCoding.decode(T.self, from: .bigInteger(big)) == number)
        }
        for big in [BigInt(T.max) + 1, BigInt(T.min) - 1] {
            let value = Int(exactly: big).map(SessionValue.integer) ?? .bigInteger(big)
            expectFailure([T].self, [value], "/0", "\(big) does not fit \(T.self)")
        }
        expectFailure([T].self, [1.0], "/0", "expected an integer, found float")
    }

    @Test func `integers of every width are exact to their ends and refused beyond`() throws {
        try expectEnds(Int8.self)
        try expectEnds(Int16.self)
        try expectEnds(Int32.self)
        try expectEnds(Int64.self)
        try expectEnds(Int.self)
        try expectEnds(Int128.self)
        try expectEnds(UInt8.self)
        try expectEnds(UInt16.self)
        try expectEnds(UInt32.self)
        try expectEnds(UInt64.self)
        try expectEnds(UInt.self)
        try expectEnds(UInt128.self)
        try expectRoundTrip(BigInt(5), 5)
        try expectRoundTrip(BigInt(Int.max) + 1, .bigInteger(BigInt(Int.max) + 1))
    }

    @Test func `numbers read as floating point when that is exact`() throws {
        for number in [0, -0.0, 0.1, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude] {
            try expectRoundTrip(number, .double(number))
        }
        #expect(try ValueCoding.value(encoding: Double.nan) == .double(.nan))
        #expect(try ValueCoding.decode(Double.self, from: .double(.nan)).isNaN)
        try expectRoundTrip(Float(0.1), .double(Double(Float(0.1))))
        #expect(try ValueCoding.decode(Float.self, from: 0.1) == 0.1)
        #expect(try ValueCoding.decode(Float.self, from: .double(.infinity)) == .infinity)
        #expect(try ValueCoding.decode(Float.self, from: .double(.nan)).isNaN)
        #expect(try ValueCoding.decode(Float.self, from: 7) == 7)
        #expect(try ValueCoding.decode(Double.self, from: .integer(1 << 53)) == 0x1p53)
        #expect(try ValueCoding.decode(Double.self, from: .bigInteger(BigInt(1) << 70)) == 0x1p70)
        expectFailure(Double.self, .integer((1 << 53) + 1), "", "9007199254740993 does not fit Double")
        expectFailure(Double.self, .bigInteger((BigInt(1) << 70) + 1), "", "does not fit Double")
        expectFailure(Double.self, .bigInteger(BigInt(10).power(400)), "", "does not fit Double")
        expectFailure(Float.self, .integer((1 << 24) + 1), "", "16777217 does not fit Float")
        expectFailure(Float.self, 1e300, "", "1e+300 does not fit Float")
        expectFailure(Double.self, "1", "", "expected a number, found str")
    }

    @Test func `text is kept exactly, and UTF-8 bytes are text`() throws {
        try expectRoundTrip("e\u{301}\0", "e\u{301}\0")
        #expect(try ValueCoding.decode(String.self, from: .bytes(Array("é".utf8))) == "é")
        expectFailure([String].self, [.bytes([0xFF])], "/0", "no UTF-8")
        try expectRoundTrip(true, true)
        try expectRoundTrip(Suit.spades, "spades")
    }

    @Test func `an array of bytes is bytes, and a list of numbers reads as one`() throws {
        try expectRoundTrip([1, 255] as [UInt8], .bytes([1, 255]))
        try expectRoundTrip([nil, []] as [[UInt8]?], [.null, .bytes([])])
        try expectRoundTrip([Int](), [])
        try expectRoundTrip(["x": [7]] as [String: [UInt8]], ["x": .bytes([7])])
        #expect(try ValueCoding.decode([UInt8].self, from: [1, .bigInteger(2)]) == [1, 2])
        expectFailure([[UInt8]].self, [[1, 256]], "/0/1", "256 does not fit UInt8")
        expectFailure([UInt8].self, "a", "", "expected bytes, found str")
    }

    @Test(arguments: RandomSource.seeds(5))
    func `a session value stays what it is inside a struct`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        for _ in 0..<100 {
            let value = random.value(.everything)
            let wrapper = Wrapper(
                value: value, more: [value, 1], map: ["m": value], maybe: value, forwarded: Forwarded(value))
            var expected: SessionMap = ["value": value, "more": [value, 1], "map": ["m": value], "maybe": value]
            expected["forwarded"] = value
            #expect(try ValueCoding.value(encoding: wrapper) == .map(expected))
            var copy = try ValueCoding.decode(Wrapper.self, from: .map(expected))
            // An optional null is nil, as it is in JSON.
            if value == .null || copy.maybe == nil { copy.maybe = value }
            #expect(copy == wrapper)
            #expect(try ValueCoding.value(encoding: value) == value)
            #expect(try ValueCoding.decode(SessionValue.self, from: value) == value)
        }
    }

    @Test(arguments: RandomSource.seeds(2))
    func `another coder is given a session value as its notation`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        for _ in 0..<100 {
            let value = random.value(.everything)
            let encoder = TextOnlyEncoder()
            try value.encode(to: encoder)
            #expect(encoder.text == Notation.text(of: value))
            #expect(try SessionValue(from: TextOnlyDecoder(text: encoder.text)) == value)
        }
        let error = #expect(throws: DecodingError.self) { try SessionValue(from: TextOnlyDecoder(text: "[1")) }
        #expect("\(String(describing: error))".contains("column 3"))
        let deep = (0...Notation.maximumDepth).reduce(SessionValue.null) { value, _ in [value] }
        #expect(throws: EncodingError.self) { try deep.encode(to: TextOnlyEncoder()) }
    }

    // MARK: Errors

    @Test func `what is missing or of another kind is named with its place`() {
        let item: SessionValue = ["name": "a", "price": 1]
        expectFailure(Item.self, ["price": 1], "/name", "there is no such key")
        expectFailure([Item].self, [item, ["name": "b"]], "/1/price", "there is no such key")
        expectFailure(Item.self, ["name": 1, "price": 1], "/name", "expected text, found int")
        expectFailure(Item.self, ["name": .null, "price": 1], "/name", "expected text, found null")
        expectFailure([Item].self, [item, [1]], "/1", "expected a map, found list")
        expectFailure([Item].self, item, "", "expected a list, found map")
        expectFailure([Bool].self, [0], "/0", "expected a bool, found int")
        expectFailure([String: [Int]].self, ["a/b": ["x"]], "/a~1b/0", "integer")
        expectFailure([Item].self, [.object(className: "A", state: [:])], "/0/state/name", "there is no such key")
        expectFailure(SessionMap.self, [], "", "expected a map, found list")
        expectFailure(Pair.self, [1], "/1", "the list ends after 1 elements")
        expectFailure(Dog.self, ["tricks": 1, "kept": ["name": "a"]], "/super", "expected a map, found null")
        expectFailure(Suit.self, "stars", "", "stars")
        expectFailure(Delivery.self, ["lost": [:]], "", "Invalid number of keys")
        expectFailure([Int: Int].self, ["a": 1], "/a", "Int")
    }

    @Test func `references are refused but as session values`() throws {
        expectFailure([Item].self, [.reference(3)], "/0", "second reference to node 3")
        expectFailure(Int?.self, .reference(3), "", "second reference to node 3")
        #expect(try ValueCoding.decode([SessionValue].self, from: [.reference(3)]) == [.reference(3)])
    }

    @Test func `a dictionary that would lose keys is refused`() {
        expectFailure([[String: Int]].self, [["1": 1, 1: 2]], "/0", "the map has 2 keys, the dictionary would have 1")
        expectFailure([String: Int].self, ["é": 1, "e\u{301}": 2], "", "would have 1")
        expectFailure([String: Int].self, [.null: 1, "a": 1], "", "would have 1")
        expectFailure([String: Int].self, [.bytes([0xFF]): 1], "", "would have 0")
    }

    @Test func `what a type throws is told with its place and safe to print`() {
        expectFailure([Even].self, [2, 3], "/1", "Odd(3, \\u001b)")
        expectFailure([String: [Even]].self, ["a": [5]], "/a/0", "Odd(5")
        expectFailure(encoding: ["a": [Even(2), Even(3)]], "/a/1", "Odd(3, \\u001b)")
        expectFailure([Elsewhere].self, [1], "/0", "from another decoder")
        expectFailure(encoding: [Greedy.twoValues], "/0", "several values")
        expectFailure(encoding: [Greedy.twoContainers], "/0", "several values")
        let error = ValueCodingError(pointer: JSONPointer(tokens: ["a/b"]), problem: "no")
        #expect("\(error)" == "/a~1b: no")
        #expect("\(ValueCodingError(pointer: .root, problem: "no"))" == "the value: no")
    }

    @Test func `a type may catch the standard library's errors`() throws {
        try expectRoundTrip(NumberOrText.number(1), 1)
        try expectRoundTrip(NumberOrText.text("a"), "a")
        try expectRoundTrip([.number(1), .text("a")] as [NumberOrText], [1, "a"])
        #expect(try ValueCoding.decode(Lenient.self, from: ["x", 1, .null, 2]) == Lenient(numbers: [1, 2]))
    }

    @Test func `nesting is bounded both ways, and the bound is reached`() throws {
        func nested(_ depth: Int) -> SessionValue { (0..<depth).reduce(.null) { value, _ in [value] } }
        let limit = Notation.maximumDepth
        let zeros = { (count: Int) in String(repeating: "/0", count: count) }
        try expectRoundTrip(nested(limit), nested(limit))
        expectFailure(SessionValue.self, nested(limit + 1), zeros(limit), "deeper than 200")
        expectFailure(encoding: nested(limit + 1), zeros(limit), "deeper than 200")
        try expectRoundTrip(["a": nested(limit - 1)], ["a": nested(limit - 1)])
        expectFailure(encoding: ["a": nested(limit)], "/a" + zeros(limit - 1), "deeper than 200")
        expectFailure(SessionValue.self, [nested(limit): 1], "", "deeper than 200")
        let objects = (0...limit).reduce(SessionValue.null) { value, _ in .object(className: "A", state: value) }
        expectFailure(Int?.self, objects, String(repeating: "/state", count: limit), "deeper than 200")

        // A chain has a map for each link and none for the end.
        try expectRoundTrip(Chain(length: limit), Chain(length: limit).value)
        expectFailure(encoding: Chain(length: limit + 1), String(repeating: "/next", count: limit), "deeper than 200")
        expectFailure(Chain.self, Chain(length: limit + 1).value, String(repeating: "/next", count: limit), "deeper")
        expectFailure(encoding: Circle(), String(repeating: "/next", count: limit), "deeper than 200")
        expectFailure(encoding: Endless(), "", "deeper than 200")
        expectFailure(Endless.self, 1, "", "deeper than 200")
        expectFailure(encoding: Deep(), zeros(limit), "deeper than 200")
    }
}
