import SessionCore
import Testing

/// A commit, and what the store holds before it.
struct FaultScenario: Hashable, Sendable, CustomTestStringConvertible {
    /// When somebody else changes the record `victim`.
    enum Foreign: Hashable, Sendable {
        /// Between loading and the commit, so that the check finds it.
        case beforeCommit
        /// Between the check and the writes, so that these are put back.
        case beforeWriting
    }

    /// What a record is before, and what is to become of it; nil for absent.
    struct Change: Hashable, Sendable {
        var key: String
        var base: String?
        var mine: String?
        var expiry = RecordWrite.ExpiryChange.renew(.seconds(5000))
    }

    var name: String
    var changes: [Change]
    var foreign: Foreign?

    var testDescription: String { name }

    static let theirs = "theirs and longer"
    static let flags: UInt32 = 5

    /// How many records are checked in a round trip of their own before anything is written.
    var checked: Int {
        changes.count > 1 || changes.contains { $0.expiry == .keep && $0.mine != nil } ? changes.count : 0
    }

    /// The writes over what was loaded, in the order in which they go over the wire.
    func writes(over base: [RecordKey: StoredRecord]) -> [RecordWrite] {
        changes.map { change in
            let key = RecordKey(change.key)
            let expectation = base[key].map { RecordWrite.Expectation.unchanged($0) } ?? .absent
            guard let mine = change.mine else {
                return RecordWrite(key: key, expectation: expectation, change: .delete)
            }
            return RecordWrite(
                key: key, expectation: expectation,
                change: .put(payload: Array(mine.utf8), flags: Self.flags, expiry: change.expiry))
        }
    }

    private static let three = [
        Change(key: "added", base: nil, mine: "new"), Change(key: "deleted", base: "old", mine: nil),
        Change(key: "victim", base: "base", mine: "mine", expiry: .keep),
    ]

    /// One record, and three of which another writer changes one.
    static let everyDay: [FaultScenario] = [
        FaultScenario(name: "a put with a new life", changes: [Change(key: "put", base: "base", mine: "mine")]),
        FaultScenario(
            name: "a put that keeps its life",
            changes: [Change(key: "put", base: "base", mine: "mine", expiry: .keep)]),
        FaultScenario(name: "three records, one changed before", changes: three, foreign: .beforeCommit),
        FaultScenario(name: "three records, one changed meanwhile", changes: three, foreign: .beforeWriting),
    ]

    /// Also what has parts of the same traffic, for those who have time.
    static let all: [FaultScenario] =
        everyDay + [
            FaultScenario(name: "an addition", changes: [Change(key: "added", base: nil, mine: "new")]),
            FaultScenario(name: "a deletion", changes: [Change(key: "deleted", base: "old", mine: nil)]),
            FaultScenario(name: "three records", changes: three),
        ]
}
