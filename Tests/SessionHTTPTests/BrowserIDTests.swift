import HTTPTypes
import SessionCore
import SessionHTTP
import Testing

@Suite struct BrowserIDTests {
    @Test func `an id is what Products.Sessions makes of the same moment and number`() throws {
        for made in try IdentityFixture.made.get().browserIDs {
            struct Number: RandomNumberGenerator {
                var number: Int
                // The upper half of a product chooses the number below a bound.
                mutating func next() -> UInt64 { UInt64((Double(number) + 0.5) / 99_999_999 * 0x1p64) }
            }
            var generator = Number(number: made.number)
            let id = BrowserID(at: Timestamp(milliseconds: made.milliseconds), using: &generator)
            #expect(id.text == made.id)
            #expect(BrowserID(made.id) == id)
            #expect(id.moment == Timestamp(milliseconds: made.milliseconds))
        }
    }

    @Test(arguments: [
        "", "89972317A0C3EHnUi9", "89972317A0C3EHnUi90w", "8997231 A0C3EHnUi90", "+9972317A0C3EHnUi90",
        "89972317A0C3EHnUi9=", "89972317A0C3EHnUi9é", "8997231xA0C3EHnUi90", "89972317A0C3EHnUi9 ",
        "８9972317A0C3EHnUi90",
    ])
    func `what is not 8 digits and 11 characters of a moment is no id`(text: String) {
        #expect(BrowserID(text) == nil)
    }

    @Test func `a moment outside of what an id can hold is the nearest one`() {
        var generator = SystemRandomNumberGenerator()
        for moment in [Timestamp(milliseconds: .min), Timestamp(milliseconds: .max), Timestamp(milliseconds: -1)] {
            #expect(BrowserID(BrowserID(at: moment, using: &generator).text) != nil)
        }
    }
}

@Suite struct BrowserIDManagerTests {
    private let first = "00073140A.WUWBd3d3c"
    private let second = "28655710AjwrAAAAAAA"
    private let now = Timestamp(seconds: 1_700_000_000)

    private func request(
        path: String = "/", cookie: String? = nil, form: [FormField] = [], scheme: String = "https"
    ) -> ClientRequest {
        var head = HTTPRequest(method: .get, scheme: scheme, authority: "shop.example", path: path)
        head.headerFields[.cookie] = cookie
        return ClientRequest(head, form: form)
    }

    @Test func `an id is found in the cookie, the form, the query or the path, and says where`() throws {
        let manager = try BrowserIDManager(sources: [.cookies, .form, .url])
        let inCookie = try #require(manager.find(in: request(cookie: "_ZopeId=\(first)")))
        #expect(inCookie.id.text == first && inCookie.isFromCookie && !inCookie.isNew)
        let inForm = try #require(manager.find(in: request(form: [FormField(name: "_ZopeId", value: first)])))
        #expect(inForm.isFromForm && !inForm.isFromCookie)
        #expect(try #require(manager.find(in: request(path: "/cart?a=b&_ZopeId=\(first)"))).isFromForm)
        let inPath = try #require(manager.find(in: request(path: "/_ZopeId/\(first)/cart")))
        #expect(inPath.id.text == first && inPath.isFromURL)
        var generator = SystemRandomNumberGenerator()
        let new = manager.identify(request(), at: now, using: &generator)
        #expect(new.isNew && !new.isFromURL && !new.isFromForm && !new.isFromCookie)
    }

    @Test func `the order of the sources decides, and only those that are asked for count`() throws {
        let both = request(cookie: "_ZopeId=\(first)", form: [FormField(name: "_ZopeId", value: second)])
        #expect(try BrowserIDManager().find(in: both)?.id.text == first)
        #expect(try BrowserIDManager(sources: [.form, .cookies]).find(in: both)?.id.text == second)
        #expect(try BrowserIDManager(sources: [.url]).find(in: both) == nil)
        #expect(try BrowserIDManager().find(in: request(path: "/_ZopeId/\(first)/cart")) == nil)
        let broken = request(cookie: "_ZopeId=\(first)garbage", form: [FormField(name: "_ZopeId", value: second)])
        #expect(try BrowserIDManager().find(in: broken)?.id.text == second, "an ill-formed one is passed over")
    }

    @Test(arguments: [
        ("/_ZopeId/00073140A.WUWBd3d3c/cart?a=b", "/cart?a=b"), ("/_ZopeId/00073140A.WUWBd3d3c", "/"),
        ("/_ZopeId/00073140A.WUWBd3d3c?a=b", "/?a=b"), ("/_ZopeId/nonsense/cart", "/_ZopeId/nonsense/cart"),
        ("/cart", "/cart"), ("/_ZopeId/00073140A.WUWBd3d3cx/cart", "/_ZopeId/00073140A.WUWBd3d3cx/cart"),
    ])
    func `the path goes on without the name and the id`(path: String, rest: String) throws {
        #expect(try BrowserIDManager(sources: [.url]).path(of: request(path: path)) == rest)
        #expect(try BrowserIDManager().path(of: request(path: path)) == path)
    }

