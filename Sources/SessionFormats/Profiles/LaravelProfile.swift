public import SessionCore

/// Sessions that Laravel keeps in its cache: key the cache's prefix and an id of 40 letters and digits, payload PHP's `serialize` text.
///
/// Follows laravel/framework (`Illuminate/Cache/MemcachedStore.php`, `Illuminate/Session/Store.php`) and the prefixes of its `config/cache.php`: a
/// name and `cache`, then `-` or `_`, in earlier versions a colon behind that: `laravel-cache-`, `laravel_cache_`, `laravel_cache:`,
/// `laravel_cache_:`. The container is the prefix as it stands in keys; others are chosen by `use PREFIX laravel`.
public struct LaravelProfile: ForeignProfile {
    /// The profile.
    public init() {}

    /// `laravel`.
    public var name: String { "laravel" }
    /// `La`.
    public var label: String { "La" }
    /// An array as `serialize` writes it, compressed by the Memcached extension where it is long; JSON where it is asked for, or encrypted.
    public var formats: [any PayloadFormat] {
        PHPCompressionWrapper.formats(around: PHPSerializedFormat())
            + [PHPSerializedFormat(), JSONFormat(), TextFormat(), HexFormat()]
    }
    /// An array as `serialize` writes it, flags 0.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (PHPSerializedFormat(), 0) }
    /// As the Memcached extension sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.phpMemcached.meaning(of: flags) }

    /// `laravel_session` and `laravel-session`.
    public var cookieNames: [String] { ["laravel_session", "laravel-session"] }
    /// The id, where `EncryptCookies` leaves the cookie out.
    public func sessionID(ofCookie value: [UInt8]) throws(CookieRefusal) -> [UInt8] {
        // The beginning of `{\"iv\":` in base 64, as Laravel's Encrypter writes it.
        guard !value[...].begins(with: "eyJpdiI6") else {
            throw CookieRefusal(
                "Laravel encrypts its cookies with the application's APP_KEY, so the cookie does not tell the session's id; "
                    + "take the id from the application, as session()->getId() gives it, and open that")
        }
        return value
    }

    /// Takes keys with such a prefix and an id; where the id is nothing but hexadecimal digits, it is the digest of a rate limit.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard key.count > 46 else { return .unclaimed }
        if key.ends(with: ":timer") {
            let owner = key.dropLast(6)
            return Self.isOwn(owner) && Self.isDigest(owner.suffix(40)) ? .other("rate limit") : .unclaimed
        }
        guard Self.isOwn(key) else { return .unclaimed }
        let id = key.suffix(40)
        // 40 random letters and digits do not come out like a SHA-1, and a limit's key is one.
        if Self.isDigest(id) { return .other("rate limit") }
        return .session(KeyOwner(container: 0..<(key.count - 40), session: (key.count - 40)..<key.count))
    }

    /// The prefix and the id.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        RecordKey(container + session)
    }

    private static func isOwn(_ key: ArraySlice<UInt8>) -> Bool {
        // The separator is asked first: it is the one byte that few keys have there.
        guard key.count > 46 else { return false }
        let last = key[key.endIndex - 41]
        guard isSeparator(last), key.suffix(40).allSatisfy(\.isAlphanumeric) else { return false }
        var name = key.dropLast(41)
        if last == UInt8(ascii: ":"), let next = name.last, next == UInt8(ascii: "-") || next == UInt8(ascii: "_") {
            name.removeLast()
        }
        guard name.ends(with: "cache"), let before = name.dropLast(5).last else { return false }
        return before == UInt8(ascii: "-") || before == UInt8(ascii: "_")
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
    }

    private static func isDigest(_ id: ArraySlice<UInt8>) -> Bool { id.allSatisfy(\.isLowercaseHexDigit) }
}
