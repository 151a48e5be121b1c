public import SessionCore

/// Copies the records of sessions from one store to another, and compares those that are in both.
///
/// Nothing in the target is written over unless asked, and then only as the version that was just compared. What is there
/// already, byte for byte, is not written, so a copy that was broken off goes on when it is run again. A record keeps its key, payload, client
/// flags and what is left of its life; a difference of lives alone is none. Records that are no session's, such as locks, are left out.
/// Costs two round trips for `batchSize` records, two more where any is written, and a scan.
public struct StoreCopy: Sendable {
    /// How many records are compared and written at once.
    public static let batchSize = 256

    /// What became of the records so far.
    public struct Counts: Hashable, Sendable {
        /// Records that were in both, with the same payload and flags.
        public var same = 0
        /// Records that the target did not have; written, unless it is a dry run.
        public var added = 0
        /// Records that were another in the target; written over, unless it is a dry run.
        public var replaced = 0
        /// Records that are another in the target, and were left so.
        public var differing = 0
        /// Records that the target does not take.
        public var refused = 0
        /// Keys that were listed and were gone when they were read.
        public var gone = 0
        /// Keys that are no session's, or of another container.
        public var leftOut = 0

        /// No records.
        public init() {}

        /// All that were looked at.
        public var total: Int { same + added + replaced + differing + refused + gone + leftOut }
    }

    /// What is told while a copy runs.
    public enum Event: Hashable, Sendable {
        /// A record is another in the target, and was left so; why it was not written over where that was asked.
        case differs(RecordKey, reason: String?)
        /// The target does not take a record, for a reason.
        case refused(RecordKey, String)
        /// Another batch is done.
        case progress(Counts)
    }

    /// What is done with one record.
    enum Decision: Hashable, Sendable {
        case same
        case add(RecordWrite)
        case replace(RecordWrite)
        case differs
    }

    private let source: any SessionStore
    private let target: any SessionStore
    private let catalog: ProfileCatalog
    private let containers: Set<String>
    private let replaces: Bool
    private let isDryRun: Bool
    private let clock: any WallClock

    /// A copy that has not begun.
    /// - Parameters:
    ///   - source: the store that is read.
    ///   - target: the store that is written, unless it is a dry run.
    ///   - catalog: tells which keys are sessions', and of which container.
    ///   - containers: the titles of the containers to copy; empty for all.
    ///   - replaces: whether what is another in the target is written over.
    ///   - isDryRun: whether to compare only.
    ///   - clock: tells what is left of a life.
    public init(
        from source: any SessionStore, to target: any SessionStore, catalog: ProfileCatalog,
        containers: Set<String> = [], replaces: Bool = false, isDryRun: Bool = false, clock: any WallClock
    ) {
        self.source = source
        self.target = target
        self.catalog = catalog
        self.containers = containers
        self.replaces = replaces
        self.isDryRun = isDryRun
        self.clock = clock
    }

    /// Copies everything; throws where a store fails, after which it can be run again.
    public func run(_ report: (Event) -> Void) async throws(CommandFailure) -> Counts {
        var counts = Counts()
        var pending: [RecordKey] = []
        do {
            for try await batch in source.scan() {
                for row in 0..<batch.count {
                    let key = batch[row].key
                    guard isChosen(key) else {
                        counts.leftOut += 1
                        continue
                    }
                    pending.append(key)
                    guard pending.count == Self.batchSize else { continue }
                    try await copy(pending, &counts, report)
                    pending = []
                }
            }
            try await copy(pending, &counts, report)
        } catch let error as StoreError {
            throw CommandFailure(error)
        } catch {
            throw CommandFailure(.failed, "the copy stopped: \(error)")
        }
        return counts
    }

    private func isChosen(_ key: RecordKey) -> Bool {
        guard let found = catalog.owner(of: key.bytes[...]) else { return false }
        guard !containers.isEmpty else { return true }
        let container = ContainerID(
            store: "", profile: catalog.profiles[found.profile].name, name: Array(key.bytes[found.owner.container]))
        return containers.contains(container.title)
    }

