import CellGrid
import Testing

@Suite struct KeyTests {
    static let keys: [Key] =
        [
            .enter, .tab, .backTab, .escape, .backspace, .delete, .insert, .up, .down, .left, .right, .home, .end,
            .pageUp,
            .pageDown, .control(" "), .control("\\"), .control("]"), .control("^"), .control("_"), .character("漢"),
            .character("é"),
        ]
        + (0x20...0x7E).map { .character(Character(Unicode.Scalar($0))) }
        + (0x61...0x7A).map { .control(Character(Unicode.Scalar($0))) }
        + (1...63).map { .function($0) }

    @Test func `every key is found again by its name, and no two share one`() {
        for key in Self.keys { #expect(Key(name: key.name) == key, "\(key.name)") }
        #expect(Set(Self.keys.map(\.name)).count == Self.keys.count)
    }

    @Test func `names are those of the key table`() {
        let keys: [Key] = [.control("r"), .pageDown, .character(" "), .backTab, .function(5), .character("j"), .escape]
        #expect(keys.map(\.name) == ["Ctrl-R", "PgDn", "Space", "Shift-Tab", "F5", "j", "Esc"])
    }

    @Test(arguments: ["", "ctrl-r", "Ctrl-", "Ctrl-é", "Ctrl-RR", "F0", "F05", "F-1", "Enter ", " "])
    func `other texts name no key`(name: String) {
        #expect(Key(name: name) == nil)
    }
}
