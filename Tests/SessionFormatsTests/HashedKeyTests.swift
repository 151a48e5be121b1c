import SessionCore
import SessionFormats
import Testing

@Suite struct HashedKeyTests {
    private func key(
        _ profile: any SessionProfile, _ container: String, _ session: String, _ package: String? = nil
    ) -> RecordKey {
        profile.key(
            container: Array(container.utf8), session: Array(session.utf8), package: package.map { Array($0.utf8) })
    }

    /// The first two are keys that lovely.session 0.3.0 wrote; the others are what cPickle of Python 2.7.18 and hashlib give.
    @Test(arguments: [
        ("MemCacheSession", "mySessionId", "64dbcd6606dff849be0e019555c21873"),
        ("app/MemCacheSession", "mySessionId", "71f6238d9ca6eb6d6ab565e03c97ea18"),
        ("x/MemCacheSession", "mySessionId", "dfb0265f3260d3a2dba53e8eb4d4e37b"),
        ("Sitzungen ü", "mySessionId", "f1577500e519ad5d71fa833f9552ab4b"),
        ("it's", "id", "bf35d8df985613026d199b95e3139ac0"),
        ("it's \"two\"", "id", "be6635c7abbe49904c42ece2bcdfd13d"),
        ("a\\b\tc\n\r\u{1}", "id", "81e24d8920113a1d6d886b0b53699ce6"),
        ("ü€\\ n😀/C", "id", "a0a4d3909bb5cb6af48047dd0f7243dc"),
        ("é/C", "id", "24855e084e9730b12f83f739763baae1"), ("", "id", "944ec1442763a71c0fa16e2d9fee472e"),
    ])
    func `lovely's keys are digests of container, namespace and client id`(
        container: String, session: String, expected: String
    ) {
        #expect(key(LovelyProfile(), container, session) == RecordKey(expected))
        #expect(key(LovelyProfile(), container, session, "myData") == RecordKey(expected))
    }

    /// Keys that p01.session 0.8.1 and 0.7.0 wrote.
    @Test(arguments: [
        ("", "57323cc11912ce6c5c8da6651e8e95a9"), ("app", "1746b202f3c588aa5664a69d685ddb46"),
    ])
    func `p01's keys are digests of namespace, client id and package`(namespace: String, expected: String) {
        #expect(key(P01Profile(), namespace, "roger.ineichen", "cart") == RecordKey(expected))
        #expect(key(P01Profile(), namespace, "roger.ineichen", "prefs") != RecordKey(expected))
    }

    @Test func `Rack's keys are digests of the id that a cookie carries, which may look like one`() {
        let id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        let digest = "2::a8ae6e6ee929abea3afcfc5258c8ccd6f85273e0d4626d26c7279f3250f77c8e"
        #expect(key(DalliProfile(), "rack:session", id) == RecordKey("rack:session:" + digest))
        #expect(key(DalliProfile(), "_session_id", id) == RecordKey("_session_id:" + digest))
        #expect(key(DalliProfile(), "rack:session", digest) == RecordKey("rack:session:" + digest))
        #expect(key(DalliProfile(), "rack:session:", id) == RecordKey("rack:session:" + id))
    }

    @Test(arguments: [LovelyProfile(), P01Profile()] as [any SessionProfile])
    func `a digest is the key itself in any container, and anything near it is hashed`(profile: any SessionProfile) {
        let digest = "64dbcd6606dff849be0e019555c21873"
        for container in ["", "MemCacheSession", "app/x"] {
            #expect(key(profile, container, digest) == RecordKey(digest))
            for id in [digest + "0", String(digest.dropLast()), digest.uppercased(), digest.dropLast() + "g", ""] {
                #expect(key(profile, container, String(id)) != RecordKey(String(id)))
                #expect(key(profile, container, String(id)).bytes.count == 32)
            }
        }
    }

    @Test func `with a package p01 takes even a digest for a client id`() {
        let digest = "64dbcd6606dff849be0e019555c21873"
        #expect(key(P01Profile(), "", digest, "cart") != RecordKey(digest))
    }

    @Test func `payloads with a class of their own tell whose they are`() {
        let payloads: [(owner: String, bytes: [UInt8])] = [
            (
                "lovely",
                Array("ccopy_reg\n_reconstructor\np1\n(clovely.session.memcached\nMemCacheSessionData\np2\n".utf8)
            ),
            ("p01", [0x80, 0x05, 0x95, 0x65, 0, 0, 0, 0, 0, 0, 0, 0x8C, 0x13] + "p01.session.session".utf8),
            (
                "mcdutils",
                Array("ccopy_reg\n__newobj__\np0\n(cProducts.mcdutils.mapping\nMemCacheMapping\np1\ntp2\nRp3\n".utf8)
            ),
            ("", Array("S'host-1-2'\np1\n.".utf8)), ("", []),
            ("", [UInt8](repeating: 0x20, count: 300) + Array("p01.session.session".utf8)),
        ]
        let profiles = [LovelyProfile(), P01Profile(), MCDUtilsProfile()] as [any SessionProfile]
        for (owner, bytes) in payloads {
            for profile in profiles {
                #expect(profile.claims(payload: bytes, flags: 0) == (profile.name == owner), "\(profile.name) \(owner)")
            }
        }
    }

    @Test(arguments: [
        ("user|s:4:\"jdoe\";n|i:3;", true), ("a_b|N;", true), ("é|a:0:{}", true), ("|s:4:", nil), ("a|s", nil),
        ("a|x:1", nil), ("{\"a|s:1\":1}", nil), ("a", nil), ("a|", nil), ("", nil),
    ])
    func `a text of PHP's session handler is told by its beginning`(text: String, expected: Bool?) {
        #expect(PHPMemcacheProfile().claims(payload: Array(text.utf8), flags: 0) == expected)
    }

    @Test func `a session of Express is told by its cookie, which stands first`() {
        let payload = Array("{\"cookie\":{\"originalMaxAge\":null,\"path\":\"/\"},\"user\":7}".utf8)
        #expect(ExpressProfile().claims(payload: payload, flags: 2) == true)
        for text in ["{\"user\":7,\"cookie\":{}}", "{}", "", "{\"cookie\":7}"] {
            #expect(ExpressProfile().claims(payload: Array(text.utf8), flags: 2) == nil)
        }
    }
}
