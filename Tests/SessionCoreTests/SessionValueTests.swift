import BigInt
import OrderedCollections
import RandomValues
import SessionCore
import Testing

@Suite struct SessionValueTests {
    private static let pairs: [(SessionValue, SessionValue)] = [
        ("é", "e\u{301}"), (.double(0), .double(-0.0)), (1, 1.0), (1, .bigInteger(1)),
        ("a", .bytes([0x61])), ([1], .tuple([1])), ([1], .set([1])), (.set([1, 2]), .set([2, 1])), (0, false),
        (.null, [:]),
        (["a": 1, "b": 2], ["b": 2, "a": 1]), (.double(.nan), .double(-.nan)),
        (.object(className: "é", state: .null), .object(className: "e\u{301}", state: .null)),
        (["é": 1], ["e\u{301}": 1]), (.reference(1), 1),
    ]

    @Test(arguments: pairs)
    func `values that differ in kind, bits or order are different`(left: SessionValue, right: SessionValue) {
        #expect(left != right)
        #expect(Set([left, right]).count == 2)
    }

    @Test func `a value is equal to itself, not a number included`() {
        #expect(SessionValue.double(.nan) == .double(.nan))
        #expect(Set([SessionValue.double(.nan), .double(.nan)]).count == 1)
    }

    @Test func `composed and decomposed accents are two keys of one map`() {
        let map: SessionMap = ["é": 1, "e\u{301}": 2]
        #expect(map.count == 2)
        #expect(map["é"] == 1 && map["e\u{301}"] == 2)
    }

    @Test(arguments: RandomSource.seeds(5))
    func `equal values hash alike, and a copy through the notation is equal`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        for _ in 0..<200 {
            let value = random.value(.everything)
            let copy = try Notation.value(parsing: Notation.text(of: value))
            #expect(value == copy && value.hashValue == copy.hashValue)
            let other = random.value(.everything)
            #expect((value == other) == (Notation.text(of: value) == Notation.text(of: other)))
        }
    }
}
