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

    /// The payload with an edit made; `tree` is what `decode` gave for it. Bytes of unedited values are copied.
    func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8]

    /// A payload that holds a tree, for a record that was not there.
    func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8]

    /// Why the format cannot hold a value, as a sentence; nil if it can. Asked at every edit.
    func refusal(of value: SessionValue) -> String?
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