    @Test func `cookies are set and dropped as Products.Sessions does it`() throws {
        for made in try IdentityFixture.made.get().browserCookies {
            let settings = made.settings
            let cookie = try CookieSettings(
                CookieName("_ZopeId"), lifetime: CookieLifetime(seconds: settings.cookielifedays.map { $0 * 86_400 }),
                domain: settings.cookiedomain, path: settings.cookiepath ?? "/", isSecure: settings.cookiesecure == 1,
                isHTTPOnly: settings.cookiehttponly == 1,
                sameSite: settings.cookiesamesite.map { SameSite(rawValue: $0) } ?? .lax)
            let manager = try BrowserIDManager(cookie: cookie)
            let asked = request(scheme: made.url.hasPrefix("https") ? "https" : "http")
            let id = try #require(BrowserID(first))
            let set = try manager.fields(forcing: id, on: asked, at: Timestamp(seconds: made.now))[.setCookie]
            let flushed = try manager.fields(flushingCookieOf: asked)[.setCookie]
            for (ours, theirs, value) in [(set, made.set, first), (flushed, made.flushed, "deleted")] {
                #expect((ours == nil) == (theirs == nil))
                guard let ours, let theirs else { continue }
                let mine = attributes(of: ours)
                #expect(mine["="] == "_ZopeId=\(value)")
                #expect(mine["path"] == theirs.path)
                #expect(mine["domain"] == theirs.domain)
                #expect(mine["samesite"] == theirs.SameSite)
                #expect((mine["secure"] != nil) == (theirs.secure == true))
                #expect((mine["httponly"] != nil) == (theirs.HttpOnly == true))
                // Zope spells dates as before RFC 6265, and calls the 10th of May 1971, a Monday, a Sunday.
                let day = theirs.expires?.split(separator: " ").dropFirst().first ?? theirs.expires?.prefix(0)
                let spelled = mine["expires"].map { $0.split(separator: " ")[1...3].joined(separator: "-") }
                #expect(spelled == day.map(String.init))
            }
        }
    }

    @Test func `without cookies among the sources none is set, forced or flushed`() throws {
        let manager = try BrowserIDManager(sources: [.form])
        let id = try #require(BrowserID(first))
        #expect(throws: BrowserIDError.cookiesUnused) { try manager.fields(forcing: id, on: request(), at: now) }
        #expect(throws: BrowserIDError.cookiesUnused) { try manager.fields(flushingCookieOf: request()) }
        #expect(manager.fields(telling: first, isNew: true, to: request(), at: now) == [:])
    }

    @Test func `a cookie domain has two dots, and a name stands in an address`() throws {
        #expect(throws: CookieError.shortDomain("example.org")) {
            try BrowserIDManager(cookie: CookieSettings(CookieName("a"), domain: "example.org"))
        }
        #expect(throws: CookieError.self) { try BrowserIDManager(cookie: CookieSettings(CookieName("a&b"))) }
    }

    @Test func `links and fields are those of Products.Sessions, but for those that it breaks`() throws {
        let manager = try BrowserIDManager()
        let made = try IdentityFixture.made.get().links
        let theirs = "89972317A0C3EHnUi90w"
        let id = try #require(BrowserID(first))
        func ours(_ text: String) -> String { text.replacing(theirs, with: first) }
        #expect(manager.hiddenField(carrying: id) == ours(made.hidden))
        for link in made.urls {
            if link.url.contains("#") {
                #expect(try manager.link(link.url, carrying: id) == "http://shop.example/a?b&amp;_ZopeId=\(first)#c")
            } else {
                #expect(try manager.link(link.url, carrying: id) == ours(link.querystring))
            }
            if link.url == "cart" {
                #expect(throws: BrowserIDError.relativeAddress("cart")) {
                    try manager.link(link.url, carrying: id, style: .path)
                }
            } else {
                #expect(try manager.link(link.url, carrying: id, style: .path) == ours(link.inline))
            }
        }
        #expect(try manager.link("/a?b", carrying: id, isForHTML: false) == "/a?b&_ZopeId=\(first)")
        #expect(
            try manager.link("/back?to=http://other.example/", carrying: id, style: .path)
                == "/_ZopeId/\(first)/back?to=http://other.example/")
        #expect(throws: BrowserIDError.self) { try manager.link("back?to=http://other/", carrying: id, style: .path) }
        #expect(try manager.link("//host/a", carrying: id, style: .path) == "//host/_ZopeId/\(first)/a")
    }

    @Test func `a link's id is found again`() throws {
        let manager = try BrowserIDManager(sources: [.url, .form])
        let id = try #require(BrowserID(first))
        for style in BrowserIDManager.LinkStyle.allCases {
            for address in ["/", "/cart", "/cart?a=b", "/cart/?a=b&c"] {
                let link = try manager.link(address, carrying: id, style: style, isForHTML: false)
                #expect(manager.find(in: request(path: link))?.id == id)
            }
        }
    }
}
