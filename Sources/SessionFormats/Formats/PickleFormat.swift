public import SessionCore

/// Payloads that Python's `pickle` or `cPickle` wrote, protocols 0 to 5; shown, not edited inside.
///
/// A pickle is a program; nothing of it is executed. Its opcodes are read as data after CPython's `Lib/pickletools.py`, and
/// whatever it would call is shown as an object by its name. What attacks use is named as a danger.
///
/// - A Python 2 `str` is bytes. Text with half a surrogate pair is an object that holds the bytes.
/// - Dates, times, decimals, UUIDs and byte arrays are objects whose state is readable; other instances show what they are
///   made of: their items, elements, state or arguments, or a map of these.
/// - The session classes of lovely.session, p01.session and mcdutils are the maps they hold.
/// - A container that comes again is a reference by its memo number; short values are repeated.
///
/// Bounds: values nest at most 200 deep, memory grows with the payload's length only, whole numbers of more than 5000
/// digits are shown as bytes.
public struct PickleFormat: PayloadFormat {
    /// The format.
    public init() {}

    /// `pickle`.
    public var name: String { "pickle" }

    /// Pickles are shown only.
    public var readOnlyReason: String? {
        "a pickle is shown, not written; replace the whole value with set \"\" bytes(\"…\")"
    }

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
        return DecodedPayload(
            tree: try PickleTree.tree(of: program), readOnlyReason: readOnlyReason,
            dangers: PickleDanger.warnings(in: program))
    }

    /// Refused.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "a pickle cannot be edited inside")
    }

    /// Refused.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "pickles are not written")
    }

    /// Everything is refused.
    public func refusal(of value: SessionValue) -> String? { "pickles are shown, not written" }
}
