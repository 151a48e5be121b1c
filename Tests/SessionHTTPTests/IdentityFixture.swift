import Foundation

/// What the Python packages do with client ids, cookies and browser ids; `Fixtures/make_identities.py` wrote it.
struct IdentityFixture: Decodable {
    struct SignedIDs: Decodable, Sendable {
        var secret, random, zope, p01: String
    }
    struct ZopeCookie: Decodable, Sendable {
        struct Settings: Decodable, Sendable {
            var cookieLifetime: Int64?
            var domain: String?
            var secure, httpOnly: Bool?
        }
        var settings: Settings
        var now: Int64
        var headers: [[String]]
    }
    struct HTTPMoment: Decodable, Sendable {
        var seconds: Int64
        var text: String

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            seconds = try values.decode(Int64.self)
            text = try values.decode(String.self)
        }
    }
    struct BrowserIDs: Decodable, Sendable {
        var milliseconds: Int64
        var number: Int
        var id: String
    }
    struct Links: Decodable, Sendable {
        struct Link: Decodable, Sendable {
            var url, querystring, inline: String
        }
        var hidden: String
        var urls: [Link]
    }
    struct BrowserCookie: Decodable, Sendable {
        struct Settings: Decodable, Sendable {
            var cookielifedays: Int64?
            var cookiesecure, cookiehttponly: Int?
            var cookiesamesite, cookiedomain, cookiepath: String?
        }
        struct Attributes: Decodable, Sendable {
            var value: String
            var path, domain, expires, SameSite: String?
            var secure, HttpOnly: Bool?
        }
        var settings: Settings
        var url: String
        var now: Int64
        var set, flushed: Attributes?
    }

    var clientIDs: [SignedIDs]
    var cookies: [ZopeCookie]
    var dates: [HTTPMoment]
    var browserIDs: [BrowserIDs]
    var links: Links
    var browserCookies: [BrowserCookie]

    static let made = Result {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "Fixtures/identities.json"))
        return try JSONDecoder().decode(IdentityFixture.self, from: data)
    }
}

/// Gives out bytes that a test chose, then zeros.
struct ChosenBytes: RandomNumberGenerator {
    var bytes: [UInt8]

    mutating func next() -> UInt64 { bytes.isEmpty ? 0 : UInt64(bytes.removeFirst()) }
}

/// The attributes of a `Set-Cookie` field by their names in lower case; the cookie's own under `=`.
func attributes(of cookie: String) -> [String: String] {
    var result: [String: String] = [:]
    for (index, part) in cookie.components(separatedBy: "; ").enumerated() {
        if index == 0 {
            result["="] = part
        } else {
            let sides = part.split(separator: "=", maxSplits: 1)
            result[sides[0].lowercased()] = sides.count > 1 ? String(sides[1]) : ""
        }
    }
    return result
}
