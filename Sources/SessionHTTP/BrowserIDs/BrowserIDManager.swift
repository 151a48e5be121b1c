public import HTTPTypes
public import SessionCore

/// Finds and sets the browser ids of Zope and Plone: in a cookie, in a form or query, or in the path.
///
/// Follows Products.Sessions 6.2.
public struct BrowserIDManager: ClientIDManager {
    /// Where an id can be.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        /// In a cookie.
        case cookies
        /// In a field of the form or the query.
        case form
        /// In the first two segments of the path: the name, and the id.
        case url
    }

    /// The id of a request's client.
    public struct Identity: Hashable, Sendable {
        /// The id.
        public var id: BrowserID
        /// Where it was found; nil if it was made for this request.
        public var source: Source?

        /// Whether it was made for this request.
        public var isNew: Bool { source == nil }
        /// Whether it was found in the cookie.
        public var isFromCookie: Bool { source == .cookies }
        /// Whether it was found in the form or the query.
        public var isFromForm: Bool { source == .form }
        /// Whether it was found in the path.
        public var isFromURL: Bool { source == .url }
    }

    /// The cookie, whose name is that of the form field and the path's segment too.
    public let cookie: CookieSettings
    /// Where ids are looked for, in this order.
    public let sources: [Source]

    /// A manager with Zope's own cookie: `_ZopeId` for `/`, until the browser is closed, `SameSite=Lax`.
    /// - Parameter sources: Where ids are looked for, in this order.
    /// - Throws: Nothing in fact; the defaults are good.
    public init(sources: [Source] = [.cookies, .form]) throws(CookieError) {
        try self.init(
            cookie: CookieSettings(CookieName("_ZopeId"), isSecure: false, isHTTPOnly: false), sources: sources)
    }

    /// A manager.
    ///
    /// - Parameters:
    ///   - cookie: The cookie, whose name is that of the form field and the path's segment too.
    ///   - sources: Where ids are looked for, in this order.
    /// - Throws: `shortDomain` if the cookie has a domain of fewer than two dots, as Zope wants it; `name` if an address could misread it.
    public init(cookie: CookieSettings, sources: [Source] = [.cookies, .form]) throws(CookieError) {
        if let domain = cookie.domain, domain.count(where: { $0 == "." }) < 2 { throw .shortDomain(domain) }
        if cookie.name.text.contains(where: { "&#%+".contains($0) }) {
            throw .name(cookie.name.text, "the name of a browser id stands in addresses too, and has no & # % or +")
        }
        self.cookie = cookie
        self.sources = sources
    }

    /// The id that a request brings along; nil if none does, or none that is well-formed.
    public func find(in request: ClientRequest) -> Identity? {
        for source in sources {
            let texts: [String] =
                switch source {
                case .cookies: request.cookies(named: cookie.name)
                case .form: request.fields.filter { $0.name == cookie.name.text }.map(\.value)
                case .url: inPath(of: request).map { [$0.id.text] } ?? []
                }
            if let id = texts.lazy.compactMap(BrowserID.init).first { return Identity(id: id, source: source) }
        }
        return nil
    }

    /// The id that a request brings along, else a new one.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - now: The moment that a new id holds.
    ///   - generator: Where a new id's digits come from.
    /// - Returns: The id, and where it was found.
    public func identify(
        _ request: ClientRequest, at now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> Identity {
        find(in: request) ?? Identity(id: BrowserID(at: now, using: &generator), source: nil)
    }

    /// The path of a request without the name and id in front of it, if ids are looked for there.
    public func path(of request: ClientRequest) -> String {
        guard sources.contains(.url), let found = inPath(of: request) else { return request.head.path ?? "/" }
        return found.rest.first == "/" ? found.rest : "/" + found.rest
    }

    /// The id behind the name at the beginning of the path, and what comes after it.
    private func inPath(of request: ClientRequest) -> (id: BrowserID, rest: String)? {
        let prefix = "/\(cookie.name)/"
        guard let path = request.head.path, path.hasPrefix(prefix) else { return nil }
        let behind = path.dropFirst(prefix.count)
        let segment = behind.prefix { $0 != "/" && $0 != "?" }
        return BrowserID(String(segment)).map { ($0, String(behind[segment.endIndex...])) }
    }

    /// Sets the cookie to an id by force, whatever the request brought along.
    ///
    /// - Returns: The fields to add to the response; none if the cookie is for TLS only and the request came without.
    /// - Throws: `cookiesUnused` if ids are not looked for in cookies.
    public func fields(
        forcing id: BrowserID, on request: ClientRequest, at now: Timestamp
    ) throws(BrowserIDError) -> HTTPFields {
        guard sources.contains(.cookies) else { throw .cookiesUnused }
        return cookieFields(try? cookie.setting(id.text, at: now), for: request)
    }

    /// Makes the browser drop the cookie; the session stays.
    ///
    /// - Returns: The fields to add to the response; none if the cookie is for TLS only and the request came without.
    /// - Throws: `cookiesUnused` if ids are not looked for in cookies.
    public func fields(flushingCookieOf request: ClientRequest) throws(BrowserIDError) -> HTTPFields {
        guard sources.contains(.cookies) else { throw .cookiesUnused }
        return cookieFields(cookie.removal, for: request)
    }

    private func cookieFields(_ text: String?, for request: ClientRequest) -> HTTPFields {
        request.isSecure || !cookie.isSecure ? HTTPFields(settingCookie: text) : [:]
    }
}

extension BrowserIDManager {
    /// The id that a request brings along.
    public func clientID(in request: ClientRequest) -> String? { find(in: request)?.id.text }

    /// Whether it is a browser id.
    public func couldBeClientID(_ text: String) -> Bool { BrowserID(text) != nil }

    /// False: anybody can write a browser id down.
    public var keepsUnstoredIDs: Bool { false }

    /// Every client can be given an id.
    public func refusal(ofIDFor request: ClientRequest) -> String? { nil }

    /// Browser ids of the clock's time.
    public func idSource(clock: any WallClock) -> any SessionIDSource { RandomBrowserIDs(clock: clock) }

    /// The cookie for a new id, and with each answer if it lives for so many seconds only; none without cookies.
    public func fields(telling id: String, isNew: Bool, to request: ClientRequest, at now: Timestamp) -> HTTPFields {
        guard sources.contains(.cookies) else { return [:] }
        return cookieFields(cookie.telling(id, isNew: isNew, at: now), for: request)
    }

    /// Drops the cookie, if there is one.
    public func fields(withdrawingFrom request: ClientRequest) -> HTTPFields {
        sources.contains(.cookies) ? cookieFields(cookie.removal, for: request) : [:]
    }
}

/// Why a browser id cannot be set.
public enum BrowserIDError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Ids are not looked for in cookies, so one that is set there would do nothing.
    case cookiesUnused
    /// The address cannot hold an id in its path; holds the address.
    case relativeAddress(String)

    /// A sentence that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .cookiesUnused: "browser ids are not looked for in cookies here; add cookies to the sources first"
        case .relativeAddress(let address):
            "\(PrintableText.escaping(address)) has no path from the root, where a browser id could stand; "
                + "give one that begins with / or a scheme, or put the id into the query"
        }
    }
}
