/// A store's mark for one version of a record; it changes with every write (memcached: the CAS value).
public struct Revision: Codable, Hashable, Sendable {
    /// The number the store gave this version.
    public var number: UInt64
    /// The connection on which it was learnt, counted by the store; 0 where stores need none.
    ///
    /// A server that was started again counts its revisions anew, so a number says nothing about another connection.
    public var epoch: Int

    /// A revision by its number.
    public init(_ number: UInt64, epoch: Int = 0) {
        self.number = number
        self.epoch = epoch
    }
}

/// One record as a store holds it.
public struct StoredRecord: Codable, Hashable, Sendable {
    /// The record's key.
    public var key: RecordKey
    /// The bytes stored under the key.
    public var payload: [UInt8]
    /// The client flags: 32 bits that the server keeps for the writer's library.
    public var flags: UInt32
    /// When the record ends, by the clock of whoever loaded it.
    public var expiry: Expiry
    /// The version that was read.
    public var revision: Revision

    /// The record as one that was read on no connection of this program: its revision says nothing by itself, and a store whose revisions
    /// begin anew at a start looks at the content too before it writes over it.
    public var readElsewhere: StoredRecord {
        var record = self
        record.revision.epoch = -1
        return record
    }

    /// A record as read from a store.
    public init(key: RecordKey, payload: [UInt8], flags: UInt32, expiry: Expiry, revision: Revision) {
        self.key = key
        self.payload = payload
        self.flags = flags
        self.expiry = expiry
        self.revision = revision
    }
}
