import HTTPTypes
import SessionCore
import SessionFormats
import SessionHTTP
import Testing

/// A web shop of the tests: a store, a middleware, and browsers that keep their cookies.
struct Shop {
    let clock = ManualClock(Timestamp(seconds: 1_700_000_000))
    let store: MemoryStore
    let container: SessionContainer
    let middleware: SessionMiddleware

    enum Clients {
        case signed, random, browserIDs, thirdParty, postOnly
    }

    init(
        _ clients: Clients = .signed, lifetime: CookieLifetime = .browser, keepsKnownSessions: Bool = false,
        retries: Int = 0, conflicts: ConflictRule = .merge
    ) throws {
        store = MemoryStore(name: "memory", clock: clock)
        container = try SessionContainer("carts", in: store, profile: TidemarkProfile(), timeout: 3600)
        let cookie = try CookieSettings(CookieName("shop"), lifetime: lifetime)
        let signer = try ClientIDSigner(secrets: [Array("very secure".utf8)])
        let manager: any ClientIDManager =
            switch clients {
            case .signed: CookieClientIDManager(cookie: cookie, issuer: .signed(signer))
            case .postOnly: CookieClientIDManager(cookie: cookie, issuer: .signed(signer), isPostOnly: true)
            case .random: CookieClientIDManager(cookie: cookie, issuer: .random)
            case .thirdParty: CookieClientIDManager(cookie: cookie, issuer: .thirdParty)
            case .browserIDs: try BrowserIDManager()
            }
        middleware = try SessionMiddleware(
            container: container, clients: manager, keepsKnownSessions: keepsKnownSessions, retries: retries,
            conflicts: conflicts, clock: clock)
    }

    /// The round trips so far.
    func trips() async -> Int { await store.traffic().trips.values.reduce(0, +) }

    private func key(_ id: String) -> RecordKey {
        container.profile.key(container: Array(container.name.utf8), session: Array(id.utf8), package: nil)
    }

    /// Writes something over a session that its format cannot read.
    func spoil(_ id: String) async throws {
        let record = try #require(try await store.load([key(id)])[key(id)])
        let write = RecordWrite(
            key: key(id), expectation: .unchanged(record),
            change: .put(payload: Array("\u{1}spoilt".utf8), flags: record.flags, expiry: .keep))
        #expect(try await store.commit([write]).isComplete)
    }

    /// What is stored under a session's id.
    func stored(_ id: String) async throws -> String? {
        let key = key(id)
        return try await store.load([key])[key].map { String(decoding: $0.payload, as: UTF8.self) }
    }
}

/// A client that keeps one cookie, as the responses set it.
final class Browser {
    var cookie: String?
    var lastSetCookie: String?
    let shop: Shop

    init(_ shop: Shop, cookie: String? = nil) {
        self.shop = shop
        self.cookie = cookie
    }

    /// The id in the cookie.
    var id: String? { cookie?.split(separator: "=", maxSplits: 1).last.map(String.init) }

    func request(_ method: HTTPRequest.Method = .get) -> ClientRequest {
        var head = HTTPRequest(method: method, scheme: "https", authority: "shop.example", path: "/")
        head.headerFields[.cookie] = cookie
        return ClientRequest(head)
    }

    @discardableResult
    func send<Answer>(
        _ method: HTTPRequest.Method = .get, as principal: String? = nil, status: HTTPResponse.Status = .ok,
        _ answer: (SessionContext) async throws -> Answer
    ) async throws -> Answer {
        let (response, fields) = try await shop.middleware.respond(to: request(method), as: principal) { context in
            (try await answer(context), status)
        }
        lastSetCookie = fields[.setCookie]
        if let set = lastSetCookie {
            let pair = set.prefix { $0 != ";" }
            cookie = set.contains("Max-Age=0") ? nil : String(pair)
        }
        return response
    }
}
