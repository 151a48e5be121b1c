internal import SessionCore

/// One record as the model's store holds it.
struct ModelRecord: Hashable, Sendable {
    var tree: SessionValue
    /// When it ends; nil for never.
    var end: Timestamp?
    /// Counts the writes of all records: another number is another version.
    var version: Int
}

/// What went over the wire.
struct ModelTraffic: Hashable, Sendable {
    var loads = 0
    var commits = 0
    var touches = 0
    /// Records written with a payload.
    var puts = 0
    var deletions = 0
}

/// A store as a map of whole trees.
struct ModelStore: Hashable, Sendable {
    /// What was written, ended or not.
    private(set) var records: [String: ModelRecord] = [:]
    /// The keys of all records there ever were.
    private(set) var everWritten: Set<String> = []
    private var versions = 0

    /// The record of a key, if it has not ended.
    func record(_ key: String, at now: Timestamp) -> ModelRecord? {
        guard let record = records[key] else { return nil }
        if let end = record.end, end <= now { return nil }
        return record
    }

    /// All records that have not ended.
    func alive(at now: Timestamp) -> [String: ModelRecord] {
        records.filter { record($0.key, at: now) != nil }
    }

    mutating func put(_ tree: SessionValue, _ key: String, end: Timestamp?) {
        versions += 1
        everWritten.insert(key)
        records[key] = ModelRecord(tree: tree, end: end, version: versions)
    }

    mutating func delete(_ key: String) { records[key] = nil }

    mutating func touch(_ key: String, end: Timestamp?, at now: Timestamp) {
        if record(key, at: now) != nil { records[key]?.end = end }
    }

    /// Takes over the order in which the core has the keys of maps.
    mutating func adopt(_ tree: SessionValue, _ key: String) { records[key]?.tree = tree }
}
