import HTTPTypes
import SessionCore
import SessionHTTP
import Testing

@Suite struct SessionMiddlewareTests {
    @Test(arguments: [Shop.Clients.signed, .random, .browserIDs])
    func `a client gets its cookie once there is something to remember, and finds it again`(
        clients: Shop.Clients
    ) async throws {
        let shop = try Shop(clients)
        let browser = Browser(shop)
        try await browser.send { _ = try await $0.session() }
        #expect(browser.lastSetCookie == nil, "an empty session is not stored, so there is nothing to come back to")
        try await browser.send { try await $0.session().set("parrot", at: "/item") }
        let id = try #require(browser.id)
        #expect(try await shop.stored(id) == #"{"item": "parrot"}"#)
        let item = try await browser.send { try await $0.session().value(at: "/item") }
        #expect(item == "parrot")
        #expect(browser.lastSetCookie == nil, "the client knows its id")
        #expect(try await Browser(shop).send { try await $0.session(create: false) } == nil, "nobody else sees it")
    }

    @Test func `a request that needs no session makes no round trip`() async throws {
        let shop = try Shop()
        let browser = Browser(shop, cookie: "shop=AAECAwQFBgcICQoLDA0ODxAREhMpgkMvL3yUXk5sftOx2aLnNMECmY")
        let before = await shop.trips()
        try await browser.send { _ in }
        #expect(await shop.trips() == before)
        try await browser.send { _ = try await $0.session() }
        #expect(await shop.trips() == before + 1)
        try await Browser(shop).send { _ = try await $0.session() }
        #expect(await shop.trips() == before + 1, "a client without an id has nothing to load")
    }

    @Test func `with create off there is neither an id nor data nor a cookie; with it, a Zope cookie`() async throws {
        let browser = Browser(try Shop(.browserIDs))
        #expect(try await browser.send { try await $0.session(create: false) } == nil)
        #expect(browser.lastSetCookie == nil)
        try await browser.send { context in
            let session = try #require(try await context.session(create: true))
            #expect(session.isNew)
            try session.set(1, at: "/n")
        }
        let set = attributes(of: try #require(browser.lastSetCookie))
        #expect(set["="]?.hasPrefix("_ZopeId=") == true)
        #expect(set["path"] == "/" && set["samesite"] == "Lax")
        #expect(BrowserID(try #require(browser.id)) != nil)
    }

    @Test func `the session's id cannot be chosen after its first use`() async throws {
        let shop = try Shop(.random)
        let other = Browser(shop)
        try await other.send { try await $0.session().set("dead", at: "/parrot") }
        let id = try #require(other.id)
        try await Browser(shop).send { context in
            try await context.useSession(id)
            #expect(try await context.session().value(at: "/parrot") == "dead")
            await #expect(throws: SessionHTTPError.sessionInUse("515")) { try await context.useSession("515") }
        }
        try await Browser(shop).send { context in
            try await context.useSession("b9a1aa34-e44a-4370-9d06-1431ab692b94")
            #expect(try await context.session(create: false) == nil, "nothing is stored there, so it is not adopted")
        }
    }

    @Test func `a chosen id is a client's, and is told to nobody`() async throws {
        let shop = try Shop(.random, keepsKnownSessions: true)
        try await Browser(shop).send(as: "roger") { try await $0.session().set("parrot", at: "/item") }
        let other = Browser(shop)
        try await other.send { try await $0.session().set("dead", at: "/parrot") }
        let id = try #require(other.id)
        let browser = Browser(shop)
        try await browser.send { context in
            await #expect(throws: SessionHTTPError.notAClientID("roger")) { try await context.useSession("roger") }
            try await context.useSession(id)
            try await context.session().set(true, at: "/seen")
        }
        #expect(browser.cookie == nil)
        #expect(try await shop.stored(id) == #"{"parrot": "dead", "seen": true}"#)
    }

    @Test func `a session that cannot be read does not lock its client out, and stays for who looks at it`()
        async throws
    {
        let shop = try Shop(.random, keepsKnownSessions: true)
        let browser = Browser(shop)
        try await browser.send { try await $0.session().set(1, at: "/n") }
        try await browser.send(as: "roger") { try await $0.session().set(1, at: "/n") }
        let id = try #require(browser.id)
        for id in [id, "roger"] { try await shop.spoil(id) }
        try await browser.send { context in
            #expect(try await context.session(create: false) == nil)
            #expect(await context.unreadableID == id)
            try await context.session().set(2, at: "/n")
        }
        #expect(browser.id != id)
        #expect(try await shop.stored(id) == "\u{1}spoilt")
        #expect(try await browser.send { try await $0.session().value(at: "/n") } == 2)
        let error = await #expect(throws: SessionHTTPError.self) {
            try await browser.send(as: "roger") { _ = try await $0.session() }
        }
        guard case .unreadable? = error else { Issue.record("\(String(describing: error))"); return }
        #expect(error?.isRetryable == false)
    }

    @Test func `two requests that count at once have both counted, or one of them is told`() async throws {
        for retries in [0, 1] {
            let shop = try Shop(retries: retries, conflicts: .merge)
            let browser = Browser(shop)
            try await browser.send { try await $0.session().set(1, at: "/n") }
            var isFirst = true
            let counting = {
                try await browser.send { context in
                    let session = try await context.session()
                    let count = try session.value(at: "/n", as: Int.self)
                    if isFirst {
                        isFirst = false
                        try await setMeanwhile(.integer(count + 1), at: "/n", of: browser)
                    }
                    try session.set(count + 1, at: "/n")
                }
            }
            if retries == 0 {
                await #expect(throws: TransactionError.self) { try await counting() }
            } else {
                try await counting()
            }
            #expect(try await browser.send { try await $0.session().value(at: "/n") } == .integer(2 + retries))
        }
    }

