import RandomValues
import SessionCore
import SessionFormats
import Testing

@Suite struct FrameworkProfileTests {
    private func classify(_ key: [UInt8], by profile: any SessionProfile) -> KeyClass {
        // A key in the middle of a larger buffer, as scans have it.
        let buffer = Array("before".utf8) + key + Array("after".utf8)
        return profile.classify(buffer[6..<(6 + key.count)])
    }

    private func profile(_ name: String) throws -> any SessionProfile {
        try #require(FrameworkProfiles.all.first { $0.name == name })
    }

    @Test(arguments: FrameworkKey.all)
    func `a framework's key has its container and session, and they give the key again`(known: FrameworkKey) throws {
        let profile = try profile(known.profile)
        let key = Array(known.key.utf8)
        guard case .session(let owner) = classify(key, by: profile) else {
            Issue.record("\(known.key) is no session")
            return
        }
        #expect(String(decoding: key[owner.container], as: UTF8.self) == known.container)
        #expect(String(decoding: key[owner.session], as: UTF8.self) == known.session)
        #expect(owner.package.map { String(decoding: key[$0], as: UTF8.self) } == known.package)
        let again = profile.key(
            container: Array(key[owner.container]), session: Array(key[owner.session]),
            package: owner.package.map { Array(key[$0]) })
        #expect(again == RecordKey(key))
    }

    @Test(arguments: FrameworkKey.others)
    func `what is no session says what it is`(profile: String, key: String, what: String) throws {
        #expect(classify(Array(key.utf8), by: try self.profile(profile)) == .other(what))
    }

    @Test func `no key is of two profiles, but for the digests of lovely and p01`() {
        let keys =
            FrameworkKey.all.map { ($0.profile, $0.key) } + FrameworkKey.others.map { ($0.profile, $0.key) }
        for (owner, key) in keys {
            for profile in FrameworkProfiles.all where profile.name != owner {
                if Set([owner, profile.name]) == ["lovely", "p01"] { continue }
                #expect(classify(Array(key.utf8), by: profile) == .unclaimed, "\(profile.name) takes \(key)")
            }
        }
        #expect(Set(FrameworkKey.all.map(\.profile)).count == FrameworkProfiles.all.count - 1)
    }

    @Test func `keys that only look like a framework's are nobody's`() {
        for key in FrameworkKey.nobodys {
            for profile in FrameworkProfiles.all {
                #expect(classify(Array(key.utf8), by: profile) == .unclaimed, "\(profile.name) takes \(key)")
            }
        }
    }

    @Test func `the key of a session's lock is taken for a lock`() {
        var locking: Set<String> = []
        for known in FrameworkKey.all {
            for profile in FrameworkProfiles.all where profile.name == known.profile {
                let (container, session) = (Array(known.container.utf8), Array(known.session.utf8))
                guard let lock = profile.lockKey(container: container, session: session) else { continue }
                #expect(classify(lock.bytes, by: profile) == .other("lock"), "\(lock)")
                let owner = profile.lockedSession(of: lock.bytes[...])
                #expect(owner == LockedSession(container: container, session: session), "\(lock)")
                #expect(profile.lockRecord != nil)
                locking.insert(profile.name)
            }
        }
        #expect(locking == ["php-memcached", "codeigniter", "tomcat"])
        let id = Array("inonf2dt4tj934bbd3ro7tim3p".utf8)
        let bare = PHPMemcacheProfile()
        #expect(bare.key(container: [], session: id, package: nil).bytes == id)
        #expect(bare.lockKey(container: [], session: id) == "inonf2dt4tj934bbd3ro7tim3p.lock")
        #expect(bare.lockKey(container: Array("shop.".utf8), session: id) == "shop.inonf2dt4tj934bbd3ro7tim3p.lock")
        let lock = Array("shop.inonf2dt4tj934bbd3ro7tim3p.lock".utf8)
        #expect(bare.lockedSession(of: lock[...]) == LockedSession(container: [], session: Array("shop.".utf8) + id))
        #expect(bare.lockedSession(of: id[...]) == nil)
    }

    @Test(arguments: RandomSource.seeds(10))
    func `any key is classified without a fault, and its parts give it again`(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<300 {
            // Real keys with something changed, cut off or added reach farther than random ones.
            let known = random.pick(FrameworkKey.all.map(\.key) + FrameworkKey.others.map(\.key), or: "")
            var key = random.chance(4) ? random.bytes(upTo: 60) : Array(known.utf8)
            for _ in 0..<random.number(0...2) where !key.isEmpty {
                let position = random.number(0...(key.count - 1))
                switch random.number(0...3) {
                case 0: key[position] = random.pick(Array(":-_.,/|A0aF".utf8), or: 0)
                case 1: key.remove(at: position)
                case 2: key.insert(random.pick(Array(":-_.,/|A0aF".utf8), or: 0), at: position)
                default: key = Array(random.chance(2) ? key.prefix(position) : key.suffix(position))
                }
            }
            for profile in FrameworkProfiles.all {
                guard case .session(let owner) = classify(key, by: profile) else { continue }
                let again = profile.key(
                    container: Array(key[owner.container]), session: Array(key[owner.session]),
                    package: owner.package.map { Array(key[$0]) })
                #expect(again.bytes == key, "\(profile.name) \(RecordKey(key))")
            }
            for profile in FrameworkProfiles.all { _ = profile.claims(payload: key, flags: 0) }
        }
    }

    @Test func `what others wrote keeps its life and is never deleted for being empty`() {
        #expect(Set(FrameworkProfiles.all.map(\.name)).count == FrameworkProfiles.all.count)
        for profile in FrameworkProfiles.all where profile.name != "tidemark" {
            #expect(profile.expiryRule == .keep)
            #expect(!profile.deletesEmptySessions)
            #expect(2...3 ~= profile.label.count)
            #expect(!profile.formats.isEmpty)
            #expect((profile.layout == .packages) == (profile.name == "lovely"))
        }
        #expect(FrameworkProfiles.all.filter(\.hashesKeys).map(\.name) == ["dalli", "lovely", "p01"])
    }
}
