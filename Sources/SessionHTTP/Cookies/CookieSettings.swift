public import SessionCore

/// How long a browser keeps a cookie.
public enum CookieLifetime: Hashable, Sendable {
    /// Until the browser is closed: no `Expires`.
    case browser
    /// Practically for ever: until 2038-01-19, as zope.session and p01.session write it for a lifetime of 0.
    case forever
    /// So many seconds from each response, at least 1.
    case seconds(Int64)

    /// A lifetime as zope.session and p01.session take it.
    /// - Parameter seconds: nil for as long as the browser is open, 0 for ever, else seconds.
    /// - Throws: `lifetime` for less than 0.
    public init(seconds: Int64?) throws(CookieError) {
        switch seconds {
        case nil: self = .browser
        case 0: self = .forever
        case .some(let seconds):
            guard seconds > 0 else { throw .lifetime(seconds) }
            self = .seconds(seconds)
        }
    }
}

/// Whether a browser sends a cookie with requests that come from other sites.
public enum SameSite: String, Hashable, Sendable, CaseIterable {
    /// Always; browsers want `Secure` then.
    case none = "None"
    /// With links, not with forms and pictures.
    case lax = "Lax"
    /// Never.
    case strict = "Strict"
}

/// A cookie as it is set, but for its value.
public struct CookieSettings: Hashable, Sendable {
    /// The name.
    public let name: CookieName
    /// How long a browser keeps it.
    public let lifetime: CookieLifetime
    /// The domain whose hosts get it; nil for the host that set it.
    public let domain: String?
    /// The path below which it is sent.
    public let path: String
    /// Whether it is sent over TLS only.
    public let isSecure: Bool
    /// Whether scripts cannot read it.
    public let isHTTPOnly: Bool
    /// Whether it comes along from other sites; nil leaves it to the browser.
    public let sameSite: SameSite?

    /// A cookie's settings; those left out are the safe ones.
    ///
    /// - Throws: `character` if domain or path cannot stand in a header; `relativePath`, `brokenPrefix`, `sameSiteNoneNeedsSecure`, which
    ///   browsers would not take; `lifetime`.
    public init(
        _ name: CookieName, lifetime: CookieLifetime = .browser, domain: String? = nil, path: String = "/",
        isSecure: Bool = true, isHTTPOnly: Bool = true, sameSite: SameSite? = .lax
    ) throws(CookieError) {
        if let domain, !Self.isAttribute(domain) { throw .character("domain", domain) }
        guard Self.isAttribute(path) else { throw .character("path", path) }
        guard path.first == "/" else { throw .relativePath(path) }
        // RFC 6265bis, section 4.1.3: browsers drop a cookie that does not keep what its name promises.
        let prefix = name.text.lowercased()
        if prefix.hasPrefix("__secure-") || prefix.hasPrefix("__host-"), !isSecure { throw .brokenPrefix(name.text) }
        if prefix.hasPrefix("__host-"), domain != nil || path != "/" { throw .brokenPrefix(name.text) }
        guard sameSite != SameSite.none || isSecure else { throw .sameSiteNoneNeedsSecure }
        if case .seconds(let seconds) = lifetime, seconds < 1 { throw .lifetime(seconds) }
        self.name = name
        self.lifetime = lifetime
        self.domain = domain
        self.path = path
        self.isSecure = isSecure
        self.isHTTPOnly = isHTTPOnly
        self.sameSite = sameSite
    }

    /// The value of a `Set-Cookie` field that gives a browser the cookie.
    ///
    /// - Parameters:
    ///   - value: The cookie's value, as RFC 6265 allows it: printable ASCII without blanks, quotes, commas, semicolons, backslashes.
    ///   - now: The moment from which the lifetime counts.
    /// - Returns: Name, value and attributes, such as `session=1a; Path=/; Secure`.
    /// - Throws: `character` if the value has another character.
    public func setting(_ value: String, at now: Timestamp) throws(CookieError) -> String {
        guard value.utf8.allSatisfy(Self.isValueByte) else { throw .character("value", value) }
        var expiry = ""
        switch lifetime {
        case .browser: break
        case .forever: expiry = "; Expires=Tue, 19 Jan 2038 00:00:00 GMT"
        case .seconds(let seconds):
            expiry = "; Expires=\(HTTPDate.text(of: Expiry(.seconds(seconds), from: now))); Max-Age=\(seconds)"
        }
        return "\(name)=\(value)\(expiry)\(attributes)"
    }

    /// The value of a `Set-Cookie` field that makes a browser drop the cookie.
    ///
    /// As Zope does it: the value `deleted`, and a date in 1971.
    public var removal: String {
        "\(name)=deleted; Expires=Mon, 10 May 1971 11:59:00 GMT; Max-Age=0\(attributes)"
    }

    private var attributes: String {
        (domain.map { "; Domain=\($0)" } ?? "") + "; Path=\(path)" + (isSecure ? "; Secure" : "")
            + (isHTTPOnly ? "; HttpOnly" : "") + (sameSite.map { "; SameSite=\($0.rawValue)" } ?? "")
    }

    /// What RFC 6265 calls `cookie-octet`.
    static func isValueByte(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"\",;\\".utf8.contains(byte)
    }

    private static func isAttribute(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isValueByte)
    }
}