    /// What is to be done with a record, given what the target has; the whole rule of a copy.
    static func decision(
        _ record: StoredRecord, over present: StoredRecord?, replaces: Bool, at now: Timestamp
    ) -> Decision {
        let life: Lifetime = record.expiry.secondsLeft(at: now).map { .seconds(max(1, $0)) } ?? .never
        let change = RecordWrite.Change.put(payload: record.payload, flags: record.flags, expiry: .renew(life))
        guard let present else {
            return .add(RecordWrite(key: record.key, expectation: .absent, change: change))
        }
        if present.payload == record.payload, present.flags == record.flags { return .same }
        guard replaces else { return .differs }
        return .replace(RecordWrite(key: record.key, expectation: .unchanged(present), change: change))
    }

    private func copy(
        _ keys: [RecordKey], _ counts: inout Counts, _ report: (Event) -> Void
    ) async throws(StoreError) {
        guard !keys.isEmpty else { return }
        let records = try await source.load(keys)
        counts.gone += keys.count - records.count
        let (known, unknown) = try await present(Array(records.keys))
        for (key, reason) in unknown {
            counts.refused += 1
            report(.refused(key, reason))
        }
        let now = clock.now()
        var additions: [RecordWrite] = []
        var replacements: [RecordWrite] = []
        for (key, record) in records.sorted(by: { $0.key < $1.key }) where unknown[key] == nil {
            switch Self.decision(record, over: known[key], replaces: replaces, at: now) {
            case .same: counts.same += 1
            case .add(let write): additions.append(write)
            case .replace(let write): replacements.append(write)
            case .differs:
                counts.differing += 1
                report(.differs(key, reason: nil))
            }
        }
        counts.added += try await write(additions, &counts, report)
        counts.replaced += try await write(replacements, &counts, report)
        report(.progress(counts))
    }

    /// What the target has of some keys, and why it takes the others under no circumstances.
    private func present(
        _ keys: [RecordKey]
    ) async throws(StoreError) -> (known: [RecordKey: StoredRecord], unknown: [RecordKey: String]) {
        do throws(StoreError) { return (try await target.load(keys), [:]) } catch {
            guard error.isAboutOneRecord else { throw error }
            guard keys.count > 1 else { return ([:], keys.first.map { [$0: error.detail] } ?? [:]) }
            let first = try await present(Array(keys[..<(keys.count / 2)]))
            let second = try await present(Array(keys[(keys.count / 2)...]))
            return (
                first.known.merging(second.known) { $1 }, first.unknown.merging(second.unknown) { $1 }
            )
        }
    }

    /// Writes what can be written, and counts the rest; returns how many were.
    private func write(
        _ writes: [RecordWrite], _ counts: inout Counts, _ report: (Event) -> Void
    ) async throws(StoreError) -> Int {
        guard !writes.isEmpty else { return 0 }
        guard !isDryRun else { return writes.count }
        let result: CommitReport
        do throws(StoreError) { result = try await target.commit(writes) } catch {
            guard error.isAboutOneRecord else { throw error }
            // The store refuses the batch for one of its records: halves find out which.
            guard writes.count > 1 else {
                counts.refused += 1
                report(.refused(writes[0].key, error.detail))
                return 0
            }
            let first = try await write(Array(writes[..<(writes.count / 2)]), &counts, report)
            return first + (try await write(Array(writes[(writes.count / 2)...]), &counts, report))
        }
        guard !result.isComplete else { return writes.count }
        var written = 0
        var again: [RecordWrite] = []
        for write in writes {
            switch result.outcomes[write.key] {
            case .written: written += 1
            case .untouched, .putBack, nil: again.append(write)
            case .conflict, .overtaken:
                counts.differing += 1
                report(.differs(write.key, reason: "it changed while it was copied"))
            case .unknown(let reason):
                throw StoreError(
                    .disconnected, store: target.name,
                    detail: "\(write.key) may or may not be written (\(reason)); the copy stopped. Run it again.")
            }
        }
        // Each round has fewer records: one at least had a conflict.
        guard again.count < writes.count else { return written }
        return written + (try await self.write(again, &counts, report))
    }
}

extension StoreError {
    /// Whether the store refuses one record, and may take the others of a batch.
    fileprivate var isAboutOneRecord: Bool {
        switch code {
        case .badKey, .tooLarge, .unsupported, .constraint: true
        default: false
        }
    }
}
