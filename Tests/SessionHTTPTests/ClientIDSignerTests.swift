import Foundation
import SessionHTTP
import Testing

@Suite struct ClientIDSignerTests {
    private let published = (
        random: (0..<20).map { UInt8($0) }, secret: Array("very secure".utf8),
        zope: "AAECAwQFBgcICQoLDA0ODxAREhMpgkMvL3yUXk5sftOx2aLnNMECmY",
        p01: "AAECAwQFBgcICQoLDA0ODxAREhM9phvreUZhpxHuNj7fcSIsfwlfrw"
    )

    private func bytes(hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
    }

    @Test(arguments: ClientIDSigner.Variant.allCases)
    func `an id is byte for byte what the Python package makes of the same secret and random bytes`(
        variant: ClientIDSigner.Variant
    ) throws {
        for made in try IdentityFixture.made.get().clientIDs {
            var generator = ChosenBytes(bytes: bytes(hex: made.random))
            let signer = try ClientIDSigner(variant, secrets: [Array(made.secret.utf8)])
            let expected = variant == .zope ? made.zope : made.p01
            #expect(signer.makeID(using: &generator) == expected)
            #expect(signer.check(expected)?.variant == variant)
            #expect(signer.check(variant == .zope ? made.p01 : made.zope) == nil, "the other package's")
        }
    }

    @Test(arguments: ClientIDSigner.Variant.allCases)
    func `an id with one other character, one less or one more is none`(variant: ClientIDSigner.Variant) throws {
        let signer = try ClientIDSigner(variant, secrets: [published.secret])
        let id = variant == .zope ? published.zope : published.p01
        #expect(signer.check(id) != nil)
        for place in id.indices {
            for other in "AZaz09-.+/=_é\u{0}" where other != id[place] {
                var forged = id
                forged.replaceSubrange(place...place, with: String(other))
                #expect(signer.check(forged) == nil, "\(forged)")
            }
            var short = id
            short.remove(at: place)
            #expect(signer.check(short) == nil)
            var long = id
            long.insert("A", at: place)
            #expect(signer.check(long) == nil)
        }
    }

    @Test(arguments: [
        "", "A", String(repeating: "A", count: 54), String(repeating: "=", count: 54),
        String(repeating: "é", count: 27),
        String(repeating: "é", count: 54), String(repeating: "A", count: 1_000_000), "\u{0}", "../../etc/passwd",
    ])
    func `what is no id at all is none`(text: String) throws {
        let signer = try ClientIDSigner(secrets: [published.secret], accepting: ClientIDSigner.Variant.allCases)
        #expect(signer.check(text) == nil)
    }

    @Test func `the spare bits of the last characters are zero, so no second text is the same id`() throws {
        let signer = try ClientIDSigner(secrets: [published.secret])
        // 20 bytes leave two bits of the 27th character: `M` is 12, and 13 to 15 would decode to the same bytes.
        for place in [26, 53] {
            var characters = Array(published.zope)
            let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.")
            let value = try #require(alphabet.firstIndex(of: characters[place]))
            for spare in 1...3 {
                characters[place] = alphabet[value + spare]
                #expect(signer.check(String(characters)) == nil)
            }
        }
    }

    @Test func `after a new secret, ids of the old one are good until it is taken away`() throws {
        let (old, new) = (published.secret, Array("newer".utf8))
        let rotating = try ClientIDSigner(secrets: [new, old])
        #expect(rotating.check(published.zope)?.secret == 1)
        var generator = ChosenBytes(bytes: published.random)
        let fresh = rotating.makeID(using: &generator)
        #expect(rotating.check(fresh)?.secret == 0)
        #expect(try ClientIDSigner(secrets: [new]).check(published.zope) == nil)
        #expect(try ClientIDSigner(secrets: [old]).check(fresh) == nil)
    }

    @Test func `both packages' ids can be taken while one is replaced by the other`() throws {
        let signer = try ClientIDSigner(.zope, secrets: [published.secret], accepting: [.zope, .p01])
        #expect(signer.check(published.zope)?.variant == .zope)
        #expect(signer.check(published.p01)?.variant == .p01)
    }

    @Test func `without a secret there is no signer`() {
        #expect(throws: ClientIDSecretError.self) { try ClientIDSigner(secrets: []) }
        #expect(throws: ClientIDSecretError.self) { try ClientIDSigner(secrets: [[1], []]) }
    }

    @Test func `ids of the system's random numbers differ, and are good`() throws {
        let signer = try ClientIDSigner(secrets: [published.secret])
        let ids = (0..<1000).map { _ in SignedClientIDs(signer: signer).makeID() }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { signer.check($0) != nil })
    }
}
