internal import Crypto

/// A digest that frameworks make of ids to get keys, written as lower-case hexadecimal digits.
///
/// For computing the keys that others made; neither is meant to keep a secret here.
public enum KeyDigest: String, Hashable, Sendable, CaseIterable {
    /// MD5, 32 digits: lovely.session and p01.session.
    case md5
    /// SHA-256, 64 digits: Rack.
    case sha256

    /// How many hexadecimal digits it has.
    public var digitCount: Int {
        switch self {
        case .md5: 32
        case .sha256: 64
        }
    }

    /// The digest of some bytes as hexadecimal digits.
    public func digits(of bytes: [UInt8]) -> [UInt8] {
        let digest =
            switch self {
            case .md5: Array(Insecure.MD5.hash(data: bytes))
            case .sha256: Array(SHA256.hash(data: bytes))
            }
        let alphabet = Array("0123456789abcdef".utf8)
        return digest.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }
    }

    /// Whether bytes are as many lower-case hexadecimal digits as the digest has.
    public func hasForm(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count == digitCount && bytes.allSatisfy { $0.isLowercaseHexDigit }
    }
}
