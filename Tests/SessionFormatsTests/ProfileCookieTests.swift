import SessionCore
import SessionFormats
import Testing

/// The session ids in the cookies that frameworks set.
@Suite struct ProfileCookieTests {
    private func profile(_ name: String) throws -> any SessionProfile {
        try #require(FrameworkProfiles.all.first { $0.name == name })
    }

    /// Cookies that Flask-Session 0.8 and Beaker 1.13 set, with a secret and without; express-session's are signed by cookie-signature.
    @Test(arguments: [
        ("flask", "oounFo7VZffMgRlfPGDyAu2D44yYFpTLNWs7xNz7m-4", "oounFo7VZffMgRlfPGDyAu2D44yYFpTLNWs7xNz7m-4"),
        (
            "flask", "D7WmfhzzGUIRmTWqzC1ZyNtwbh5_6xzJsmrU2aLsxf8.13iOl8w4F0dBfgCqMGHeHNTm31k",
            "D7WmfhzzGUIRmTWqzC1ZyNtwbh5_6xzJsmrU2aLsxf8"
        ),
        ("beaker", "e996bded5fbb4d50b9239c32b7f20ea0", "e996bded5fbb4d50b9239c32b7f20ea0"),
        (
            "beaker", "991fe08f9e47b6c22fe86a9598495a67cb2d64bcf18e333045ab48e48d932daea1d9e973",
            "f18e333045ab48e48d932daea1d9e973"
        ),
        (
            "express", "s:fJupTVmdDKjO8L_tjM6WCVBruOO3vtkN.r1Yx8BJ/AHxJzfNMg+5cHX1WkCVw2d2OqMOp5tq2s.k",
            "fJupTVmdDKjO8L_tjM6WCVBruOO3vtkN.r1Yx8BJ/AHxJzfNMg+5cHX1WkCVw2d2OqMOp5tq2s"
        ),
        ("express", "s:fJupTVmdDKjO8L_tjM6WCVBruOO3vtkN.r1Yx8BJ/AHxJzfNMg", "fJupTVmdDKjO8L_tjM6WCVBruOO3vtkN"),
        ("express", "s:unsigned", "unsigned"), ("express", "plain", "plain"), ("express", "s:", ""), ("flask", ".", ""),
        ("django", "7w4d3iw9r6wrud3jm9mhlc18q8j3gxtq", "7w4d3iw9r6wrud3jm9mhlc18q8j3gxtq"),
    ])
    func `the id comes out of what the framework puts around it`(name: String, value: String, id: String) throws {
        let profile = try profile(name)
        #expect(String(decoding: try profile.sessionID(ofCookie: Array(value.utf8)), as: UTF8.self) == id)
        #expect(!profile.cookieNames.isEmpty)
    }

    @Test func `a cookie that Laravel encrypted says so`() throws {
        let profile = try profile("laravel")
        #expect(throws: CookieRefusal.self) { try profile.sessionID(ofCookie: Array("eyJpdiI6IkFhIn0=".utf8)) }
        #expect(try profile.sessionID(ofCookie: Array("Zx3b".utf8)) == Array("Zx3b".utf8))
    }
}
