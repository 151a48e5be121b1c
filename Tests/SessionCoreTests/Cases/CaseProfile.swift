import SessionCore

/// A profile whose ways can be chosen one by one.
///
/// Keys are `name/container/id` or `name/container/id/package`; a hashing one writes a digest of that.
struct CaseProfile: SessionProfile {
    var name = "case"
    var layout = SessionLayout.packages
    /// Whether lives are renewed by every write, and emptied sessions deleted.
    var isOwn = true
    var hashesKeys = false
    var format: any PayloadFormat = SampleFormat()

    var label: String { "Ca" }
    var expiryRule: ExpiryRule { isOwn ? .containerTimeout : .keep }
    var deletesEmptySessions: Bool { isOwn }
    var formats: [any PayloadFormat] { [format] }
    var newRecord: (format: any PayloadFormat, flags: UInt32) { (format, 0) }

    func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        guard !hashesKeys else {
            return .session(KeyOwner(container: 0..<0, session: 0..<key.count))
        }
        let parts = key.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 4, parts[0].elementsEqual(name.utf8) else { return .unclaimed }
        func range(_ part: Int) -> Range<Int> {
            (parts[part].startIndex - key.startIndex)..<(parts[part].endIndex - key.startIndex)
        }
        return .session(
            KeyOwner(container: range(1), session: range(2), package: parts.count == 4 ? range(3) : nil))
    }

    func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        let slash = UInt8(ascii: "/")
        let plain = Array(name.utf8) + [slash] + container + [slash] + session + (package.map { [slash] + $0 } ?? [])
        guard hashesKeys else { return RecordKey(plain) }
        // FNV-1a: stable, and nothing of the id is left in it.
        let digest = plain.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return RecordKey(String(digest, radix: 16))
    }
}

/// A format that has no bytes, says so when asked, and cannot write a `late` anywhere, which it notices only when it writes.
struct PickyFormat: PayloadFormat {
    var name: String { "picky" }
    var readOnlyReason: String? { nil }
    func recognises(_ payload: [UInt8], flags: UInt32) -> Bool { true }
    func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue { try SampleFormat().decode(payload) }

    func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        try encode(edit.value(over: tree))
    }

    func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        let text = Notation.text(of: tree)
        if text.contains("\"late\"") { throw FormatError(format: name, problem: "it has no word for late") }
        return Array(text.utf8)
    }

    func refusal(of value: SessionValue) -> String? {
        switch value {
        case .bytes: "it has no bytes"
        case .list(let values), .tuple(let values), .set(let values): values.lazy.compactMap(refusal).first
        case .map(let map): map.lazy.compactMap { refusal(of: $0.key) ?? refusal(of: $0.value) }.first
        default: nil
        }
    }
}
