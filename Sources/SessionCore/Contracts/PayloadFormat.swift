internal import OrderedCollections

/// How the payload of a record is written: JSON, a pickle, plain text.
///
/// A format is lossless: a payload that was decoded and not edited is never encoded again, and an edit copies every
/// byte outside the edited values. Payloads are data; no format executes anything, and hostile bytes end in a `FormatError`.
public protocol PayloadFormat: Sendable {
    /// The format's name on screen and in commands, such as `json`.
    var name: String { get }

    /// Why nothing inside can be edited, as the end of a sentence; nil where it can.
    var readOnlyReason: String? { get }

    /// Whether the payload looks like this format; cheap, and sure only once `decode` succeeds.
    func recognises(_ payload: [UInt8], flags: UInt32) -> Bool

    /// The tree of values that the payload holds.
    func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue

    /// The tree, and what a reader of this payload should know beside it.
    func read(_ payload: [UInt8]) throws(FormatError) -> DecodedPayload

    /// The payload with an edit made; `tree` is what `decode` gave for it. Bytes of unedited values are copied.
    func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8]

    /// A payload that holds a tree, for a record that was not there.
    func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8]

    /// Why the format cannot hold a value, as a sentence; nil if it can. Asked at every edit.
    func refusal(of value: SessionValue) -> String?

    /// Why a value cannot be set at a path, or removed there for nil, as a sentence; nil if it can. Asked at every edit.
    ///
    /// Formats that show what they cannot write, such as instances of unknown classes, refuse edits inside it here.
    /// `root` is the tree as it is edited so far, `payload` what it was decoded from, nil for a record that was not there.
    func refusal(of value: SessionValue?, at path: ValuePath, in root: EditedNode, payload: [UInt8]?) -> String?

    /// What stays at a path whose value is removed, for formats with places that are always there, such as a table's columns;
    /// nil where nothing stays. `payload` is what the tree was decoded from, nil for a record that was not there.
    func remainder(afterRemoving path: ValuePath, from payload: [UInt8]?) -> SessionValue?

    /// The payload without its wrappers (compression, base64), which is what the tree is read from.
    func unwrapped(_ payload: [UInt8]) throws(FormatError) -> [UInt8]

    /// What stands in a part of the unwrapped payload, a line for each item that touches it, for formats whose bytes do not
    /// speak for themselves; empty for the others.
    func listing(of unwrapped: [UInt8], in range: Range<Int>) -> [PayloadItem]
}

extension PayloadFormat {
    /// Nothing beside the tree, unless a format says otherwise.
    public func read(_ payload: [UInt8]) throws(FormatError) -> DecodedPayload {
        DecodedPayload(tree: try decode(payload), readOnlyReason: readOnlyReason)
    }

    /// Nothing stays, unless a format says otherwise.
    public func remainder(afterRemoving path: ValuePath, from payload: [UInt8]?) -> SessionValue? { nil }

    /// Every place takes what the format holds, unless a format says otherwise.
    public func refusal(
        of value: SessionValue?, at path: ValuePath, in root: EditedNode, payload: [UInt8]?
    ) -> String? {
        guard let value else { return nil }
        if let reason = refusal(of: value) { return reason }
        if case .key(let key) = path.last { return refusal(of: .map([key: .null])) }
        return nil
    }

    /// Payloads are not wrapped, unless a format says otherwise.
    public func unwrapped(_ payload: [UInt8]) throws(FormatError) -> [UInt8] { payload }

    /// Nothing, unless a format says otherwise.
    public func listing(of unwrapped: [UInt8], in range: Range<Int>) -> [PayloadItem] { [] }
}

/// What a format reads in a payload.
public struct DecodedPayload: Hashable, Sendable {
    /// The tree of values.
    public var tree: SessionValue
    /// Why nothing inside this payload can be edited, as the end of a sentence; nil where it can.
    public var readOnlyReason: String?
    /// What the payload would do to a program that loads it as its writer does, such as `would call os.system`; nothing of
    /// it is done here.
    public var dangers: [String]

    /// What was read.
    public init(tree: SessionValue, readOnlyReason: String? = nil, dangers: [String] = []) {
        self.tree = tree
        self.readOnlyReason = readOnlyReason
        self.dangers = dangers
    }
}

/// One item of a payload's bytes, such as an opcode.
public struct PayloadItem: Hashable, Sendable {
    /// The item's bytes, counted from the first of the unwrapped payload.
    public var range: Range<Int>
    /// What it is, in the words of its format.
    public var text: String

    /// An item.
    public init(range: Range<Int>, text: String) {
        self.range = range
        self.text = text
    }
}

/// Why a payload cannot be decoded or an edit cannot be encoded.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The format's name.
    public var format: String
    /// The byte of the payload where it went wrong, from 0; nil if it is about no byte.
    public var offset: Int?
    /// What is wrong.
    public var problem: String

    /// An error of a format.
    public init(format: String, offset: Int? = nil, problem: String) {
        self.format = format
        self.offset = offset
        self.problem = problem
    }

    /// A sentence with format and byte.
    public var description: String {
        "not readable as \(format)\(offset.map { ", byte \($0)" } ?? ""): \(problem)"
    }
}
