/// A record's place: a store and a key in it.
public struct RecordID: Codable, Hashable, Sendable, Comparable {
    /// The name under which the store is attached.
    public var store: String
    /// The record's key.
    public var key: RecordKey

    /// A place.
    public init(store: String, key: RecordKey) {
        self.store = store
        self.key = key
    }

    /// Orders by store, then key.
    public static func < (left: RecordID, right: RecordID) -> Bool {
        left.store == right.store ? left.key < right.key : left.store < right.store
    }
}

/// What was loaded of a record: the base that edits are made over and conflicts are told by.
public struct LoadedRecord: Sendable {
    /// The record's place.
    public let id: RecordID
    /// The record as the store held it; nil if there was none.
    public let stored: StoredRecord?
    /// The record as it was before it was gone, where it is made anew: what is not edited is copied from it.
    public let template: StoredRecord?
    /// The tree that its payload holds.
    public let tree: SessionValue
    /// How the payload is written.
    public let format: any PayloadFormat
    /// Why nothing inside can be edited, as the end of a sentence; nil where it can.
    public let readOnlyReason: String?
    /// What the payload would do to a program that loads it as its writer does; nothing of it is done here.
    public let dangers: [String]
    /// Client flags that a record gets which was not there.
    public let flagsWhenNew: UInt32
    /// What a commit does to its expiry.
    public let expiryRule: ExpiryRule
    /// The life that a commit gives; nil if none is known, and then a stored record keeps its life.
    public let lifetime: Lifetime?
    /// Whether a life must be staged before the record is written: it was there before, and its life was over.
    public let needsLifetime: Bool
    /// Whether it is deleted when it comes to hold nothing.
    public let deletesWhenEmpty: Bool
    /// Whether the top level of the tree is packages; one with nothing in it is as good as none.
    public let holdsPackages: Bool

    /// Decodes a record with the first of a profile's formats that can read it, `fallback` if none can.
    ///
    /// - Parameters:
    ///   - id: The record's place.
    ///   - stored: What the store answered; nil for no record.
    ///   - profile: The profile that claims the key.
    ///   - fallback: Shows any bytes at all; must not throw.
    ///   - lifetime: The life that a commit gives; nil if none is known.
    ///   - package: Whether the record is that of one package.
    public init(
        id: RecordID, stored: StoredRecord?, profile: some SessionProfile, fallback: some PayloadFormat,
        lifetime: Lifetime?, package: Bool = false
    ) {
        self.id = id
        self.stored = stored
        self.template = nil
        self.flagsWhenNew = profile.newRecord.flags
        self.expiryRule = profile.expiryRule
        self.deletesWhenEmpty = profile.deletesEmptySessions
        self.holdsPackages = !package && profile.layout == .packages
        self.lifetime = lifetime
        self.needsLifetime = false
        guard let stored else {
            self.format = profile.newRecord.format
            self.tree = .emptyMap
            self.readOnlyReason = format.readOnlyReason
            self.dangers = []
            return
        }
        var failure: FormatError?
        for format in profile.formats where format.recognises(stored.payload, flags: stored.flags) {
            do throws(FormatError) {
                let decoded = try format.read(stored.payload)
                self.tree = decoded.tree
                self.format = format
                self.readOnlyReason = decoded.readOnlyReason
                self.dangers = decoded.dangers
                return
            } catch {
                failure = failure ?? error
            }
        }
        self.format = fallback
        self.tree = (try? fallback.decode(stored.payload)) ?? .bytes(stored.payload)
        self.readOnlyReason = failure?.description ?? fallback.readOnlyReason
        self.dangers = []
    }

    /// The base of a record that is gone from the store and made anew from what was loaded of it.
    ///
    /// - Parameters:
    ///   - earlier: What was loaded before it was gone.
    ///   - needsLifetime: Whether its life was over, so that one must be staged before it is written.
    public init(remaking earlier: LoadedRecord, needsLifetime: Bool) {
        id = earlier.id
        stored = nil
        template = earlier.stored ?? earlier.template
        tree = earlier.tree
        format = earlier.format
        readOnlyReason = earlier.readOnlyReason
        dangers = earlier.dangers
        flagsWhenNew = template?.flags ?? earlier.flagsWhenNew
        expiryRule = earlier.expiryRule
        lifetime = earlier.lifetime
        self.needsLifetime = needsLifetime
        deletesWhenEmpty = earlier.deletesWhenEmpty
        holdsPackages = earlier.holdsPackages
    }

    /// The root of the tree with what is staged: nothing in a destroyed record, the bytes of a replaced payload.
    public func node(_ edit: RecordEdit) -> EditedNode {
        if edit.isDestroyed { return EditedNode(base: .emptyMap, edit: nil) }
        if let payload = edit.payload { return EditedNode(base: tree, edit: .replaced(.bytes(payload))) }
        return EditedNode(base: tree, edit: edit.tree)
    }
}

extension LoadedRecord {
    /// Whether the record holds nothing with what is staged: no key, or nothing but empty packages of a session of our own.
    public func isEmpty(_ edit: RecordEdit) -> Bool {
        guard edit.payload == nil else { return false }
        let content = node(edit)
        guard content.kind == .map else { return false }
        return content.childCount == 0 || (holdsPackages && deletesWhenEmpty && content.holdsOnlyEmptyMaps)
    }
}

extension LoadedRecord: Hashable {
    /// Whether both were loaded from the same place in the same version and are read alike.
    public static func == (left: LoadedRecord, right: LoadedRecord) -> Bool {
        left.id == right.id && left.stored == right.stored && left.template == right.template
            && left.format.name == right.format.name
            && left.expiryRule == right.expiryRule && left.lifetime == right.lifetime
    }

    /// Feeds place and version.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(stored?.revision)
    }
}
