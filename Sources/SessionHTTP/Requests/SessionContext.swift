internal import HTTPTypes
public import SessionCore

/// The sessions of one request: made by `SessionMiddleware`, handed to whoever answers the request.
///
/// Nothing is looked up before it is asked for, so a request that needs no session costs no round trip. Everything happens in one
/// transaction, which the middleware commits or aborts with the response.
public actor SessionContext {
    /// The transaction, for savepoints, other sessions and other participants; the middleware ends it.
    public nonisolated let transaction: Transaction
    /// The request that is answered.
    public nonisolated let request: ClientRequest
    /// Who is authenticated, where the middleware was told; nil for an anonymous client.
    public private(set) var principal: String?

    private let middleware: SessionMiddleware
    /// The id that the request brought along; looked for once, as checking a signature is work.
    private lazy var presentedID = middleware.clients.clientID(in: request)
    private var chosenID: String?
    /// The id of a session of the client's that is stored and cannot be read, for a log; the client gets a new session, and this one is
    /// left as it is.
    public private(set) var unreadableID: String?
    private var opened: Session?
    private var isWithdrawn = false

    init(_ middleware: SessionMiddleware, request: ClientRequest, principal: String?, in transaction: Transaction) {
        self.middleware = middleware
        self.request = request
        self.principal = principal
        self.transaction = transaction
    }

    /// The client's session: the principal's own where there is one and the middleware keeps known sessions, else that of the client id.
    ///
    /// An id that the client may have made up and under which nothing is stored is not used. One round trip the first time, none later,
    /// and none for a client without an id.
    ///
    /// - Returns: The session; an empty one is not stored, and its client gets no cookie.
    /// - Throws: `noClientID` if the client has no id and can be given none; `session` if the store cannot be asked.
    public func session() async throws(SessionHTTPError) -> Session {
        if let session = try await session(create: false) { return session }
        if let refusal = middleware.clients.refusal(ofIDFor: request) { throw .noClientID(refusal) }
        do throws(SessionError) {
            let session = try transaction.create(in: middleware.container, packages: middleware.packages)
            opened = session
            return session
        } catch { throw .session(error) }
    }

    /// The client's session if the client has an id, and on demand a new one.
    ///
    /// - Parameter create: Whether a client without an id gets an empty session.
    /// - Returns: The session; nil if the client has no id that counts, and none is to be made.
    /// - Throws: As `session()`; without `create` never `noClientID`.
    public func session(create: Bool) async throws(SessionHTTPError) -> Session? {
        if create { return try await session() }
        if let opened { return opened }
        let found = try await lookUp()
        // Another task may have been faster.
        if let opened { return opened }
        opened = found
        return found
    }

    private func lookUp() async throws(SessionHTTPError) -> Session? {
        let (container, clients) = (middleware.container, middleware.clients)
        if chosenID == nil, !isWithdrawn, let principal, middleware.keepsKnownSessions {
            return try await known(principal)
        }
        do throws(SessionError) {
            if let chosenID {
                return try await transaction.open(chosenID, in: container, packages: middleware.packages, create: false)
            }
            // After a logout the client starts anew, though its request still names the session that ended.
            if isWithdrawn { return nil }
            guard let id = presentedID else { return nil }
            let session = try await transaction.open(
                id, in: container, packages: middleware.packages, create: clients.keepsUnstoredIDs)
            guard session?.unreadableReason == nil else {
                unreadableID = id
                return nil
            }
            return session
        } catch {
            // What can be no id is as unknown as any other text that a client sends.
            if case .badID = error { return nil }
            if case .store(let problem) = error, problem.code == .badKey { return nil }
            throw .session(error)
        }
    }

    /// Chooses the session by its client id, before it is first looked at: for ids that come another way than with the request.
    ///
    /// Whoever knows an id has its session, so take none from where other people could have put it, such as a link. The client is not told the
    /// id: it has the session in this request only.
    ///
    /// - Parameter id: The id; it is not adopted if nothing is stored under it.
    /// - Throws: `notAClientID` for one that this server cannot have given to a client, such as a principal's; `sessionInUse` once the session
    ///   was looked at, when it would be too late.
    public func useSession(_ id: String) throws(SessionHTTPError) {
        guard opened == nil else { throw .sessionInUse(id) }
        guard middleware.clients.couldBeClientID(id) else { throw .notAClientID(id) }
        chosenID = id
    }

    /// Says that the client has proved who it is.
    ///
    /// Where known sessions are kept, what the client had moves into the principal's own session; else it stays with the client, under
    /// a new id, so that nobody who knew the old one is logged in with it. Both happen with the commit. Packages of the same name are
    /// replaced, others that the principal had stay.
    ///
    /// - Parameter principal: The principal's id.
    /// - Returns: The session to go on with.
    /// - Throws: `noClientID` if the client cannot be given another id; `principalLooksLikeClientID`; `session`.
    @discardableResult
    public func logIn(as principal: String) async throws(SessionHTTPError) -> Session {
        let isKnown = middleware.keepsKnownSessions
        if isKnown {
            try middleware.check(principal: principal)
        } else if let refusal = middleware.clients.refusal(ofIDFor: request) {
            throw .noClientID(refusal)
        }
        let session = isKnown ? try await moveToKnown(principal) : try await regenerate()
        opened = session
        self.principal = principal
        return session
    }

    private func moveToKnown(_ principal: String) async throws(SessionHTTPError) -> Session {
        // A client without an id has nothing to bring along, and needs none to be known.
        guard let anonymous = try await session(create: false) else { return try await known(principal) }
        do throws(SessionError) { return try await anonymous.move(to: principal) } catch { throw .session(error) }
    }

    private func regenerate() async throws(SessionHTTPError) -> Session {
        let session = try await session()
        do throws(SessionError) { return try session.regenerateID() } catch { throw .session(error) }
    }

    /// Ends the client's session and makes the client forget its id; a later `session()` in this request is a new one.
    ///
    /// A principal's own session stays: the principal may be logged in elsewhere too, and finds it at the next login. `invalidateSession(of:)`
    /// ends it.
    public func logOut() async throws(SessionHTTPError) {
        let isKnown = principal != nil && middleware.keepsKnownSessions
        if !isKnown, let session = try await session(create: false) {
            do throws(SessionError) { try session.invalidate() } catch { throw .session(error) }
        }
        opened = nil
        chosenID = nil
        principal = nil
        isWithdrawn = true
    }

    /// Another principal's known session, to read it or to change it.
    ///
    /// One round trip.
    ///
    /// - Throws: `principalLooksLikeClientID`; `unreadable`; `session` if the store cannot be asked.
    public func session(of principal: String) async throws(SessionHTTPError) -> Session {
        try middleware.check(principal: principal)
        return try await known(principal)
    }

    private func known(_ principal: String) async throws(SessionHTTPError) -> Session {
        let session: Session
        do throws(SessionError) {
            session = try await transaction.open(principal, in: middleware.container, packages: middleware.packages)
        } catch { throw .session(error) }
        if let reason = session.unreadableReason { throw .unreadable(reason) }
        return session
    }

    /// Ends another principal's known session: who has it open gets a conflict and starts empty.
    ///
    /// One round trip.
    ///
    /// - Returns: Whether it was stored.
    /// - Throws: As `session(of:)`.
    @discardableResult
    public func invalidateSession(of principal: String) async throws(SessionHTTPError) -> Bool {
        try middleware.check(principal: principal)
        do throws(SessionError) {
            return try await transaction.invalidate(
                principal, in: middleware.container, packages: middleware.packages)
        } catch { throw .session(error) }
    }

    /// What the response has to say of the client's id, once the transaction has ended.
    func responseFields(at now: Timestamp) -> HTTPFields {
        let clients = middleware.clients
        // What was rolled back changed no id: neither a login nor a logout happened.
        guard transaction.isCommitted else {
            return presentedID.map { clients.fields(telling: $0, isNew: false, to: request, at: now) } ?? [:]
        }
        let current = opened.flatMap(\.id)
        // A principal's own id is no client's, and never told; nor is one that was chosen for this request.
        if let current, clients.couldBeClientID(current), current != presentedID, current != chosenID {
            return clients.fields(telling: current, isNew: true, to: request, at: now)
        }
        if isWithdrawn { return presentedID == nil ? [:] : clients.fields(withdrawingFrom: request) }
        return presentedID.map { clients.fields(telling: $0, isNew: false, to: request, at: now) } ?? [:]
    }
}
