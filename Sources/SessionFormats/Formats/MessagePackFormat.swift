internal import OrderedCollections
public import SessionCore

/// Payloads in MessagePack, as Flask-Session writes them: a map or an array.
///
/// Extensions are instances of `ext` and their number, with the bytes as state; timestamps are instances of `timestamp`
/// with the time as text. Text that is no UTF-8 is an instance of `text` with its bytes. Every value is written in its
/// shortest form; one that is not edited keeps the form it has, a float of 32 bits too.
public struct MessagePackFormat: PayloadFormat {
    /// The format.
    public init() {}

    /// `msgpack`.
    public var name: String { "msgpack" }

    /// Everything can be edited.
    public var readOnlyReason: String? { nil }

    /// Whether it begins as a map or an array that has members; only decoding is sure.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        guard let first = payload.first else { return false }
        switch first {
        case 0x80: return payload.count == 1
        case 0x81...0x8F, 0x91...0x9F: return payload.count > 1
        case 0xDC...0xDF: return payload.count > 3
        default: return false
        }
    }

    /// The tree.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        var reader = MessagePackReader(payload)
        let tree = try reader.read()
        guard reader.offset == payload.count else { throw reader.error("something follows the value") }
        return tree
    }

    /// The payload with the edit made.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        var splicer = MessagePackSplicer(payload)
        try splicer.write(edit, base: tree)
        guard try decode(splicer.output) == edit.value(over: tree) else {
            throw FormatError(format: name, problem: "what would be read is not what the edit says; nothing is changed")
        }
        return splicer.output
    }

    /// The tree, each value in its shortest form.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] { try MessagePackEncoder.bytes(of: tree) }

    /// No tuples, sets, references, numbers above 64 bits, instances.
    public func refusal(of value: SessionValue) -> String? { MessagePackEncoder.refusal(of: value) }

    /// What MessagePack cannot hold, also where a value inside an extension or timestamp would make it none.
    public func refusal(
        of value: SessionValue?, at path: ValuePath, in root: EditedNode, payload: [UInt8]?
    ) -> String? { refusalByTrial(of: value, at: path, in: root, payload: payload) }
}
