public import HTTPTypes
public import SessionCore

/// Gives each request its session and ends the transaction with the response, for any web framework.
///
/// A framework's own middleware calls `respond(to:as:answer:)` with what its next responder does, and adds the fields to the
/// response in place of those of the same name. `Examples/shop` does so for Hummingbird.
public struct SessionMiddleware: Sendable {
    /// Where the sessions are.
    public let container: SessionContainer
    /// Under which id a client comes.
    public let clients: any ClientIDManager
    /// Whether an authenticated principal has a session of its own, by its own id, which other users and processes can address too.
    public let keepsKnownSessions: Bool
    /// The packages to load with a session, where each has a record of its own.
    public let packages: [String]
    /// How often a request is answered again when another was faster or the store was busy; the answer must not do anything then
    /// that cannot be repeated.
    public let retries: Int
    /// What a commit does about records that another request changed meanwhile.
    public let conflicts: ConflictRule
    /// The time.
    public let clock: any WallClock

    /// A middleware.
    ///
    /// - Parameters:
    ///   - container: Where the sessions are.
    ///   - clients: Under which id a client comes.
    ///   - keepsKnownSessions: Whether an authenticated principal has a session of its own.
    ///   - packages: The packages to load with a session, where each has a record of its own.
    ///   - retries: How often a request is answered again when another was faster, from 0.
    ///   - conflicts: What a commit does about records that changed; by default it merges what does not overlap.
    ///   - clock: The time.
    /// - Throws: `foreignIDsBesideKnownSessions` if clients bring ids that nobody here checked: one could name a principal, and get its session.
    public init(
        container: SessionContainer, clients: any ClientIDManager, keepsKnownSessions: Bool = false,
        packages: [String] = [], retries: Int = 0, conflicts: ConflictRule = .merge, clock: any WallClock
    ) throws(SessionHTTPError) {
        if keepsKnownSessions, let cookies = clients as? CookieClientIDManager, case .thirdParty = cookies.issuer {
            throw .foreignIDsBesideKnownSessions
        }
        self.container = container
        self.clients = clients
        self.keepsKnownSessions = keepsKnownSessions
        self.packages = packages
        self.retries = max(0, retries)
        self.conflicts = conflicts
        self.clock = clock
    }

    /// Answers a request in a transaction: commits when the answer is there, aborts if it throws or is a server error.
    ///
    /// The transaction ends before this returns, so a response whose body is made later must not use the session. A commit that fails
    /// is an error, and the answer is dropped: what the client would have read in it did not happen.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - principal: Who is authenticated; nil for an anonymous client.
    ///   - answer: Makes the response, and says which status it has: from 500 on, nothing is committed.
    /// - Returns: The response, and fields for it: `Set-Cookie` is one more, all others take the place of those of the same name.
    /// - Throws: What `answer` throws, `SessionHTTPError`, or the commit's `TransactionError`.
    public func respond<Response>(
        to request: ClientRequest, as principal: String? = nil,
        answer: (SessionContext) async throws -> (response: Response, status: HTTPResponse.Status)
    ) async throws -> (response: Response, fields: HTTPFields) {
        if let principal, keepsKnownSessions { try check(principal: principal) }
        let ids = clients.idSource(clock: clock)
        let (response, context) = try await withTransaction(
            clock: clock, ids: ids, retries: retries, conflicts: conflicts
        ) { transaction in
            let context = SessionContext(self, request: request, principal: principal, in: transaction)
            let (response, status) = try await answer(context)
            if status.kind == .serverError, !transaction.hasEnded { try await transaction.abort() }
            return (response, context)
        }
        return (response, await context.responseFields(at: clock.now()))
    }

    /// A principal whose id could be a client's would share its session with whoever has that client id.
    func check(principal: String) throws(SessionHTTPError) {
        guard !clients.couldBeClientID(principal) else { throw .principalLooksLikeClientID(principal) }
    }
}

/// Why a request has no session.
public enum SessionHTTPError: RetryableError, Hashable, Sendable {
    /// The client has no id and can be given none; holds the reason as a sentence.
    case noClientID(String)
    /// The id is none that the client id manager gives out.
    case notAClientID(String)
    /// What is stored of a known session cannot be read; holds the reason as a sentence.
    case unreadable(String)
    /// The session was looked at already, so it cannot be another one; holds the id that was wanted.
    case sessionInUse(String)
    /// The principal's id has the form of a client id.
    case principalLooksLikeClientID(String)
    /// Known sessions are wanted together with ids that another server makes.
    case foreignIDsBesideKnownSessions
    /// The session cannot be looked up or changed.
    case session(SessionError)

    /// Whether the request may succeed if it is answered again: where the store was busy or away.
    public var isRetryable: Bool { if case .session(let error) = self { error.isRetryable } else { false } }
}

extension SessionHTTPError: CustomStringConvertible {
    /// A sentence that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .noClientID(let reason): "the client has no id: \(reason)"
        case .notAClientID(let id):
            "\(PrintableText.escaping(id)) is no id that this server gives to clients, and opens no client's session"
        case .unreadable(let reason):
            "the session cannot be read: \(reason). Look at it with tidemark, or invalidate it"
        case .sessionInUse(let id):
            "the session was used already in this request; choose \(PrintableText.escaping(id)) before it is first looked at"
        case .principalLooksLikeClientID(let principal):
            "the principal \(PrintableText.escaping(principal)) has the form of a client id and could share a client's session; "
                + "put something in front of it"
        case .foreignIDsBesideKnownSessions:
            "ids that another server makes are not checked, so one could name a principal and get its known session; "
                + "use signed or random ids, or keep no known sessions"
        case .session(let error): error.description
        }
    }
}
