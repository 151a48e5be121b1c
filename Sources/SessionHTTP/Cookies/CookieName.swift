internal import SessionCore

/// The name of a cookie: a token of RFC 6265, section 4.1.1, of at most 128 characters.
public struct CookieName: Hashable, Sendable, CustomStringConvertible {
    /// The name as it stands in headers.
    public let text: String

    /// The longest name.
    public static let maximumLength = 128

    /// A name.
    ///
    /// - Parameter text: The name; case counts.
    /// - Throws: `name` if it is empty, too long, or has a character that a header could misread.
    public init(_ text: String) throws(CookieError) {
        guard (1...Self.maximumLength).contains(text.utf8.count), text.utf8.allSatisfy(Self.isTokenByte) else {
            throw .name(
                text,
                "a name has 1 to \(Self.maximumLength) letters, digits and marks other than ( ) < > @ , ; : \\ \" / [ ] ? = { }"
            )
        }
        self.text = text
    }

    /// A name as zope.session and p01.session take it for their namespace: 1 to 30 ASCII letters, digits and `_`.
    ///
    /// - Parameter text: The name; case counts.
    /// - Throws: `name` if it has another length or other characters.
    public init(namespace text: String) throws(CookieError) {
        guard (1...30).contains(text.utf8.count), text.utf8.allSatisfy({ Self.isAlphanumeric($0) || $0 == 0x5F }) else {
            throw .name(text, "a namespace has 1 to 30 letters, digits and _")
        }
        self.text = text
    }

    /// The name.
    public var description: String { text }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}

/// Why a cookie cannot be set as configured.
public enum CookieError: Error, Hashable, Sendable {
    /// The name is none; holds what it may be.
    case name(String, String)
    /// The path, domain or value has a character that would end it; holds which of them, and the text.
    case character(String, String)
    /// The lifetime is less than 0 seconds.
    case lifetime(Int64)
    /// Browsers drop a cookie with `SameSite=None` that is not `Secure`.
    case sameSiteNoneNeedsSecure
    /// The path does not begin with `/`; browsers use another one then.
    case relativePath(String)
    /// The name begins with `__Secure-` or `__Host-`, and the cookie is not what browsers want then.
    case brokenPrefix(String)
    /// The domain has fewer than two dots, as in `.example.org`.
    case shortDomain(String)
}

extension CookieError: CustomStringConvertible {
    /// A sentence that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .name(let name, let rule): "no cookie can be called \(PrintableText.escaping(name)): \(rule)"
        case .character(let part, let text):
            "the cookie's \(part) \(PrintableText.escaping(text)) has a character that no cookie can hold; "
                + "use printable ASCII without blanks, quotes, commas, semicolons and backslashes"
        case .lifetime(let seconds): "a cookie cannot live for \(seconds) seconds; give 0 for ever, or more"
        case .sameSiteNoneNeedsSecure:
            "browsers drop a cookie with SameSite=None unless it is Secure; make it so, or choose Lax or Strict"
        case .relativePath(let path):
            "the cookie's path \(PrintableText.escaping(path)) does not begin with /, so browsers would use another one"
        case .brokenPrefix(let name):
            "browsers drop a cookie called \(PrintableText.escaping(name)) unless it is Secure"
                + (name.lowercased().hasPrefix("__host-") ? ", for the path / and without a domain" : "")
        case .shortDomain(let domain):
            "the cookie domain \(PrintableText.escaping(domain)) has fewer than two dots, as in .example.org; "
                + "leave it out for the host alone"
        }
    }
}