    @Test(arguments: [Shop.Clients.random, .browserIDs])
    func `an id that somebody made up is not used`(clients: Shop.Clients) async throws {
        let planted =
            clients == .random ? "shop=b9a1aa34-e44a-4370-9d06-1431ab692b94" : "_ZopeId=00073140A.WUWBd3d3c"
        let browser = Browser(try Shop(clients), cookie: planted)
        try await browser.send { try await $0.session().set(1, at: "/n") }
        #expect(browser.cookie != planted)
    }

    @Test func `a signed id is kept without anything stored, a forged one is not`() async throws {
        let good = "shop=AAECAwQFBgcICQoLDA0ODxAREhMpgkMvL3yUXk5sftOx2aLnNMECmY"
        let browser = Browser(try Shop(), cookie: good)
        try await browser.send { try await $0.session().set(1, at: "/n") }
        #expect(browser.cookie == good && browser.lastSetCookie == nil)
        let forger = Browser(try Shop(), cookie: good.replacing("MECmY", with: "MECmZ"))
        try await forger.send { try await $0.session().set(1, at: "/n") }
        #expect(forger.lastSetCookie != nil)
        #expect(try #require(forger.id).count == 54)
    }

    @Test func `a cookie with a lifetime is sent with every answer, session or not`() async throws {
        let shop = try Shop(lifetime: .seconds(3600))
        let browser = Browser(shop)
        try await browser.send { try await $0.session().set(1, at: "/n") }
        let first = try #require(browser.lastSetCookie)
        shop.clock.advance(milliseconds: 60_000)
        try await browser.send { _ in }
        let again = try #require(browser.lastSetCookie)
        #expect(attributes(of: again)["="] == attributes(of: first)["="])
        #expect(attributes(of: again)["expires"] == "Tue, 14 Nov 2023 23:14:20 GMT")
    }

    @Test func `where ids are given with a POST only, a GET without one has no session`() async throws {
        let browser = Browser(try Shop(.postOnly))
        await #expect(throws: SessionHTTPError.self) { try await browser.send { _ = try await $0.session() } }
        #expect(try await browser.send { try await $0.session(create: false) } == nil)
        try await browser.send(.post) { try await $0.session().set(1, at: "/n") }
        #expect(try await browser.send { try await $0.session().value(at: "/n") } == 1)
    }

    @Test func `another server's ids are used as they come, and never set`() async throws {
        let shop = try Shop(.thirdParty, lifetime: .seconds(60))
        let browser = Browser(shop, cookie: "shop=fromNginx")
        try await browser.send { try await $0.session().set(1, at: "/n") }
        #expect(try await shop.stored("fromNginx") == #"{"n": 1}"#)
        #expect(browser.lastSetCookie == nil)
        await #expect(throws: SessionHTTPError.self) { try await Browser(shop).send { _ = try await $0.session() } }
        await #expect(throws: SessionHTTPError.self) { try await browser.send(.post) { try await $0.logIn(as: "me") } }
    }

    @Test func `nothing is committed with an error or a server error`() async throws {
        struct Broken: Error {}
        let shop = try Shop()
        let browser = Browser(shop)
        try await browser.send { try await $0.session().set(1, at: "/n") }
        let id = try #require(browser.id)
        await #expect(throws: Broken.self) {
            try await browser.send { context in
                try await context.session().set(2, at: "/n")
                throw Broken()
            }
        }
        try await browser.send(status: .serviceUnavailable) { try await $0.session().set(3, at: "/n") }
        #expect(try await shop.stored(id) == #"{"n": 1}"#)
        let stranger = Browser(shop)
        try await stranger.send(status: .internalServerError) { try await $0.session().set(3, at: "/n") }
        #expect(stranger.cookie == nil, "there is no session to come back to")
        try await browser.send(status: .notFound) { try await $0.session().set(4, at: "/n") }
        #expect(try await shop.stored(id) == #"{"n": 4}"#, "a page that is missing is an answer")
    }

    @Test func `two requests at once merge, repeat, or fail as they were told`() async throws {
        for (retries, rule, pointer) in [(0, .merge, "/other"), (1, .refuse, "/n")] as [(Int, ConflictRule, String)] {
            let shop = try Shop(retries: retries, conflicts: rule)
            let browser = Browser(shop)
            try await browser.send { try await $0.session().set(0, at: "/n") }
            var isFirst = true
            try await browser.send { context in
                let session = try await context.session()
                _ = try session.value(at: "/n")
                if isFirst {
                    isFirst = false
                    try await setMeanwhile(1, at: pointer, of: browser)
                }
                try session.set(2, at: "/n")
            }
            #expect(try await browser.send { try await $0.session().value(at: "/n") } == 2)
        }
        let shop = try Shop()
        let browser = Browser(shop)
        try await browser.send { try await $0.session().set(0, at: "/n") }
        await #expect(throws: TransactionError.self) {
            try await browser.send { context in
                let session = try await context.session()
                try await setMeanwhile(1, at: "/n", of: browser)
                try session.set(2, at: "/n")
            }
        }
        #expect(try await browser.send { try await $0.session().value(at: "/n") } == 1)
    }

    /// Another request of the same browser, which comes in while one is answered.
    private func setMeanwhile(_ value: SessionValue, at pointer: String, of browser: Browser) async throws {
        let (shop, cookie) = (browser.shop, browser.cookie)
        // Detached: a task works in one transaction at a time.
        try await Task.detached {
            try await Browser(shop, cookie: cookie).send { try await $0.session().set(value, at: pointer) }
        }.value
    }
}
