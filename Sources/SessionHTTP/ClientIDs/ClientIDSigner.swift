internal import Crypto

/// Makes and checks the client ids of zope.session and p01.session: 54 characters that nobody else can make.
///
/// An id is 20 random bytes and their HMAC-SHA1 (RFC 2104), each as 27 characters. It says nothing of the client; it only proves that it was
/// given out by someone who knows the secret. What was cut, lengthened or changed by a single character is no id.
public struct ClientIDSigner: Sendable {
    /// Which of the two packages an id is for.
    ///
    /// They take each other's ids for forged, whatever the secret.
    public enum Variant: String, Hashable, Sendable, CaseIterable {
        /// zope.session: the secret is the key and the random part the message.
        case zope
        /// p01.session: the random part is the key and the secret the message.
        case p01
    }

    /// Who gave out an id that was checked.
    public struct Finding: Hashable, Sendable {
        /// Which package's kind it is.
        public var variant: Variant
        /// Which secret it was made with, counted from 0.
        ///
        /// With another than the first, it is time for a new id.
        public var secret: Int
    }

    /// How many characters an id has.
    public static let length = 54

    /// The kind of id that is made.
    public let issues: Variant
    /// The kinds of id that are taken.
    public let accepts: [Variant]

    private let secrets: [[UInt8]]

    /// A signer.
    ///
    /// - Parameters:
    ///   - variant: The kind of id that is made, and taken unless `accepting` says otherwise.
    ///   - secrets: What only servers know. The first makes ids, and all of them are good for a check: put a new one
    ///     in front, and take the old one away when the ids made with it have timed out.
    ///   - accepting: The kinds of id that are taken, for a change from one package to the other.
    /// - Throws: If there is no secret, or an empty one, which everybody would know.
    public init(
        _ variant: Variant = .zope, secrets: [[UInt8]], accepting: [Variant]? = nil
    ) throws(ClientIDSecretError) {
        guard !secrets.isEmpty else { throw ClientIDSecretError(problem: "there is no secret to sign client ids with") }
        if let empty = secrets.firstIndex(of: []) {
            throw ClientIDSecretError(
                problem: "secret \(empty + 1) of \(secrets.count) is empty, so everybody knows it")
        }
        self.issues = variant
        self.accepts = accepting ?? [variant]
        self.secrets = secrets
    }

    /// A new id.
    /// - Parameter generator: Where the 20 random bytes come from; the system's, outside of tests.
    /// - Returns: The id, of letters, digits, `-` and `.`.
    public func makeID(using generator: inout some RandomNumberGenerator) -> String {
        let random = DigestEncoding.encode((0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) })
        let (key, message) = Self.parts(issues, secret: secrets[0], random: random)
        return random + DigestEncoding.encode(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
    }

    /// Checks an id in a time that does not depend on how much of it is right.
    /// - Parameter id: What a client sent.
    /// - Returns: Who gave it out; nil if it is not an id of any of the kinds and secrets.
    public func check(_ id: String) -> Finding? {
        guard id.utf8.count == Self.length, id.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let (random, code) = (String(id.prefix(27)), id.dropFirst(27))
        guard DigestEncoding.decode(random)?.count == 20, let code = DigestEncoding.decode(code) else { return nil }
        for (index, secret) in secrets.enumerated() {
            for variant in accepts {
                let (key, message) = Self.parts(variant, secret: secret, random: random)
                if HMAC<Insecure.SHA1>.isValidAuthenticationCode(code, authenticating: message, using: key) {
                    return Finding(variant: variant, secret: index)
                }
            }
        }
        return nil
    }

    private static func parts(
        _ variant: Variant, secret: [UInt8], random: String
    ) -> (key: SymmetricKey, message: [UInt8]) {
        switch variant {
        case .zope: (SymmetricKey(data: secret), Array(random.utf8))
        case .p01: (SymmetricKey(data: Array(random.utf8)), secret)
        }
    }
}

/// Why ids cannot be signed with some secrets.
public struct ClientIDSecretError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public var problem: String

    /// A sentence that says what is wrong and what to do.
    public var description: String { "\(problem); give at least one that is not" }
}
