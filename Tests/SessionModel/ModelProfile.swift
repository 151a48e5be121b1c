internal import OrderedCollections
internal import SessionCore

/// Keys `container/id` and `container/id/package`, payload the text notation.
struct ModelProfile: SessionProfile {
    let kind: ModelContainer.Kind

    var name: String { kind.rawValue }
    var label: String { "Mo" }
    var layout: SessionLayout { kind == .flat ? .flat : .packages }
    var expiryRule: ExpiryRule { kind == .packages || kind == .split ? .containerTimeout : .keep }
    var deletesEmptySessions: Bool { kind == .packages || kind == .split }
    var formats: [any PayloadFormat] { [ModelFormat()] }
    var newRecord: (format: any PayloadFormat, flags: UInt32) { (ModelFormat(), 7) }

    func classify(_ key: ArraySlice<UInt8>) -> KeyClass {
        let parts = key.split(separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 else { return .unclaimed }
        func range(_ part: ArraySlice<UInt8>) -> Range<Int> {
            (part.startIndex - key.startIndex)..<(part.endIndex - key.startIndex)
        }
        return .session(
            KeyOwner(
                container: range(parts[0]), session: range(parts[1]),
                package: parts.count == 3 ? range(parts[2]) : nil))
    }

    func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> RecordKey {
        let slash = [UInt8(ascii: "/")]
        return RecordKey(container + slash + session + (package.map { slash + $0 } ?? []))
    }
}

/// Writes whole values, with nothing copied from the stored payload.
struct ModelFormat: PayloadFormat {
    var name: String { "notation" }
    var readOnlyReason: String? { nil }

    func recognises(_ payload: [UInt8], flags: UInt32) -> Bool { true }

    func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        do throws(NotationError) { return try Notation.value(parsing: payload) } catch {
            throw FormatError(format: name, offset: error.offset, problem: error.problem)
        }
    }

    func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        try encode(edit.value(over: tree))
    }

    func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] { Array(Notation.text(of: tree).utf8) }

    func refusal(of value: SessionValue) -> String? { nil }
}
