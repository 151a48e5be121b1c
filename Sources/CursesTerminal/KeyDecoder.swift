internal import CNcurses
internal import CellGrid

/// What one reading of curses gave.
enum CursesInput: Hashable {
    /// A character, as its code.
    case character(UInt32)
    /// A key code of curses or of `define_key`.
    case code(Int32)
}

/// Turns what curses reads into keys and pastes.
struct KeyDecoder: Hashable {
    /// Scalars of one paste that are kept; the rest is dropped, so that no paste fills the memory.
    static let pasteLimit = 1 << 20

    /// The paste being collected, between its two marks.
    private var paste: [Unicode.Scalar]?

    /// Takes the next reading; `nil` where it makes no event of its own.
    ///
    /// Between the marks of a paste nothing is a key, so pasted text commands nothing.
    mutating func event(_ input: CursesInput) -> InputEvent? {
        switch input {
        case .code(Int32(TM_KEY_PASTE_BEGIN)):
            paste = paste ?? []
            return nil
        case .code(Int32(TM_KEY_PASTE_END)):
            guard let text = paste else { return nil }
            paste = nil
            return .paste(String(String.UnicodeScalarView(text)))
        case .character(let value):
            guard let collected = paste?.count else { return Self.key(character: value).map { .key($0) } }
            // Terminals send the Enter key's carriage return for a line end.
            if let scalar = Unicode.Scalar(value == 0x0D ? 0x0A : value), collected < Self.pasteLimit {
                paste?.append(scalar)
            }
            return nil
        case .code(let code):
            guard paste == nil else { return nil }
            return Self.key(code: code).map { .key($0) }
        }
    }

    private static func key(character value: UInt32) -> Key? {
        switch value {
        case 0: .control(" ")
        case 0x08, 0x7F: .backspace
        case 0x09: .tab
        case 0x0A, 0x0D: .enter
        case 0x1B: .escape
        case 0x01...0x1A: .control(Character(Unicode.Scalar(UInt8(value + 0x60))))
        case 0x1C...0x1F: .control(Character(Unicode.Scalar(UInt8(value + 0x40))))
        case 0x80...0x9F: nil
        default: Unicode.Scalar(value).map { .character(Character($0)) }
        }
    }

    private static func key(code: Int32) -> Key? {
        switch code {
        case KEY_UP: .up
        case KEY_DOWN: .down
        case KEY_LEFT: .left
        case KEY_RIGHT: .right
        case KEY_HOME, KEY_A1: .home
        case KEY_END, KEY_C1: .end
        case KEY_PPAGE, KEY_A3: .pageUp
        case KEY_NPAGE, KEY_C3: .pageDown
        case KEY_DC: .delete
        case KEY_IC: .insert
        case KEY_BACKSPACE: .backspace
        case KEY_ENTER: .enter
        case KEY_BTAB: .backTab
        case (KEY_F0 + 1)...(KEY_F0 + 63): .function(Int(code - KEY_F0))
        default: nil
        }
    }
}
