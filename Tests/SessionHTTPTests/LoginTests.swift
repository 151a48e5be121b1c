import HTTPTypes
import SessionCore
import SessionFormats
import SessionHTTP
import Testing

/// What becomes of a session when its client proves who it is.
@Suite struct LoginTests {
    @Test(arguments: [Shop.Clients.signed, .random, .browserIDs])
    func `at a login the session gets a new id, and the old one is worth nothing`(clients: Shop.Clients) async throws {
        let shop = try Shop(clients)
        let browser = Browser(shop)
        try await browser.send(.post) { try await $0.session().set("parrot", at: "/item") }
        let old = try #require(browser.id)
        let attacker = Browser(shop, cookie: browser.cookie)
        try await browser.send(.post) { context in
            let session = try await context.logIn(as: "roger")
            try session.set("roger", at: "/user")
            #expect(await context.principal == "roger")
            #expect(try await context.session() == session)
        }
        #expect(try #require(browser.id) != old)
        #expect(try await shop.stored(old) == nil)
        #expect(try await browser.send { try await $0.session().value(at: "/item") } == "parrot")
        #expect(try await attacker.send { try await $0.session().contains("/user") } == false)
    }

    @Test func `a login that fails to commit changes neither session nor cookie`() async throws {
        let shop = try Shop()
        let browser = Browser(shop)
        try await browser.send(.post) { try await $0.session().set("parrot", at: "/item") }
        let old = browser.cookie
        try await browser.send(.post, status: .internalServerError) { _ = try await $0.logIn(as: "roger") }
        #expect(browser.cookie == old)
        #expect(try await browser.send { try await $0.session().value(at: "/item") } == "parrot")
    }

    @Test func `a logout ends the session and the cookie`() async throws {
        let shop = try Shop()
        let browser = Browser(shop)
        try await browser.send(.post) { try await $0.session().set("parrot", at: "/item") }
        let old = try #require(browser.id)
        try await browser.send(.post) { context in
            try await context.logOut()
            #expect(try await context.session(create: false)?.contains("/item") != true)
        }
        #expect(browser.cookie == nil)
        #expect(try await shop.stored(old) == nil)
    }

    @Test(arguments: [Shop.Clients.signed, .random])
    func `what is kept after a logout in the same request is another session`(clients: Shop.Clients) async throws {
        let shop = try Shop(clients)
        let browser = Browser(shop)
        try await browser.send(.post) { try await $0.session().set("parrot", at: "/item") }
        let old = try #require(browser.id)
        try await browser.send(.post) { context in
            try await context.logOut()
            try await context.session().set("bye", at: "/flash")
        }
        #expect(try #require(browser.id) != old)
        #expect(try await shop.stored(old) == nil)
        #expect(try await browser.send { try await $0.session().value(at: "/flash") } == "bye")
    }

