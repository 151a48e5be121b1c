import RandomValues
import SessionCore
import SessionFormats
import Testing

@Suite struct ProfileTests {
    private static let id = "abcdefghijklmnopqrstuvwxyzABC-_9"

    private func parts(_ profile: any SessionProfile, _ key: [UInt8]) -> [[UInt8]?]? {
        // A key in the middle of a larger buffer, as scans have it.
        let buffer = Array("before".utf8) + key + Array("after".utf8)
        guard case .session(let owner) = profile.classify(buffer[6..<(6 + key.count)]) else { return nil }
        return [Array(key[owner.container]), Array(key[owner.session]), owner.package.map { Array(key[$0]) }]
    }

    private func parts(_ profile: any SessionProfile, _ key: String) -> [String?]? {
        parts(profile, Array(key.utf8))?.map { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test(arguments: [
        ("tidemark:shop:42", ["shop", "42", nil]), ("tidemark:shop:42:cart", ["shop", "42", "cart"]),
        ("tidemark:shop:42:a:b", ["shop", "42", "a:b"]), ("tidemark:shop:42:", ["shop", "42", ""]),
    ])
    func `tidemark's keys have container, id and package`(key: String, expected: [String?]) {
        #expect(parts(TidemarkProfile(), key) == expected)
    }

    @Test(arguments: [
        "tidemark", "tidemark:", "tidemark:shop", "tidemark:shop:", "tidemark::42", "tidemark:shop::x", "Tidemark:a:b",
        "",
    ])
    func `other keys are not tidemark's`(key: String) {
        #expect(parts(TidemarkProfile(), key) == nil)
    }

    @Test func `Express claims its prefix with an id of 32 URL-safe characters, nothing else`() {
        let profile = ExpressProfile()
        #expect(parts(profile, "sess:" + Self.id) == ["sess", Self.id, nil])
        for key in [
            "sess:" + Self.id + "x", "sess:" + Self.id.dropLast(), "sess:" + Self.id.dropLast() + "/",
            "Sess:" + Self.id, "sess:",
        ] {
            #expect(parts(profile, key) == nil)
        }
        #expect(profile.newRecord.flags == 2)
        #expect(
            profile.key(container: Array("sess".utf8), session: Array(Self.id.utf8), package: nil)
                == RecordKey("sess:" + Self.id))
    }

    @Test(arguments: [
        ("a:b:c", ["a:b", "c"]), ("shop-carts:4711", ["shop-carts", "4711"]), ("plain", ["", "plain"]),
        (":x", ["", ":x"]),
        ("x:", ["", "x:"]), (":", ["", ":"]), ("a::b", ["a:", "b"]), ("::b", [":", "b"]),
    ])
    func `any other key is parted at its last colon, or is its own id`(key: String, expected: [String]) {
        #expect(parts(PlainProfile(), key) == expected + [nil])
    }

    @Test(arguments: RandomSource.seeds(10))
    func `the parts of any claimed key give the key again, binary ones too`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<300 {
            var key = random.bytes(upTo: 20)
            for _ in 0..<random.number(0...3) where !key.isEmpty {
                key[random.number(0...(key.count - 1))] = UInt8(ascii: ":")
            }
            if random.chance(2) { key = Array("tidemark:".utf8) + key }
            for profile in [TidemarkProfile(), ExpressProfile(), PlainProfile()] as [any SessionProfile] {
                guard let parts = parts(profile, key), let container = parts[0], let session = parts[1] else {
                    #expect(profile.name != "plain")
                    continue
                }
                #expect(
                    profile.key(container: container, session: session, package: parts[2]).bytes == key,
                    "\(profile.name) \(key)")
            }
        }
    }

    @Test func `only tidemark's own sessions are renewed and deleted when empty`() {
        for profile in [TidemarkProfile(), ExpressProfile(), PlainProfile()] as [any SessionProfile] {
            let isOwn = profile.name == "tidemark"
            #expect((profile.expiryRule == .containerTimeout) == isOwn)
            #expect(profile.deletesEmptySessions == isOwn)
            #expect((profile.layout == .packages) == isOwn)
            #expect(2...3 ~= profile.label.count)
            #expect(!profile.formats.isEmpty)
        }
    }
}
