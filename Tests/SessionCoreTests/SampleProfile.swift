import OrderedCollections
import SessionCore

/// A format that writes whole values; what it cannot write is a reference.
struct SampleFormat: PayloadFormat {
    var name: String { "sample" }
    var readOnlyReason: String? { nil }

    func recognises(_ payload: [UInt8], flags: UInt32) -> Bool { payload.first != UInt8(ascii: "?") }

    func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        do throws(NotationError) { return try Notation.value(parsing: payload) } catch {
            throw FormatError(format: name, offset: error.offset, problem: error.problem)
        }
    }

    func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        try encode(edit.value(over: tree))
    }

    func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        if tree.map?["refused"] != nil { throw FormatError(format: name, problem: "it holds what it cannot") }
        return Array(Notation.text(of: tree).utf8)
    }

    func refusal(of value: SessionValue) -> String? { nil }
}

/// Shows any bytes.
struct SampleBytes: PayloadFormat {
    var name: String { "bytes" }
    var readOnlyReason: String? { "nobody knows it" }
    func recognises(_ payload: [UInt8], flags: UInt32) -> Bool { true }
    func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue { .bytes(payload) }
    func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "read-only")
    }
    func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "read-only")
    }
    func refusal(of value: SessionValue) -> String? { "read-only" }
}

struct SampleProfile: SessionProfile {
    /// Whether it is like a container of our own: lives are renewed, empty sessions deleted.
    var isOwn = true

    var name: String { isOwn ? "own" : "foreign" }
    var label: String { "Sa" }
    var layout: SessionLayout { .packages }
    var expiryRule: ExpiryRule { isOwn ? .containerTimeout : .keep }
    var deletesEmptySessions: Bool { isOwn }
    var formats: [any PayloadFormat] { [SampleFormat()] }
    var newRecord: (format: any PayloadFormat, flags: UInt32) { (SampleFormat(), 5) }
    /// Keys are `container/id` or `container/id/package`; one without a slash is an id.
    func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        let key = Array(key)
        let slash = UInt8(ascii: "/")
        guard let first = key.firstIndex(of: slash) else {
            return .session(KeyOwner(container: 0..<0, session: 0..<key.count))
        }
        let second = key[(first + 1)...].firstIndex(of: slash)
        return .session(
            KeyOwner(
                container: 0..<first, session: (first + 1)..<(second ?? key.count),
                package: second.map { ($0 + 1)..<key.count }))
    }

    func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        let slash = [UInt8(ascii: "/")]
        return RecordKey(container + slash + session + (package.map { slash + $0 } ?? []))
    }
}

extension LoadedRecord {
    /// A record of `store:`, stored with this text unless nil.
    static func sample(
        _ key: RecordKey, _ text: String?, isOwn: Bool = true, revision: UInt64 = 1, lifetime: Lifetime = .seconds(60)
    ) -> LoadedRecord {
        let stored = text.map {
            StoredRecord(
                key: key, payload: Array($0.utf8), flags: 9, expiry: .at(Timestamp(seconds: 500)),
                revision: Revision(revision))
        }
        return LoadedRecord(
            id: RecordID(store: "store", key: key), stored: stored, profile: SampleProfile(isOwn: isOwn),
            fallback: SampleBytes(), lifetime: lifetime)
    }
}

extension RecordID {
    static func sample(_ key: RecordKey) -> RecordID { RecordID(store: "store", key: key) }
}
