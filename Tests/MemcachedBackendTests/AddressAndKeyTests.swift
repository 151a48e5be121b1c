import SessionCore
import Testing

@testable import MemcachedBackend

@Suite struct AddressAndKeyTests {
    @Test(arguments: [
        ("127.0.0.1:11211", MemcachedAddress.tcp(host: "127.0.0.1", port: 11211), "127.0.0.1:11211"),
        ("memcached://cache.example:1", .tcp(host: "cache.example", port: 1), "cache.example:1"),
        ("memcached://cache/", .tcp(host: "cache", port: 11211), "cache:11211"),
        ("[::1]:65535", .tcp(host: "::1", port: 65535), "[::1]:65535"),
        ("[fe80::1]", .tcp(host: "fe80::1", port: 11211), "[fe80::1]:11211"),
        ("unix:///run/m.sock", .unix(path: "/run/m.sock"), "unix:///run/m.sock"),
    ])
    func `addresses are read and shown`(text: String, address: MemcachedAddress, shown: String) throws {
        #expect(try MemcachedAddress(parsing: text) == address)
        #expect(address.description == shown)
        #expect(try MemcachedAddress(parsing: shown) == address)
    }

    @Test(arguments: [
        "", ":11211", "host:", "host:0", "host:65536", "host:http", "::1", "[::1", "[::1]11211", "[]:1", "unix://",
        "unix://rel", "unix:///", "unix:///" + String(repeating: "x", count: 120), "memcached://", "a b:1",
        "user@host:1", "a:1,b:2", "redis://host:1",
    ])
    func `what is no address is refused with what is right`(text: String) {
        #expect { try MemcachedAddress(parsing: text) } throws: { error in
            (error as? MemcachedAddressError)?.detail.isEmpty == false
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("\u{3FF}~", "z79+"),
    ])
    func `base64 is RFC 4648's`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == Array(encoded.utf8))
    }

    @Test func `keys that would break a command line are read encoded and not written`() {
        #expect(MemcachedRequest.read("plain").line == Array("mg plain k v f t c s u".utf8))
        for key in ["a b", "a\r\nflush_all", "\u{1b}[31m", "\u{7f}", "tab\t"] as [RecordKey] {
            let line = MemcachedRequest.read(key).line
            #expect(line == Array("mg ".utf8) + Base64.encode(key.bytes) + Array(" b k v f t c s u".utf8))
            #expect(KeyRules.refusal(of: key, forWriting: false, store: "s") == nil)
            #expect(KeyRules.refusal(of: key, forWriting: true, store: "s")?.code == .badKey)
        }
        let longest = RecordKey(String(repeating: "k", count: 250))
        #expect(KeyRules.refusal(of: longest, forWriting: true, store: "s") == nil)
        for bad in [RecordKey(""), RecordKey(longest.bytes + [0x6B]), RecordKey([UInt8](repeating: 1, count: 188))] {
            #expect(KeyRules.refusal(of: bad, forWriting: false, store: "s")?.code == .badKey)
        }
        #expect(
            KeyRules.refusal(of: RecordKey([UInt8](repeating: 1, count: 186)), forWriting: false, store: "s") == nil)
    }
}
