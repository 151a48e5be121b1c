import SessionCore
import Shop
import Testing

/// The whole shop on a real port, visited by a real HTTP client.
@Suite struct ShopTests {
    @Test("who only looks gets no cookie and leaves nothing behind", arguments: StoreKind.allCases)
    func looking(at kind: StoreKind) async throws {
        try await OpenShop.open(kind) { shop in
            let page = try await shop.browser().get("/")
            #expect(page.status == 200)
            #expect(page.body.contains("no session yet"))
            #expect(page.field("set-cookie") == nil)
        }
    }

    @Test("a cart is a session that the cookie names", arguments: StoreKind.allCases)
    func adding(to kind: StoreKind) async throws {
        try await OpenShop.open(kind) { shop in
            let browser = shop.browser()
            let answer = try await browser.post("/cart/add", ["item": "parrot"])
            #expect(answer.status == 303)
            let setCookie = try #require(answer.field("set-cookie"))
            #expect(setCookie.contains("HttpOnly") && setCookie.contains("SameSite=Lax"))
            #expect(answer.field("cache-control")?.contains("no-cache") == true)

            let id = try #require(browser.cookie)
            #expect(id.utf8.count == 54)
            #expect(try await shop.stored(id)?.contains(#""parrot": 1"#) == true)

            _ = try await browser.post("/cart/add", ["item": "parrot"])
            let page = try await browser.get("/")
            #expect(page.body.contains("2 × Norwegian Blue") && page.body.contains("€ 90.00"))
            #expect(browser.cookie == id)

            _ = try await browser.post("/cart/remove", ["item": "parrot"])
            #expect(try await browser.get("/").body.contains("€ 0.00"))
        }
    }

    @Test("two browsers have two carts", arguments: StoreKind.allCases)
    func twoBrowsers(on kind: StoreKind) async throws {
        try await OpenShop.open(kind) { shop in
            let (first, second) = (shop.browser(), shop.browser())
            _ = try await first.post("/cart/add", ["item": "slug"])
            _ = try await second.post("/cart/add", ["item": "cheese"])
            #expect(first.cookie != second.cookie)
            #expect(try await first.get("/").body.contains("1 × Slug"))
            #expect(try await !second.get("/").body.contains("× Slug"))
        }
    }

    @Test("a login gives the session another id, and the old one leads nowhere", arguments: StoreKind.allCases)
    func login(on kind: StoreKind) async throws {
        try await OpenShop.open(kind) { shop in
            let browser = shop.browser()
            _ = try await browser.post("/cart/add", ["item": "shrubbery"])
            let anonymous = try #require(browser.cookie)
            _ = try await browser.post("/login", ["name": "roger"])
            let known = try #require(browser.cookie)

            #expect(known != anonymous)
            #expect(try await shop.stored(anonymous) == nil)
            let page = try await browser.get("/")
            #expect(page.body.contains("Hello, roger") && page.body.contains("1 × Shrubbery"))
        }
    }

    @Test("an order empties the cart and is there, in one commit", arguments: StoreKind.allCases)
    func order(on kind: StoreKind) async throws {
        try await OpenShop.open(kind) { shop in
            let browser = shop.browser()
            #expect(try await browser.post("/order").status == 403)
            _ = try await browser.post("/login", ["name": "roger"])
            #expect(try await browser.post("/order").status == 400)

            _ = try await browser.post("/cart/add", ["item": "shrubbery"])
            let answer = try await browser.post("/order")
            #expect(answer.status == 303 && answer.field("location") == "/orders")
            #expect(try await browser.get("/orders").body.contains("1 × shrubbery: € 23.00"))
            #expect(try await browser.get("/").body.contains("€ 0.00"))
            #expect(try await shop.stored("roger", in: "orders")?.contains("shrubbery") == true)
        }
    }

