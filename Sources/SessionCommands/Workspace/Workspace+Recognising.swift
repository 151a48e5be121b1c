internal import OrderedCollections
public import SessionCore

/// Whose a record is, told by its payload where its key does not: digests and bare ids look alike in all frameworks.
extension Workspace {
    /// How many answers are kept; more than any screen shows.
    private static let mostRecognised = 4096
    /// Records of more bytes are not loaded for a word in a list.
    private static let largestRecognised: UInt32 = 1 << 16
    /// The shortest id without a prefix that may be a framework's: shorter ones are names that people gave.
    private static let shortestBareID = 20

    /// The profile that a session's record was found to be of; the one its key tells where nothing more is known.
    public func profile(of session: SessionID) -> (any SessionProfile)? {
        if let record = wholeRecord(of: session), let name = recognised[record], !name.isEmpty {
            return catalog.named(name)
        }
        return catalog.named(session.container.profile)
    }

    func wholeRecord(of session: SessionID) -> RecordID? {
        catalog.named(session.container.profile).map { profile in
            RecordID(
                store: session.container.store,
                key: profile.key(container: session.container.name, session: session.id, package: nil))
        }
    }

    /// Loads the records of listed sessions whose keys do not tell whose they are, and which were not asked for before; one round trip,
    /// none if there is nothing to ask.
    public mutating func recognise(_ rows: [KeyIndex.Row]) -> Reply {
        var asked: [RecordID] = []
        for row in rows where row.size <= Self.largestRecognised {
            guard let profile = catalog.named(row.session.container.profile) else { continue }
            let isBareID = row.session.container.name.isEmpty && row.session.id.count >= Self.shortestBareID
            guard profile.hashesKeys || isBareID, let record = wholeRecord(of: row.session), recognised[record] == nil
            else { continue }
            asked.append(record)
        }
        guard !asked.isEmpty else { return Reply() }
        if recognised.count + asked.count > Self.mostRecognised { recognised = [:] }
        for record in asked { recognised[record] = "" }
        return Reply(effects: [request(.load(asked), .recognise)])
    }

    mutating func recognised(_ records: [RecordID: StoredRecord]) -> Reply {
        for (id, record) in records {
            let owner = catalog.profiles.first { $0.claims(payload: record.payload, flags: record.flags) == true }
            if let owner { recognised[id] = owner.name }
        }
        return Reply()
    }
}
