public import HTTPTypes
public import SessionCore

/// Keeps client ids in a cookie, as zope.session, p01.session and score.session do.
public struct CookieClientIDManager: ClientIDManager {
    /// Who makes the ids.
    public enum Issuer: Sendable {
        /// This server or another one with a common secret: signed ids, which are kept even if nothing is stored under them.
        case signed(ClientIDSigner)
        /// This server: random UUIDs, which count only while something is stored under them.
        case random
        /// Another server in front of this one, such as nginx with `userid`: ids are read, never made, set or checked.
        case thirdParty
    }

    /// The longest id of another server that is taken.
    public static let longestForeignID = 200

    /// The cookie.
    public let cookie: CookieSettings
    /// Who makes the ids.
    public let issuer: Issuer
    /// Whether a client gets its id with the answer to a POST only, so that robots and caches never do.
    public let isPostOnly: Bool

    /// A manager.
    ///
    /// - Parameters:
    ///   - cookie: The cookie; the value is the id.
    ///   - issuer: Who makes the ids.
    ///   - isPostOnly: Whether a client gets its id with the answer to a POST only.
    public init(cookie: CookieSettings, issuer: Issuer, isPostOnly: Bool = false) {
        self.cookie = cookie
        self.issuer = issuer
        self.isPostOnly = isPostOnly
    }

    /// The first value of the cookie that is an id of the issuer's.
    public func clientID(in request: ClientRequest) -> String? {
        request.cookies(named: cookie.name).first {
            if case .signed(let signer) = issuer { return signer.check($0) != nil }
            return couldBeClientID($0)
        }
    }

    /// Whether a text has 54 characters, is a UUID in lower case, or could be any cookie's value, as the issuer has it.
    public func couldBeClientID(_ text: String) -> Bool {
        switch issuer {
        case .signed: text.utf8.count == ClientIDSigner.length
        case .random: RandomSessionIDs.hasForm(text.utf8)
        case .thirdParty:
            (1...Self.longestForeignID).contains(text.utf8.count) && text.utf8.allSatisfy(CookieSettings.isValueByte)
        }
    }

    /// True for all but random ids, which anybody could make up.
    public var keepsUnstoredIDs: Bool { if case .random = issuer { false } else { true } }

    /// With ids of another server, and for requests other than POST where those are asked for.
    public func refusal(ofIDFor request: ClientRequest) -> String? {
        if case .thirdParty = issuer {
            return
                "the cookie \(cookie.name) is set by another server, which alone can give a client one, or another one"
        }
        if isPostOnly, request.head.method != .post {
            return
                "the cookie \(cookie.name) is set in answers to POST only, and this request is a \(request.head.method)"
        }
        return nil
    }

    /// Signed ids, or random UUIDs.
    public func idSource(clock: any WallClock) -> any SessionIDSource {
        switch issuer {
        case .signed(let signer): SignedClientIDs(signer: signer)
        case .random, .thirdParty: RandomSessionIDs()
        }
    }

    /// The cookie for a new id, and with each answer if it lives for so many seconds only; never one of another server's.
    public func fields(telling id: String, isNew: Bool, to request: ClientRequest, at now: Timestamp) -> HTTPFields {
        if case .thirdParty = issuer { return [:] }
        return HTTPFields(settingCookie: cookie.telling(id, isNew: isNew, at: now))
    }

    /// Drops the cookie, unless it is another server's.
    public func fields(withdrawingFrom request: ClientRequest) -> HTTPFields {
        if case .thirdParty = issuer { return [:] }
        return HTTPFields(settingCookie: cookie.removal)
    }
}

/// Gives sessions signed client ids for ids, with the system's random numbers.
public struct SignedClientIDs: SessionIDSource {
    /// Who signs them.
    public let signer: ClientIDSigner

    /// A source.
    public init(signer: ClientIDSigner) {
        self.signer = signer
    }

    /// A new id of 54 characters.
    public func makeID() -> String {
        var generator = SystemRandomNumberGenerator()
        return signer.makeID(using: &generator)
    }
}
