import SessionCore
import Testing

@Suite struct CookieTextTests {
    @Test(arguments: [
        ("a=1; b=2", [("a", "1"), ("b", "2")]), ("Cookie: a=1", [("a", "1")]), ("cookie:a=1;b", [("a", "1")]),
        (" a = \"x y\" ;; =3; b==", [("a", "x y"), ("b", "=")]), ("", []), ("value", []), ("a=", [("a", "")]),
        ("a=1; a=2", [("a", "1"), ("a", "2")]), ("a=\"", [("a", "\"")]),
    ])
    func `names and values of a field, as servers read them`(text: String, expected: [(String, String)]) {
        let pairs = CookieText.pairs(of: text)
        #expect(pairs.map(\.name) == expected.map(\.0))
        #expect(pairs.map(\.value) == expected.map(\.1))
    }

    @Test(arguments: [
        ("s%3Aabc%2Bd", "s:abc+d"), ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%41%", "A%"), ("%e2%82%ac", "€"),
        ("", ""),
    ])
    func `percent spellings are undone, and nothing else`(text: String, expected: String) {
        #expect(String(decoding: PercentCoding.decoded(text.utf8), as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("b9a1aa34-e44a-4370-9d06-1431ab692b94", true), ("B9A1AA34-e44a-4370-9d06-1431ab692b94", false),
        ("b9a1aa34-e44a-4370-9d06-1431ab692b9", false), ("b9a1aa34e-44a-4370-9d06-1431ab692b94", false),
        ("------------------------------------", false), ("", false), ("é9a1aa34-e44a-4370-9d06-1431ab692b9", false),
    ])
    func `a UUID has its form`(text: String, hasForm: Bool) {
        #expect(RandomSessionIDs.hasForm(text.utf8) == hasForm)
        #expect(RandomSessionIDs.hasForm(RandomSessionIDs().makeID().utf8))
    }
}