    @Test("a logout ends the session", arguments: StoreKind.allCases)
    func logout(on kind: StoreKind) async throws {
        try await OpenShop.open(kind) { shop in
            let browser = shop.browser()
            _ = try await browser.post("/login", ["name": "roger"])
            let id = try #require(browser.cookie)
            _ = try await browser.post("/logout")
            #expect(try await shop.stored(id) == nil)
            #expect(browser.cookie == nil)
            #expect(try await browser.get("/").body.contains("no session yet"))
        }
    }

    @Test("an unused cart is gone when its time is over", arguments: [StoreKind.memory, .sqlite])
    func expiry(on kind: StoreKind) async throws {
        try await OpenShop.open(kind, timeout: 600) { shop in
            let browser = shop.browser()
            _ = try await browser.post("/cart/add", ["item": "slug"])
            let id = try #require(browser.cookie)
            shop.clock.advance(milliseconds: 500_000)
            #expect(try await browser.get("/").body.contains("1 × Slug"))
            shop.clock.advance(milliseconds: 500_000)
            #expect(try await browser.get("/").body.contains("1 × Slug"), "the last visit was 500 s ago")
            // A record lives as long as the resolution, a tenth, on top: until then a visit need not write.
            shop.clock.advance(milliseconds: 661_000)
            #expect(try await browser.get("/").body.contains("€ 0.00"))
            _ = try await browser.post("/cart/add", ["item": "cheese"])
            #expect(try await !browser.get("/").body.contains("Slug, talking <"))
            #expect(browser.cookie == id, "a signed id goes on")
        }
    }

    @Test("a memcached lets an unused cart go by itself")
    func expiryInMemcached() async throws {
        try await OpenShop.open(.memcached, timeout: 1) { shop in
            let browser = shop.browser()
            _ = try await browser.post("/cart/add", ["item": "slug"])
            let id = try #require(browser.cookie)
            while try await shop.stored(id) != nil { try await Task.sleep(for: .milliseconds(20)) }
            #expect(try await browser.get("/").body.contains("€ 0.00"))
        }
    }

    @Test("requests of one client at the same time lose nothing", arguments: StoreKind.allCases)
    func manyAtOnce(on kind: StoreKind) async throws {
        try await OpenShop.open(kind) { shop in
            let browser = shop.browser()
            _ = try await browser.post("/cart/add", ["item": "slug"])
            let id = try #require(browser.cookie)
            let kept = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await browser.post("/cart/add", ["item": "slug"], cookie: id).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            // A request that was overtaken more often than it tries again says so; none is lost without a word.
            #expect(kept.allSatisfy { $0 == 303 || $0 == 409 })
            let count = 1 + kept.count { $0 == 303 }
            #expect(try await browser.get("/").body.contains("\(count) × Slug"))
        }
    }

    @Test("a forged cookie gets a cart of its own")
    func forgery() async throws {
        try await OpenShop.open(.memory) { shop in
            let browser = shop.browser()
            let forged = String(repeating: "x", count: 54)
            let answer = try await browser.post("/cart/add", ["item": "slug"], cookie: forged)
            let setCookie = try #require(answer.field("set-cookie"))
            #expect(!setCookie.contains(forged))
            #expect(try await shop.stored(forged) == nil)
        }
    }

    @Test("what is no article or no name is refused and changes nothing")
    func badInput() async throws {
        try await OpenShop.open(.memory) { shop in
            let browser = shop.browser()
            let article = try await browser.post("/cart/add", ["item": "<script>"])
            let field = try await browser.post("/cart/add", ["thing": "slug"])
            let name = try await browser.post("/login", ["name": "<b>"])
            #expect([article.status, field.status, name.status] == [404, 400, 400])
            #expect(browser.cookie == nil)
        }
    }

    @Test("a store that is gone is told, without its name")
    func storeDown() async throws {
        try await OpenShop.open(.memcached) { shop in
            let browser = shop.browser()
            _ = try await browser.post("/cart/add", ["item": "slug"])
            try await shop.memcached?.stop()
            let answer = try await browser.post("/cart/add", ["item": "slug"])
            #expect(answer.status == 503)
            #expect(answer.body.contains("cannot be reached just now") && !answer.body.contains("127.0.0.1"))
        }
    }
}