    @Test func `a known session is the principal's, whatever cookie comes along`() async throws {
        let shop = try Shop(keepsKnownSessions: true)
        let browser = Browser(shop)
        try await browser.send(as: "roger.ineichen") { try await $0.session().set("parrot", at: "/item") }
        #expect(try await shop.stored("roger.ineichen") == #"{"item": "parrot"}"#)
        #expect(browser.cookie == nil, "a principal's id is never told")
        let other = Browser(shop)
        #expect(try await other.send(as: "roger.ineichen") { try await $0.session().value(at: "/item") } == "parrot")
        #expect(
            try await other.send { try await $0.session(create: false) } == nil,
            "without a principal it is the client id")
    }

    @Test func `at a login the client's data moves to the known session, in one commit`() async throws {
        let shop = try Shop(keepsKnownSessions: true)
        let browser = Browser(shop)
        try await browser.send(as: "roger") { try await $0.session().set("blue", at: "/colour") }
        try await browser.send(.post) { try await $0.session().set("parrot", at: "/item") }
        let client = try #require(browser.id)
        let before = await shop.trips()
        try await browser.send(.post) { _ = try await $0.logIn(as: "roger") }
        #expect(await shop.trips() == before + 3, "client's and known session loaded, one commit")
        #expect(try await shop.stored(client) == nil)
        #expect(try await shop.stored("roger") == #"{"colour": "blue", "item": "parrot"}"#)
    }

    @Test func `who logs out of a known session leaves it to the principal's other clients`() async throws {
        let shop = try Shop(keepsKnownSessions: true)
        let browser = Browser(shop)
        try await browser.send(.post) { try await $0.session().set("parrot", at: "/item") }
        try await browser.send(.post) { _ = try await $0.logIn(as: "roger") }
        try await browser.send(.post, as: "roger") { try await $0.logOut() }
        #expect(browser.cookie == nil)
        #expect(try await shop.stored("roger") == #"{"item": "parrot"}"#)
    }

    @Test func `a logout that is not committed leaves the cookie`() async throws {
        let shop = try Shop()
        let browser = Browser(shop)
        try await browser.send(.post) { try await $0.session().set("parrot", at: "/item") }
        let cookie = browser.cookie
        try await browser.send(.post, status: .internalServerError) { try await $0.logOut() }
        #expect(browser.cookie == cookie && browser.lastSetCookie == nil)
        #expect(try await browser.send { try await $0.session().value(at: "/item") } == "parrot")
    }

    @Test func `where ids are given with a POST only, a principal is known with any request`() async throws {
        let shop = try Shop(.postOnly, keepsKnownSessions: true)
        try await Browser(shop).send { try await $0.logIn(as: "roger").set("parrot", at: "/item") }
        #expect(try await shop.stored("roger") == #"{"item": "parrot"}"#)
    }

    @Test func `principals that look alike and are spelled otherwise have sessions of their own`() async throws {
        let shop = try Shop(keepsKnownSessions: true)
        let (composed, decomposed) = ("Ren\u{E9}", "Rene\u{301}")
        try await Browser(shop).send(as: composed) { context in
            try await context.session().set("hers", at: "/item")
            try await context.session(of: decomposed).set("his", at: "/item")
        }
        #expect(try await shop.stored(composed) == #"{"item": "hers"}"#)
        #expect(try await shop.stored(decomposed) == #"{"item": "his"}"#)
    }

    @Test func `another user's session is read and ended by principal`() async throws {
        let shop = try Shop(keepsKnownSessions: true)
        try await Browser(shop).send(as: "roger") { try await $0.session().set("parrot", at: "/item") }
        try await Browser(shop).send(as: "admin") { context in
            let roger = try await context.session(of: "roger")
            #expect(try roger.value(at: "/item") == "parrot")
            #expect(try await context.invalidateSession(of: "roger"))
            #expect(try await context.invalidateSession(of: "nobody") == false)
        }
        #expect(try await Browser(shop).send(as: "roger") { try await $0.session().contains("/item") } == false)
    }

    @Test func `a cookie cannot name a principal`() async throws {
        let shop = try Shop(.random, keepsKnownSessions: true)
        try await Browser(shop).send(as: "roger") { try await $0.session().set("parrot", at: "/item") }
        let thief = Browser(shop, cookie: "shop=roger")
        #expect(try await thief.send { try await $0.session(create: false) } == nil)
        #expect(throws: SessionHTTPError.foreignIDsBesideKnownSessions) {
            try Shop(.thirdParty, keepsKnownSessions: true)
        }
    }

    @Test func `a principal cannot be a client id`() async throws {
        let shop = try Shop(.random, keepsKnownSessions: true)
        let victim = "b9a1aa34-e44a-4370-9d06-1431ab692b94"
        for action in [
            { try await $0.session(of: victim) }, { try await $0.logIn(as: victim) },
        ] as [(SessionContext) async throws -> Session] {
            await #expect(throws: SessionHTTPError.principalLooksLikeClientID(victim)) {
                try await Browser(shop).send(.post) { _ = try await action($0) }
            }
        }
        await #expect(throws: SessionHTTPError.self) { try await Browser(shop).send(as: victim) { _ in } }
    }

    /// p01.session keeps `cart` of this principal at the MD5 of its name, as its own document says.
    @Test func `with p01's keys, the known session's package has the key that p01 gives it`() async throws {
        let clock = ManualClock(Timestamp(seconds: 1_700_000_000))
        let store = MemoryStore(name: "memory", clock: clock)
        let container = try SessionContainer(
            "", in: store, profile: P01Profile(), timeout: 3600, granularity: .package)
        let signer = try ClientIDSigner(.p01, secrets: [Array("very secure".utf8)])
        let middleware = try SessionMiddleware(
            container: container,
            clients: CookieClientIDManager(cookie: CookieSettings(CookieName("shop")), issuer: .signed(signer)),
            keepsKnownSessions: true, packages: ["cart"], clock: clock)
        _ = try await middleware.respond(to: Browser(try Shop()).request(), as: "roger.ineichen") { context in
            try await context.session().set("parrot", at: "/cart/item")
            return (true, .ok)
        }
        await #expect(throws: SessionHTTPError.self, "nobody would find a package that the middleware does not name") {
            _ = try await middleware.respond(to: Browser(try Shop()).request()) { context in
                do { try await context.session().set("parrot", at: "/wishes/item") } catch let error as SessionError {
                    #expect(error == .packageNotLoaded("wishes"))
                    throw SessionHTTPError.session(error)
                }
                return (true, .ok)
            }
        }
        let key = RecordKey(Array("57323cc11912ce6c5c8da6651e8e95a9".utf8))
        #expect(try await store.load([key])[key] != nil)
    }
}
