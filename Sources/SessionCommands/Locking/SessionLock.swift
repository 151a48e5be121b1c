public import SessionCore

/// The lock by which a framework keeps its other requests from a session.
public struct SessionLock: Hashable, Sendable {
    /// Which session.
    public var session: SessionID
    /// The record that is the lock.
    public var id: RecordID
    /// The profile of the framework.
    public var profile: String
    /// How the record looks; nil if only its key is known.
    public var record: LockRecord?

    /// A session's lock.
    public init(session: SessionID, id: RecordID, profile: String, record: LockRecord?) {
        self.session = session
        self.id = id
        self.profile = profile
        self.record = record
    }

    /// Whether what is stored under its key says that it is held; a record of which only the key is known does.
    public func isHeld(_ stored: StoredRecord?) -> Bool {
        stored.map { record?.isHeld($0.payload) ?? true } ?? false
    }

    /// Whether it is held, since when and how long yet, in words.
    public func words(_ stored: StoredRecord?, at now: Timestamp) -> String {
        guard let stored else { return "free" }
        guard isHeld(stored) else {
            return "free: the record of a released lock is left, and \(expiryWords(stored, at: now))"
        }
        return "held, \(ageWords(stored, at: now)), \(expiryWords(stored, at: now))"
    }

    /// How old a lock is; only some records tell.
    func ageWords(_ stored: StoredRecord, at now: Timestamp) -> String {
        guard let start = record?.start(of: stored.payload) else { return "age unknown" }
        return "age \(Quantities.count(Int(clamping: max(0, now.seconds - start.seconds)))) s"
    }

    /// When the record of a lock ends.
    func expiryWords(_ stored: StoredRecord, at now: Timestamp) -> String {
        guard let seconds = stored.expiry.secondsLeft(at: now) else {
            return "never expires: a crashed request leaves it for ever"
        }
        return "expires in \(Quantities.count(Int(clamping: seconds))) s"
    }
}

/// A lock that a scan listed.
public struct ScannedLock: Hashable, Sendable {
    /// The lock's key.
    public var key: RecordKey
    /// The position of its profile in the catalog.
    public var profile: Int
    /// The session that it is for.
    public var owner: LockedSession
    /// When its record ends.
    public var expiry: Expiry
}

extension ProfileCatalog {
    /// The lock that a key is, and the key of the record of its session; nil for any other key.
    func lock(of key: ArraySlice<UInt8>, expiry: Expiry) -> (session: RecordKey, lock: ScannedLock)? {
        for index in profiles.indices {
            switch profiles[index].classify(key) {
            case .session: return nil
            case .unclaimed: continue
            case .other:
                guard let owner = profiles[index].lockedSession(of: key) else { return nil }
                let session = profiles[index].key(container: owner.container, session: owner.session, package: nil)
                return (session, ScannedLock(key: RecordKey(key), profile: index, owner: owner, expiry: expiry))
            }
        }
        return nil
    }
}
