public import HTTPTypes
public import SessionCore

/// Knows under which id a client comes, and tells clients theirs: what zope.session calls a client id manager.
///
/// A value that decides; it holds no request and does nothing by itself. `SessionMiddleware` asks it with each request.
public protocol ClientIDManager: Sendable {
    /// The id that a request brings along; nil if it brings none, or none that this manager can have given out.
    func clientID(in request: ClientRequest) -> String?

    /// Whether a text has the form of this manager's ids, and so could be taken for one.
    func couldBeClientID(_ text: String) -> Bool

    /// Whether an id under which nothing is stored is kept, because only servers can make one. Where anybody can, such an id may have been
    /// put there by an attacker who waits for its session to be filled, and the client gets another.
    var keepsUnstoredIDs: Bool { get }

    /// Why a request's client cannot be given an id, as a sentence; nil if it can.
    func refusal(ofIDFor request: ClientRequest) -> String?

    /// Where new ids come from.
    /// - Parameter clock: For ids that hold the time.
    /// - Returns: A source of ids.
    func idSource(clock: any WallClock) -> any SessionIDSource

    /// The fields of a response that tell the client its id.
    ///
    /// - Parameters:
    ///   - id: The id.
    ///   - isNew: Whether the client does not know it yet; one that it knows is only told again where it would forget it else.
    ///   - request: What is answered.
    ///   - now: The moment from which lifetimes count.
    /// - Returns: The fields to add to the response; none if there is nothing to tell.
    func fields(telling id: String, isNew: Bool, to request: ClientRequest, at now: Timestamp) -> HTTPFields

    /// The fields of a response that make the client forget its id.
    func fields(withdrawingFrom request: ClientRequest) -> HTTPFields
}

extension HTTPFields {
    /// Keeps caches from giving one client's cookie to another, as zope.session does it.
    static let uncached: HTTPFields = [
        .cacheControl: #"no-cache="Set-Cookie,Set-Cookie2""#, .pragma: "no-cache",
        .expires: "Mon, 26 Jul 1997 05:00:00 GMT",
    ]

    /// The fields that set a cookie, and keep caches from giving it to others; none for nil.
    init(settingCookie text: String?) {
        self = text == nil ? [:] : Self.uncached
        self[.setCookie] = text
    }
}

extension CookieSettings {
    /// What tells a client its id, as `setting(_:at:)`: a new one, and with each answer where the cookie lives for so many seconds only;
    /// nil if there is nothing to tell.
    func telling(_ id: String, isNew: Bool, at now: Timestamp) -> String? {
        guard case .seconds = lifetime else { return isNew ? try? setting(id, at: now) : nil }
        return try? setting(id, at: now)
    }
}

extension HTTPField.Name {
    /// `Pragma`, for caches of HTTP/1.0.
    static var pragma: HTTPField.Name {
        // A token, so never nil.
        HTTPField.Name("Pragma") ?? .cacheControl
    }
}
