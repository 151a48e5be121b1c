public import CellGrid

/// One of the eight colours that every colour terminal has.
public enum ThemeColor: Int16, Hashable, Sendable, CaseIterable {
    /// Black.
    case black
    /// Red.
    case red
    /// Green.
    case green
    /// Yellow; brown on some terminals.
    case yellow
    /// Blue.
    case blue
    /// Magenta.
    case magenta
    /// Cyan.
    case cyan
    /// White; light grey on most terminals.
    case white
}

/// How the cells of one role look; no colour means the terminal's own.
public struct Style: Hashable, Sendable {
    /// The colour of the glyph.
    public var foreground: ThemeColor?
    /// The colour behind the glyph.
    public var background: ThemeColor?
    /// Bold.
    public var bold: Bool
    /// Dim.
    public var dim: Bool
    /// Underlined.
    public var underline: Bool
    /// Foreground and background exchanged.
    public var reverse: Bool

    /// Makes a style; without arguments the plain one.
    public init(
        _ foreground: ThemeColor? = nil, on background: ThemeColor? = nil, bold: Bool = false, dim: Bool = false,
        underline: Bool = false, reverse: Bool = false
    ) {
        self.foreground = foreground
        self.background = background
        self.bold = bold
        self.dim = dim
        self.underline = underline
        self.reverse = reverse
    }

    /// The style without its colours.
    ///
    /// A background becomes reverse, so that what stood out still does.
    public var withoutColor: Style {
        Style(bold: bold, dim: dim, underline: underline, reverse: reverse || background != nil)
    }
}

/// When to use colour.
public enum ColorChoice: String, Hashable, Sendable, CaseIterable {
    /// Where the terminal has colours and the environment does not say `NO_COLOR`.
    case auto
    /// Wherever the terminal has colours, `NO_COLOR` or not.
    case always
    /// Nowhere.
    case never
}

/// A table of looks by role.
public enum Theme: String, Hashable, Sendable, CaseIterable {
    /// For light text on a dark ground.
    case dark
    /// For dark text on a light ground.
    case light
    /// Bold, dim, underline and reverse only.
    case mono
    /// Few colours, none of them dim.
    case highContrast = "high-contrast"

    /// The theme to use once the user's choice and the environment's `NO_COLOR` are heard.
    ///
    /// `noColor` is the value of that variable; set and not empty asks for no colour (https://no-color.org).
    public func honouring(_ choice: ColorChoice, noColor: String?) -> Theme {
        switch choice {
        case .always: self
        case .never: .mono
        case .auto: (noColor ?? "").isEmpty ? self : .mono
        }
    }

    /// The look of a role.
    public func style(of role: Role) -> Style {
        switch self {
        case .dark: colored(role, accent: .cyan, warm: .yellow)
        case .light: colored(role, accent: .blue, warm: .magenta)
        case .mono: colored(role, accent: .cyan, warm: .yellow).withoutColor
        case .highContrast: strong(role)
        }
    }

    /// Text keeps the terminal's own colours; bold is not put on yellow or white, where eight-colour terminals turn it
    /// into another colour that a light ground swallows.
    private func colored(_ role: Role, accent: ThemeColor, warm: ThemeColor) -> Style {
        switch role {
        case .text, .message, .popup: Style()
        case .dim, .border, .hint, .masked: Style(dim: true)
        case .borderFocused: Style(accent)
        case .title: Style(dim: true)
        case .titleFocused: Style(accent, bold: true)
        case .header: Style(bold: true, reverse: true)
        case .headerAlert: Style(.white, on: .red, bold: true)
        case .selected: Style(reverse: true)
        case .selectedDim: Style(underline: true)
        case .added: Style(.green)
        case .modified, .dirty, .warning: Style(warm)
        case .deleted: Style(.red)
        case .conflict: Style(.red, bold: true)
        case .error: Style(.red, bold: true)
        case .key: Style(accent, bold: true)
        case .match: Style(.black, on: .yellow, underline: true)
        case .input: Style(underline: true)
        case .number: Style(accent)
        case .string: Style(.green)
        }
    }

    private func strong(_ role: Role) -> Style {
        switch role {
        case .text, .dim, .border, .hint, .masked, .message, .popup, .title, .number, .string: Style()
        case .borderFocused, .titleFocused, .key, .added, .modified, .dirty: Style(bold: true)
        case .deleted: Style(underline: true)
        case .header, .selected: Style(bold: true, reverse: true)
        case .selectedDim, .input: Style(underline: true)
        case .headerAlert, .conflict, .error: Style(.white, on: .red, bold: true)
        case .warning, .match: Style(.black, on: .yellow)
        }
    }
}
