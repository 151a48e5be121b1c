/// A payload that no format of its profile can read: its bytes, to be kept as they are.
struct OpaqueFormat: PayloadFormat {
    var name: String { "bytes" }
    var readOnlyReason: String? { "no format of its profile can read it" }
    func recognises(_ payload: [UInt8], flags: UInt32) -> Bool { true }
    func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue { .bytes(payload) }
    func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "unreadable bytes cannot be edited inside")
    }
    func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        throw FormatError(format: name, problem: "unreadable bytes cannot be made")
    }
    func refusal(of value: SessionValue) -> String? { "no format of its profile can read it" }
}
