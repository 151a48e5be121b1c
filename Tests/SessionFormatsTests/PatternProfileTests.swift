import RandomValues
import SessionCore
import SessionFormats
import Testing

@Suite struct PatternProfileTests {
    private static let md5 = "0cc175b9c0f1b6a831c399e269772661"

    private func profile(_ key: String, locks: String? = nil) throws -> PatternProfile {
        try PatternProfile(PatternSettings(name: "shop", key: key, locks: locks, formats: ["json"]))
    }

    private func parts(_ profile: PatternProfile, _ key: String) -> [String?]? {
        let key = Array(key.utf8)
        let buffer = Array("before".utf8) + key + Array("after".utf8)
        guard case .session(let owner) = profile.classify(buffer[6..<(6 + key.count)]) else { return nil }
        return [owner.container, owner.session, owner.package].map { range in
            range.map { String(decoding: key[$0], as: UTF8.self) }
        }
    }

    @Test(arguments: [
        ("shop:{container}:sess:{id}", "shop:carts:sess:42", ["carts", "42", nil]),
        ("shop:{container}:sess:{id}", "shop:a:b:sess:4:sess:2", ["a:b", "4:sess:2", nil]),
        ("s:{container}:{id}", "s:a:b", ["a", "b", nil]), ("shop:{container}:sess:{id}", "shop::sess:42", nil),
        ("shop:{container}:sess:{id}", "shop:carts:sess:", nil),
        ("shop:{container}:sess:{id}", "shop:carts", nil), ("shop:{container}:sess:{id}", "", nil),
        ("{id}_session", "42_session", ["", "42", nil]), ("{id}_session", "a_session_session", ["", "a_session", nil]),
        ("{id}_session", "_session", nil), ("{id}_session", "42_session2", nil),
        ("memc.{id}", "memc.42", ["", "42", nil]),
        ("memc.{id}", "memc.", nil), ("memc.{id}", "memb.42", nil),
        ("s:{container}:{id}:{package}", "s:carts:42", ["carts", "42", nil]),
        ("s:{container}:{id}:{package}", "s:carts:42:", ["carts", "42", ""]),
        ("s:{container}:{id}:{package}", "s:carts:42:a:b", ["carts", "42", "a:b"]),
        ("s:{container}:{id}:{package}", "s:carts", nil), ("s:{container}:{id}:{package}", "s:carts:", nil),
        ("s{{{id}}}", "s{42}", ["", "42", nil]), ("é{id}", "é42", ["", "42", nil]),
        ("s:{id|md5}", "s:" + md5, ["", md5, nil]), ("s:{id|md5}", "s:42", nil), ("s:{id|md5}", "s:" + md5 + "0", nil),
        ("{id|md5}", md5, ["", md5, nil]), ("{id|md5}:{package}", md5 + ":cart", ["", md5, "cart"]),
        ("{id|md5}:{package}", md5, ["", md5, nil]), ("{id|sha256}", md5 + md5, ["", md5 + md5, nil]),
        ("{id}", "42", nil), ("{container}:{id}", "a:b", nil),
    ])
    func `a key is parted where the texts of the pattern stand`(pattern: String, key: String, expected: [String?]?)
        throws
    {
        let profile = try profile(pattern)
        #expect(parts(profile, key) == expected)
        guard let parts = parts(profile, key), let container = parts[0], let session = parts[1] else { return }
        let again = profile.key(
            container: Array(container.utf8), session: Array(session.utf8), package: parts[2].map { Array($0.utf8) })
        #expect(again == RecordKey(key))
    }

    @Test func `an id is hashed where the pattern says so, and a digest is taken as it is`() throws {
        let profile = try profile("s:{id|md5}")
        #expect(profile.hashesKeys)
        #expect(profile.key(container: [], session: Array("a".utf8), package: nil) == RecordKey("s:" + Self.md5))
        #expect(profile.key(container: [], session: Array(Self.md5.utf8), package: nil) == RecordKey("s:" + Self.md5))
        #expect(try !self.profile("s:{id}").hashesKeys)
    }

    @Test func `a pattern that would take everybody's keys still makes them`() throws {
        #expect(try profile("{id}").key(container: [], session: [0x34, 0x32], package: nil) == "42")
    }

    @Test func `locks are no sessions`() throws {
        let profile = try profile("shop:{container}:{id}", locks: "shop:{container}:{id}:lock")
        #expect(profile.classify(Array("shop:carts:42:lock".utf8)[...]) == .other("lock"))
        #expect(parts(profile, "shop:carts:42") == ["carts", "42", nil])
        let lock = profile.lockKey(container: Array("carts".utf8), session: Array("42".utf8))
        #expect(lock == "shop:carts:42:lock")
        #expect(try self.profile("shop:{id}").lockKey(container: [], session: [0x34]) == nil)
    }

    @Test func `what the settings say is what the profile does`() throws {
        let settings = PatternSettings(
            name: "my-shop", key: "s:{id}:{package}", formats: ["pickle", "json"], flags: 4_294_967_295,
            expiry: "renew",
            label: "Ms")
        let profile = try PatternProfile(settings)
        #expect(profile.name == "my-shop" && profile.label == "Ms")
        #expect(profile.expiryRule == .containerTimeout && profile.layout == .packages)
        #expect(profile.formats.map(\.name) == ["pickle", "json"])
        #expect(profile.newRecord.format.name == "pickle" && profile.newRecord.flags == .max)
        let plain = try self.profile("s:{id}")
        #expect(plain.label == "Sh" && plain.expiryRule == .keep && plain.layout == .flat)
        #expect(plain.newRecord.flags == 0 && !plain.deletesEmptySessions)
    }

    @Test(arguments: RandomSource.seeds(10))
    func `any pattern is read or refused, and the parts of any key give it again`(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let words = [
            "{id}", "{container}", "{package}", "{id|md5}", ":", "s:", "_", "{", "}", "{{", "é", " ", "{x}", "",
        ]
        for _ in 0..<400 {
            let pattern = (0...random.number(0...5)).map { _ in random.pick(words, or: "") }.joined()
            let locks = random.chance(3) ? pattern + random.pick([":lock", "x", "{id}", ""], or: "") : nil
            guard let profile = try? profile(pattern, locks: locks) else { continue }
            for _ in 0..<10 {
                let key = (0...random.number(0...6)).map { _ in
                    random.pick(["s:", ":", "_", "é", "{", "4", Self.md5, "lock"], or: "")
                }.joined()
                guard let parts = parts(profile, key), let container = parts[0], let session = parts[1] else {
                    continue
                }
                let again = profile.key(
                    container: Array(container.utf8), session: Array(session.utf8),
                    package: parts[2].map { Array($0.utf8) })
                #expect(again == RecordKey(key), "\(pattern)")
            }
        }
    }
}
