internal import OrderedCollections

/// What a program keeps of its own work, so that nothing is lost when it ends in the middle of it: what is staged and not committed, and
/// what commits wrote over what.
///
/// A journal is on this side of the wire; it costs no round trip. Everything is on disk when a call returns.
public protocol TransactionJournal: Sendable {
    /// Keeps what this program has staged now, in place of what it kept before; nil for nothing.
    func keep(_ draft: JournalDraft?) async throws(JournalError)

    /// What programs kept that have ended without committing or dropping it, newest first.
    func drafts() async throws(JournalError) -> [JournalDraft]

    /// Makes a draft of a program that has ended this program's own, so that what it keeps next takes its place.
    ///
    /// Throws if another program was faster, or the draft's program still runs.
    func adopt(draft number: Int64) async throws(JournalError)

    /// Forgets a draft, by its number.
    ///
    /// Throws if there is none, or its program still runs.
    func forget(draft number: Int64) async throws(JournalError)

    /// Notes that a commit begins; returns its number. Nothing may be written before this returns.
    func begin(_ commit: JournalCommit) async throws(JournalError) -> Int64

    /// Notes how a commit ended, record by record.
    func end(commit number: Int64, _ outcomes: [RecordID: RecordOutcome]) async throws(JournalError)

    /// The newest commits, newest first.
    func commits(limit: Int) async throws(JournalError) -> [JournalCommit]

    /// A commit by its number; nil if there is none, or none any more.
    func commit(_ number: Int64) async throws(JournalError) -> JournalCommit?
}

/// What is staged and not committed, as a journal keeps it.
public struct JournalDraft: Hashable, Sendable {
    /// Its number, which the journal gives.
    public var number: Int64
    /// When it was kept.
    public var moment: Timestamp
    /// What it is, in words for a list.
    public var title: String
    /// The addresses of the stores that it is about.
    public var stores: [String]
    /// The content, which only its maker reads.
    public var content: [UInt8]

    /// A draft; the number of one that is not kept yet is 0.
    public init(number: Int64 = 0, moment: Timestamp, title: String, stores: [String], content: [UInt8]) {
        self.number = number
        self.moment = moment
        self.title = title
        self.stores = stores
        self.content = content
    }
}

/// A commit as a journal keeps it.
public struct JournalCommit: Codable, Hashable, Sendable {
    /// One record's part.
    public struct Step: Codable, Hashable, Sendable {
        /// The address of the store.
        public var store: String
        /// The record's place, with the name that the store was attached under.
        public var id: RecordID
        /// The session it belongs to.
        public var origin: Origin
        /// What was written over what.
        public var write: RecordWrite
        /// What became of it; nil if the program ended before it knew.
        public var outcome: RecordOutcome?
        /// Whether the payloads are kept; without them nothing can be taken back.
        public private(set) var hasValues = true

        /// A part of a commit that begins.
        public init(store: String, id: RecordID, origin: Origin, write: RecordWrite) {
            self.store = store
            self.id = id
            self.origin = origin
            self.write = write
        }

        /// The part without what the records hold: keys, flags, lives and revisions stay.
        public var withoutValues: Step {
            var step = self
            step.hasValues = false
            if case .unchanged(var stored) = write.expectation {
                stored.payload = []
                step.write.expectation = .unchanged(stored)
            }
            if case .put(_, let flags, let expiry) = write.change {
                step.write.change = .put(payload: [], flags: flags, expiry: expiry)
            }
            if case .written(var stored?) = outcome {
                stored.payload = []
                step.outcome = .written(stored)
            }
            return step
        }

        /// The record before the commit; nil if there was none.
        public var before: StoredRecord? {
            if case .unchanged(let stored) = write.expectation { stored } else { nil }
        }
    }

    /// The session that a record belongs to.
    public struct Origin: Codable, Hashable, Sendable {
        /// The name of the profile.
        public var profile: String
        /// The container's name in keys.
        public var container: [UInt8]
        /// The session's id.
        public var session: [UInt8]
        /// The package that the record holds; nil for the session as a whole.
        public var package: String?

        /// An origin.
        public init(profile: String, container: [UInt8], session: [UInt8], package: String?) {
            self.profile = profile
            self.container = container
            self.session = session
            self.package = package
        }
    }

    /// Its number, which the journal gives.
    public var number: Int64
    /// When it began.
    public var moment: Timestamp
    /// Its parts.
    public var steps: [Step]
    /// Whether it is known how it ended; one that is not was interrupted, or is still under way.
    public var hasEnded: Bool
    /// Whether the program that made it still runs.
    public var isUnderWay = false

    /// A commit that begins.
    public init(moment: Timestamp, steps: [Step]) {
        self.number = 0
        self.moment = moment
        self.steps = steps
        self.hasEnded = false
    }
}

extension JournalCommit {
    /// Takes in how it ended, record by record; of a part without values no value is taken.
    public mutating func end(_ outcomes: [RecordID: RecordOutcome]) {
        hasEnded = true
        isUnderWay = false
        for index in steps.indices {
            steps[index].outcome = outcomes[steps[index].id] ?? steps[index].outcome
            if !steps[index].hasValues { steps[index] = steps[index].withoutValues }
        }
    }
}

extension Sequence<JournalCommit.Step> {
    /// The addresses of the stores that are written to, each once, in the order of the parts.
    public var stores: [String] { Array(OrderedSet(map(\.store))) }
}

/// Why a journal cannot be read or written, as a sentence that says what, where and what to do.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence.
    public var description: String

    /// An error.
    public init(_ description: String) {
        self.description = description
    }
}
