/// A place in a value tree as people write it: an RFC 6901 JSON Pointer such as `/myData/info`.
///
/// Tokens are text; what they mean is decided against a tree (`ValuePath`), because `/1` may be a list's second
/// element, the key `"1"` or the key `1`.
public struct JSONPointer: Hashable, Sendable {
    /// The reference tokens, unescaped; none for the whole value.
    public var tokens: [String]

    /// The whole value.
    public static let root = JSONPointer(tokens: [])

    /// A pointer of unescaped tokens.
    public init(tokens: [String]) {
        self.tokens = tokens
    }

    /// Reads RFC 6901 text: empty for the whole value, else each token after a `/`, `~1` for `/` and `~0` for `~`.
    public init(parsing text: String) throws(JSONPointerError) {
        guard !text.isEmpty else {
            self.tokens = []
            return
        }
        // By scalars, because a mark that follows a slash makes one character with it.
        guard text.unicodeScalars.first == "/" else { throw .missingSlash(text) }
        var tokens: [String] = []
        for part in text.unicodeScalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            var token = String.UnicodeScalarView()
            var iterator = part.makeIterator()
            while let scalar = iterator.next() {
                guard scalar == "~" else {
                    token.append(scalar)
                    continue
                }
                switch iterator.next() {
                case "0": token.append("~")
                case "1": token.append("/")
                default: throw .badEscape(text)
                }
            }
            tokens.append(String(token))
        }
        self.tokens = tokens
    }

    /// The pointer without its last token; nil for the whole value.
    public var parent: JSONPointer? {
        tokens.isEmpty ? nil : JSONPointer(tokens: tokens.dropLast())
    }

    /// The place a token below this one.
    public func appending(_ token: String) -> JSONPointer {
        JSONPointer(tokens: tokens + [token])
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The pointer as RFC 6901 text, with control and invisible characters escaped for the screen.
    public var description: String { PrintableText.escaping(text) }

    /// The pointer as RFC 6901 text that reads back as this pointer.
    public var text: String {
        tokens.map { token in
            var escaped = "/"
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": escaped += "~0"
                case "/": escaped += "~1"
                default: escaped.unicodeScalars.append(scalar)
                }
            }
            return escaped
        }.joined()
    }
}

/// Why some text is no JSON Pointer.
public enum JSONPointerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It has text before the first `/`.
    case missingSlash(String)
    /// It has a `~` that is not `~0` or `~1`.
    case badEscape(String)

    /// A sentence that says what is wrong and how to write it.
    public var description: String {
        switch self {
        case .missingSlash(let text):
            "the pointer \"\(PrintableText.escaping(text))\" must start with / (as in /cart/0), or be \"\" for the whole value"
        case .badEscape(let text):
            "the pointer \(PrintableText.escaping(text)) has a ~ that is not ~0 (for ~) or ~1 (for /)"
        }
    }
}
