public import SessionCore

/// Sessions that Django keeps in its cache: key `PREFIX:VERSION:django.contrib.sessions.cacheID`, payload a pickle, flags 1.
///
/// Follows django 5.2. `KEY_PREFIX` and `VERSION` of the cache are the container, `:1` as Django comes. The backend that keeps a copy in the
/// database has a word of its own in the key, so it is a profile of its own.
public struct DjangoProfile: ForeignProfile {
    /// Which of Django's session backends wrote the records.
    public enum Backend: Hashable, Sendable {
        /// `django.contrib.sessions.backends.cache`.
        case cache
        /// `django.contrib.sessions.backends.cached_db`: an edit in the store is lost when the database is next read.
        case cachedDatabase
    }

    private let backend: Backend

    /// The profile of a backend.
    public init(_ backend: Backend = .cache) { self.backend = backend }

    /// `django` or `django-db`.
    public var name: String { backend == .cache ? "django" : "django-db" }
    /// `Dj` or `Dd`.
    public var label: String { backend == .cache ? "Dj" : "Dd" }
    /// Pickles, in zlib where the client compresses; JSON, numbers and text of other serializers.
    public var formats: [any PayloadFormat] {
        [
            PickleFormat(),
            WrappedFormat(ZlibWrapper(flag: 8), PickleFormat()),
            JSONFormat(),
            FlatNumberFormat(.integer, flags: [2, 4]),
            TextFormat(),
        ]
    }
    /// A pickle, flags 1: what both of Django's memcached backends write for any object.
    public var newRecord: (format: any PayloadFormat, flags: UInt32) { (PickleFormat(), 1) }
    /// As python-memcached sets them.
    public func meaning(ofFlags flags: UInt32) -> String? { ClientLibrary.python.meaning(of: flags) }

    private var infix: StaticString {
        switch backend {
        case .cache: ":django.contrib.sessions.cache"
        case .cachedDatabase: ":django.contrib.sessions.cached_db"
        }
    }

    /// `sessionid`.
    public var cookieNames: [String] { ["sessionid"] }

    /// Takes keys that end in the backend's word and an id of 32 lower-case letters and digits.
    public func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        let idStart = key.count - 32
        guard key.has(infix, at: idStart - infix.count),
            key.suffix(32).allSatisfy({ $0.isLowercaseLetter || $0.isDigit })
        else { return .unclaimed }
        return .session(KeyOwner(container: 0..<(idStart - infix.count), session: idStart..<key.count))
    }

    /// The container, the backend's word and the id.
    public func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        RecordKey(container + infix.bytes + session)
    }
}
