import HTTPTypes
import SessionCore
import SessionHTTP
import Testing

@Suite struct CookieTests {
    private func request(_ method: HTTPRequest.Method = .get, cookie: String? = nil) -> ClientRequest {
        var head = HTTPRequest(method: method, scheme: "https", authority: "shop.example", path: "/")
        head.headerFields[.cookie] = cookie
        return ClientRequest(head)
    }

    @Test func `the fields are those that zope.session sends`() throws {
        for made in try IdentityFixture.made.get().cookies {
            let settings = try CookieSettings(
                CookieName(namespace: "shop"), lifetime: CookieLifetime(seconds: made.settings.cookieLifetime),
                domain: made.settings.domain, isSecure: made.settings.secure ?? false,
                isHTTPOnly: made.settings.httpOnly ?? false, sameSite: nil)
            let manager = CookieClientIDManager(cookie: settings, issuer: .random)
            let fields = manager.fields(
                telling: "AAECAwQF", isNew: true, to: request(), at: Timestamp(seconds: made.now))
            for header in made.headers {
                let name = try #require(HTTPField.Name(header[0]))
                guard name == .setCookie else {
                    #expect(fields[name] == header[1])
                    continue
                }
                var ours = attributes(of: try #require(fields[name]))
                // Zope sends the date alone; the seconds say the same to browsers whose clock is wrong.
                #expect(
                    ours.removeValue(forKey: "max-age")
                        == made.settings.cookieLifetime.flatMap { $0 > 0 ? "\($0)" : nil })
                #expect(ours == attributes(of: header[1]))
            }
        }
    }

    @Test func `a cookie until the browser is closed is set once, one that lives for seconds with each answer`() throws
    {
        for (lifetime, isTold) in [(nil, false), (0, false), (3600, true)] as [(Int64?, Bool)] {
            let settings = try CookieSettings(CookieName("shop"), lifetime: CookieLifetime(seconds: lifetime))
            let manager = CookieClientIDManager(cookie: settings, issuer: .random)
            let now = Timestamp(seconds: 0)
            #expect(manager.fields(telling: "a", isNew: true, to: request(), at: now)[.setCookie] != nil)
            #expect((manager.fields(telling: "a", isNew: false, to: request(), at: now)[.setCookie] != nil) == isTold)
        }
    }

    @Test func `another server's cookie is read, and never set, made or dropped`() throws {
        let manager = CookieClientIDManager(
            cookie: try CookieSettings(CookieName("uid"), lifetime: .seconds(60)), issuer: .thirdParty)
        let known = request(cookie: "other=1; uid=AQAAf0Y4gjgAAAQ3AwMEAg==")
        #expect(manager.clientID(in: known) == "AQAAf0Y4gjgAAAQ3AwMEAg==")
        #expect(manager.refusal(ofIDFor: request())?.contains("another server") == true)
        #expect(manager.fields(telling: "a", isNew: true, to: known, at: Timestamp(seconds: 0)) == [:])
        #expect(manager.fields(withdrawingFrom: known) == [:])
    }

    @Test func `of several cookies of one name the first that is an id counts`() throws {
        let signer = try ClientIDSigner(secrets: [Array("very secure".utf8)])
        let id = "AAECAwQFBgcICQoLDA0ODxAREhMpgkMvL3yUXk5sftOx2aLnNMECmY"
        let manager = CookieClientIDManager(cookie: try CookieSettings(CookieName("shop")), issuer: .signed(signer))
        #expect(manager.clientID(in: request(cookie: "shop=planted; shop=\(id); shop=x")) == id)
        #expect(manager.clientID(in: request(cookie: "shop=\(id)x")) == nil)
        #expect(manager.clientID(in: request(cookie: "Shop=\(id)")) == nil, "the case of a name counts")
        #expect(manager.clientID(in: request()) == nil)
    }

    @Test(arguments: ["", "a b", "a;b", "a=b", "a,b", "ä", "a\r\nSet-Cookie: x", String(repeating: "a", count: 129)])
    func `what a header could misread is no name`(text: String) {
        #expect(throws: CookieError.self) { try CookieName(text) }
    }

    @Test func `a namespace is 1 to 30 letters, digits and underscores`() throws {
        #expect(try CookieName(namespace: "zope3_cs_1a2b").text == "zope3_cs_1a2b")
        #expect(try CookieName(namespace: String(repeating: "a", count: 30)).text.count == 30)
        for bad in ["", "connect.sid", "a-b", String(repeating: "a", count: 31), "ä"] {
            #expect(throws: CookieError.self) { try CookieName(namespace: bad) }
        }
    }

    @Test func `settings that a browser or a header would misunderstand are refused`() throws {
        let name = try CookieName("shop")
        #expect(throws: CookieError.sameSiteNoneNeedsSecure) {
            try CookieSettings(name, isSecure: false, sameSite: SameSite.none)
        }
        #expect(throws: CookieError.character("path", "/; Domain=evil")) {
            try CookieSettings(name, path: "/; Domain=evil")
        }
        #expect(throws: CookieError.character("domain", "a\r\nb")) { try CookieSettings(name, domain: "a\r\nb") }
        #expect(throws: CookieError.relativePath("shop")) { try CookieSettings(name, path: "shop") }
        let host = try CookieName("__Host-id")
        _ = try CookieSettings(host)
        for broken in [
            { try CookieSettings(host, domain: ".shop.example") }, { try CookieSettings(host, path: "/shop") },
            { try CookieSettings(host, isSecure: false) },
            { try CookieSettings(CookieName("__Secure-id"), isSecure: false) },
        ] as [() throws -> CookieSettings] {
            let error = #expect(throws: CookieError.self) { try broken() }
            guard case .brokenPrefix? = error else { Issue.record("\(String(describing: error))"); continue }
        }
        #expect(throws: CookieError.lifetime(-1)) { try CookieLifetime(seconds: -1) }
        #expect(throws: CookieError.lifetime(0)) { try CookieSettings(name, lifetime: .seconds(0)) }
        let settings = try CookieSettings(name)
        #expect(throws: CookieError.self) { try settings.setting("a b", at: Timestamp(seconds: 0)) }
        #expect(throws: CookieError.self) { try settings.setting("a\"b", at: Timestamp(seconds: 0)) }
    }

    @Test func `the safe settings are those that nobody has to ask for`() throws {
        let text = try CookieSettings(CookieName("shop")).setting("1", at: Timestamp(seconds: 0))
        #expect(text == "shop=1; Path=/; Secure; HttpOnly; SameSite=Lax")
        #expect(
            try CookieSettings(CookieName("shop")).removal
                == "shop=deleted; Expires=Mon, 10 May 1971 11:59:00 GMT; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"
        )
    }

    @Test func `dates are those that Python writes`() throws {
        let name = try CookieName("a")
        for made in try IdentityFixture.made.get().dates where made.seconds > 0 {
            let text = try CookieSettings(name, lifetime: .seconds(1)).setting(
                "", at: Timestamp(seconds: made.seconds - 1))
            #expect(attributes(of: text)["expires"] == made.text)
        }
        let never = try CookieSettings(name, lifetime: .seconds(.max)).setting("", at: Timestamp(seconds: .max))
        #expect(attributes(of: never)["expires"] == "Fri, 31 Dec 9999 23:59:59 GMT")
    }
}
