internal import OrderedCollections
public import SessionCore

/// Payloads that Python's `pickle` or `cPickle` wrote, protocols 0 to 5.
///
/// A pickle is a program; nothing of it is executed. Its opcodes are read as data after CPython's `Lib/pickletools.py`, and
/// whatever it would call is shown as an object by its name. What attacks use is named as a danger.
///
/// - A Python 2 `str` is bytes. Text with half a surrogate pair is an object that holds the bytes.
/// - Dates, times, decimals, UUIDs and byte arrays are objects whose state is readable; other instances show what they are
///   made of: their items, elements, state or arguments, or a map of these.
/// - The session classes of lovely.session, p01.session and mcdutils are the maps they hold.
/// - A container that comes again is a reference by its memo number; short values are repeated.
/// - An edit keeps the protocol, Python 2's kinds and every byte that it need not change. What an edit forces to change
///   elsewhere (memo numbers, frame lengths, a shared text whose first place goes) is changed, and the result is read
///   again and compared before anybody gets it. Instances of unknown classes are kept, not edited inside.
///
/// Bounds: values nest at most 200 deep, memory grows with the payload's length only, whole numbers of more than 5000
/// digits are shown as bytes.
public struct PickleFormat: PayloadFormat {
    /// What a record that is made begins as; nil for a plain value.
    private let template: [UInt8]?

    /// The format.
    public init() { template = nil }

    /// The format of session systems that wrap what they hold in classes of their own.
    ///
    /// `template` is the pickle of a session without keys, each byte a character from U+0000 to U+00FF; records that are made are
    /// edits of it.
    init(template: String) {
        self.template = template.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    /// `pickle`.
    public var name: String { "pickle" }

    /// Most pickles can be edited; `read` says which not.
    public var readOnlyReason: String? { nil }

    /// Whether the payload begins as pickles of its protocol do, and ends with STOP.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        guard let first = payload.first, payload.count >= 2 else { return false }
        if first == PickleOpcode.proto.rawValue { return payload[1] <= 5 }
        // Protocols 0 and 1 have no mark of their own.
        return payload.last == PickleOpcode.stop.rawValue && PickleOpcode(rawValue: first) != nil
    }

    /// The tree.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        try PickleTree.tree(of: PickleParser.parse(payload))
    }

    /// The tree, and what a program that loads the pickle would be made to use.
    public func read(_ payload: [UInt8]) throws(FormatError) -> DecodedPayload {
        let program = try PickleParser.parse(payload)
        let reason = program.irregularity.map {
            "\($0), and no edit keeps that; replace the whole value with set \"\" bytes(\"…\")"
        }
        return DecodedPayload(
            tree: try PickleTree.tree(of: program), readOnlyReason: reason, dangers: PickleDanger.warnings(in: program))
    }

    /// The payload with the edit made; refused where an edit would change more than it says.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        try PickleSplicer.splice(edit, into: PickleParser.parse(payload), tree: tree)
    }

    /// The tree in protocol 4, which CPython 3.4 and later read; a session of classes in that of its template.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        if let template {
            let base = try decode(template)
            guard let edit = Edit.setting(tree, at: [], base: base, edit: nil) else { return template }
            return try splice(edit, into: template, tree: base)
        }
        let style = PickleStyle.current
        let value = try PickleEncoder.bytes(of: tree, style: style)
        return [PickleOpcode.proto.rawValue, UInt8(style.version)] + value + [PickleOpcode.stop.rawValue]
    }

    /// No references, and no instances but those of known classes.
    public func refusal(of value: SessionValue) -> String? { refusal(of: value, style: .current) }

    private func refusal(of value: SessionValue, style: PickleStyle) -> String? {
        do throws(FormatError) {
            _ = try PickleEncoder.bytes(of: value, style: style)
            return nil
        } catch { return error.problem }
    }

    /// What the payload's own Python and protocol cannot hold, and what cannot be changed without changing more.
    ///
    /// Makes the edit on trial where the payload is short, or where the path leads into an instance.
    public func refusal(
        of value: SessionValue?, at path: ValuePath, in root: EditedNode, payload: [UInt8]?
    ) -> String? {
        refusalByTrial(of: value, at: path, in: root, payload: payload)
    }

    /// The opcodes, a line each.
    public func listing(of unwrapped: [UInt8], in range: Range<Int>) -> [PayloadItem] {
        PickleListing.items(of: unwrapped, in: range)
    }
}
