import SessionCore
import SessionHTTP
import Testing

@Suite struct ScoreSessionSettingsTests {
    private let now = Timestamp(seconds: 1_700_000_000)

    @Test func `without settings everything is as score.session has it`() throws {
        let settings = try ScoreSessionSettings()
        #expect(settings.container == "score.session")
        #expect(!settings.isLive)
        #expect(settings.contextMember == "session")
        #expect(settings.tableClass == nil)
        #expect(try settings.cookie?.setting("1a", at: now) == "session=1a; Path=/; Secure; HttpOnly")
    }

    @Test func `each setting is read`() throws {
        let settings = try ScoreSessionSettings([
            "db.class": "path.to.Session", "kvcache.container": "other", "kvcache.livedata": "Yes",
            "ctx.member": "storage",
            "cookie": "sid", "cookie.max_age": "30d", "cookie.path": "/shop", "cookie.domain": ".shop.example",
            "cookie.secure": "False", "cookie.httponly": "off", "cookie.samesite": "strict",
        ])
        #expect(settings.tableClass == "path.to.Session")
        #expect(settings.container == "other")
        #expect(settings.isLive)
        #expect(settings.contextMember == "storage")
        let cookie = try #require(settings.cookie)
        #expect(
            try cookie.setting("1a", at: now)
                == "sid=1a; Expires=Thu, 14 Dec 2023 22:13:20 GMT; Max-Age=2592000; Domain=.shop.example; Path=/shop; SameSite=Strict"
        )
    }

    @Test func `None is nothing`() throws {
        let settings = try ScoreSessionSettings(["cookie": "None", "ctx.member": "None", "orm.class": "None"])
        #expect(settings.cookie == nil)
        #expect(settings.contextMember == nil)
        #expect(settings.tableClass == nil)
        #expect(try ScoreSessionSettings(["cookie.samesite": "none"]).cookie?.sameSite == nil)
    }

    @Test(arguments: [
        ("3s", 3), ("5 milliseconds", 0), ("1 minute", 60), ("2 hours", 7200), ("365days", 31_536_000), ("0", 0),
        ("1W", 604_800), ("1500 ms", 1), ("99999999999999999 weeks", ContainerTiming.longest),
    ])
    func `intervals are as long as score says`(text: String, seconds: Int64) throws {
        #expect(try ScoreSessionSettings.seconds(ofInterval: text) == seconds)
    }

    @Test(arguments: ["", "s", "3", "-3s", "3 fortnights", "3.5h", "½h", "3s3s"])
    func `what is no interval is refused`(text: String) {
        #expect(throws: ScoreSettingsError.self) { try ScoreSessionSettings.seconds(ofInterval: text) }
    }

    @Test(arguments: [
        ["cookie.secure": "perhaps"], ["cookie.samesite": "sometimes"], ["cookie": "a b"], ["cookie.path": "/;x"],
        ["cookie.path": "shop"], ["cookie.domain": "a b"],
        ["cookie.max_age": "long"], ["cookies": "x"], ["kvcache.livedata": ""],
    ])
    func `a setting that means nothing is refused by name`(settings: [String: String]) throws {
        let error = try #require(throws: ScoreSettingsError.self) { try ScoreSessionSettings(settings) }
        #expect(error.name == settings.keys.first)
    }
}
