import SessionFormats
import Testing

@Suite struct KeyDigestTests {
    private func digits(_ digest: KeyDigest, _ bytes: [UInt8]) -> String {
        String(decoding: digest.digits(of: bytes), as: UTF8.self)
    }

    /// RFC 1321, A.5.
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72"), ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
        (
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            "d174ab98d277d9f5a5611c2c9f419d9f"
        ),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a"
        ),
    ])
    func `MD5 gives what RFC 1321 says`(text: String, expected: String) {
        #expect(digits(.md5, Array(text.utf8)) == expected)
    }

    /// The examples of FIPS 180-4 and its supplement, and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func `SHA-256 gives what FIPS 180-4 says`(text: String, expected: String) {
        #expect(digits(.sha256, Array(text.utf8)) == expected)
    }

    /// Python's hashlib for the bytes 7i + n, i from 0 to n, about the lengths where the padding takes another block.
    @Test(arguments: [
        (55, "f1289732253518750e22b62a571a1748", "81afe5b788dc2ce138ff83d9b20164db75a94d75d2b2432eea4a0ef605088c72"),
        (56, "179e3b9fa272a23e2a8b32bde1015414", "2aba54f0ac632420a2b502431408866e40e1d5e430df4cd822642c78ab2eb9c1"),
        (57, "d5f0a59aa9d6d8164d3754fb91f67809", "903284efbf9100e8ba1614ec65eacacad125e03f857cae7acbf8b73b23e0fdfe"),
        (63, "dd785945d1d6b87eca0d276dbb8756fd", "733d3d4ee79ee67145bf73da13588f6f235d37414fc64b14a2f00f1762792f5e"),
        (64, "e3ab394ce4eb7da020a27d2e2443143c", "79322907b3e9d013d7dc2c2f256674dbf733045cde01df3539271c6f5605feb8"),
        (65, "28a6b0f918d9aea03e979a1657d8d0f6", "d85c007c6eb440f085afa2b84f6f2bce4658b240e9f62cb1364bf0485a57e720"),
        (119, "d49720530a386a3191eac0dc840dd1bd", "6c87eedf096b345de205b702e5223b73b447a3207791ded3ea007ba15ed6736e"),
        (120, "8a440004b569286a42c722295ce1c5a6", "42500cf6a1e3936d6b9e0bcfe296d654b63255e525487d3634d0b15fde591c4d"),
        (121, "1f6329f06fb62076bef2278b7007e60f", "bfee8850f7dfa42874071a0040ef89a5ac8d70c919224c440bdb63adb65d35e8"),
        (1000, "c3b2968d34e038455d14c8827156e193", "6b0df76627243d095b0c4400cb658b7e804dd03461cc03aee8fc8fe0bcada168"),
    ])
    func `both are right at every length about a block`(count: Int, md5: String, sha256: String) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + count) }
        #expect(digits(.md5, bytes) == md5)
        #expect(digits(.sha256, bytes) == sha256)
    }

    @Test(arguments: KeyDigest.allCases)
    func `a digest has the form of one, and nothing that is longer, shorter or in capitals`(digest: KeyDigest) {
        let digits = digest.digits(of: [1])
        #expect(digits.count == digest.digitCount)
        #expect(digest.hasForm(digits[...]))
        #expect(!digest.hasForm(digits.dropLast()))
        #expect(!digest.hasForm((digits + digits.prefix(1))[...]))
        #expect(!digest.hasForm((digits.dropLast() + [UInt8(ascii: "F")])[...]))
        #expect(!digest.hasForm((digits.dropLast() + [UInt8(ascii: "g")])[...]))
    }
}
