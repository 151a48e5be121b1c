/// A key as the console knows it, whatever bytes the terminal sent for it.
public enum Key: Hashable, Sendable {
    /// A printable character, the blank included.
    case character(Character)
    /// A letter (always lowercase) or one of `\ ] ^ _` or a blank, typed together with Ctrl.
    case control(Character)
    /// Enter.
    case enter
    /// Tab.
    case tab
    /// Shift and Tab.
    case backTab
    /// Escape.
    case escape
    /// Backspace.
    case backspace
    /// Delete.
    case delete
    /// Insert.
    case insert
    /// Arrow up.
    case up
    /// Arrow down.
    case down
    /// Arrow left.
    case left
    /// Arrow right.
    case right
    /// Home.
    case home
    /// End.
    case end
    /// Page up.
    case pageUp
    /// Page down.
    case pageDown
    /// A function key by its number, from 1.
    case function(Int)

    /// The name by which help, key tables and scripts call the key: `Enter`, `Ctrl-R`, `PgDn`, `F5`, `j`.
    public var name: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .control(" "): "Ctrl-Space"
        case .control(let character): "Ctrl-" + character.uppercased()
        case .function(let number): "F\(number)"
        default: Self.named.first { $0.key == self }?.name ?? ""
        }
    }

    /// The key of that name; `nil` where no key has it.
    ///
    /// Names are case-sensitive, as ``name`` gives them: `G` is Shift and `g`. A text of one character is that key.
    public init?(name: String) {
        if name.count == 1, let character = name.first, character != " " {
            self = .character(character)
        } else if name == "Space" {
            self = .character(" ")
        } else if name == "Ctrl-Space" {
            self = .control(" ")
        } else if let entry = Self.named.first(where: { $0.name == name }) {
            self = entry.key
        } else if name.hasPrefix("Ctrl-"), let character = name.last, name.count == 6,
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ\\]^_".contains(character)
        {
            self = .control(Character(character.lowercased()))
        } else if name.hasPrefix("F"), let number = Int(name.dropFirst()), number > 0, name == "F\(number)" {
            self = .function(number)
        } else {
            return nil
        }
    }

    private static let named: [(key: Key, name: String)] = [
        (.enter, "Enter"), (.tab, "Tab"), (.backTab, "Shift-Tab"), (.escape, "Esc"), (.backspace, "Backspace"),
        (.delete, "Del"), (.insert, "Ins"), (.up, "Up"), (.down, "Down"), (.left, "Left"), (.right, "Right"),
        (.home, "Home"), (.end, "End"), (.pageUp, "PgUp"), (.pageDown, "PgDn"),
    ]
}
