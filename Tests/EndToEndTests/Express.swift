import MemcachedServer

/// A session as express-session with connect-memjs stores it: compact JSON, flags 2, one hour to live.
enum Express {
    /// An id of 24 random bytes in base64url, as express makes them.
    static let id = "aT6DX-6XO4-eds6LhaaOPSeEMt-0VyCh"
    /// The key of that session.
    static let key = "sess:" + id
    /// The id of another session.
    static let otherID = "GEhloUbBjRj-latFDjPdtlqePX2mDtfH"

    /// The payload with these values in it.
    static func payload(views: Int, page: String = "/search?q=tea") -> String {
        #"{"cookie":{"originalMaxAge":3600000,"httpOnly":true},"views":\#(views),"returnTo":"\#(page)","owner":"Z\u00f6e"}"#
    }

    /// Writes the session as the application does.
    static func write(_ client: RawClient, views: Int, page: String = "/search?q=tea", id: String = id) throws {
        try client.set("sess:" + id, payload(views: views, page: page), flags: 2, expiry: 3600)
    }
}

/// A record as memcached holds it.
struct StoredItem: Equatable {
    var value: String
    var flags: Int
    /// Seconds it has left; -1 for ever.
    var life: Int
    var revision: Int
}

extension RawClient {
    /// Reads a record without marking it as used; `nil` where there is none.
    func item(_ key: String) throws -> StoredItem? {
        let answer = try ask("mg \(key) v f t c u\r\nmn\r\n", until: ["MN\r\n"])
        guard answer.hasPrefix("VA "), let end = answer.firstRange(of: "\r\n") else { return nil }
        let words = answer[..<end.lowerBound].split(separator: " ")
        let size = words.dropFirst().first.flatMap { Int($0) } ?? 0
        func number(_ letter: Character) -> Int {
            words.dropFirst(2).first { $0.first == letter }.flatMap { Int($0.dropFirst()) } ?? 0
        }
        return StoredItem(
            value: String(decoding: answer[end.upperBound...].utf8.prefix(size), as: UTF8.self), flags: number("f"),
            life: number("t"),
            revision: number("c"))
    }

    /// What the server says of all its records: key, expiry, last access, revision, whether it was ever fetched.
    func metadump() throws -> String {
        // The server's own crawls make it busy for moments, then the answer is one line that says so.
        for _ in 0..<10_000 {
            let answer = try ask("lru_crawler metadump all\r\n")
            if answer.hasSuffix("END\r\n") { return answer }
        }
        throw ProgramFailure(description: "the server is busy crawling")
    }
}
