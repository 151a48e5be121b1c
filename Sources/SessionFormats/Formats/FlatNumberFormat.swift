internal import BigInt
public import SessionCore

/// Payloads that are one number or truth value in text, where the client flags say so: counters beside the sessions.
///
/// The record is one value without keys; `set "" 5` replaces it.
public struct FlatNumberFormat: PayloadFormat {
    /// What the text stands for.
    public enum Kind: String, Hashable, Sendable {
        /// A whole number in decimal.
        case integer
        /// A floating point number.
        case double
        /// PHP's truth values: `1`, and nothing for false.
        case bool
    }

    private let kind: Kind
    private let flags: [UInt32]
    private let mask: UInt32

    /// Numbers of a kind under some client flags, of which only those in the mask are looked at.
    public init(_ kind: Kind, flags: [UInt32], mask: UInt32 = .max) {
        self.kind = kind
        self.flags = flags
        self.mask = mask
    }

    /// `integer`, `double` or `bool`.
    public var name: String { kind.rawValue }

    /// The value can be replaced.
    public var readOnlyReason: String? { nil }

    /// Whether the flags say so.
    public func recognises(_ payload: [UInt8], flags: UInt32) -> Bool {
        self.flags.contains(flags & mask) && payload.count <= 400
    }

    /// The number; spaces around it, which memcached's `decr` leaves behind it, are kept out of it.
    public func decode(_ payload: [UInt8]) throws(FormatError) -> SessionValue {
        var text = payload[...]
        while text.last == UInt8(ascii: " ") { text = text.dropLast() }
        switch kind {
        case .integer: if let number = PickleText.integer(text) { return number }
        case .double: if let number = PHPNumber.double(text) { return .double(number) }
        case .bool: if text.isEmpty || text.elementsEqual("1".utf8) { return .bool(!text.isEmpty) }
        }
        throw FormatError(format: name, problem: "it is no \(kind.rawValue)")
    }

    /// The new number.
    public func splice(_ edit: Edit, into payload: [UInt8], tree: SessionValue) throws(FormatError) -> [UInt8] {
        try encode(edit.value(over: tree))
    }

    /// The number in text.
    public func encode(_ tree: SessionValue) throws(FormatError) -> [UInt8] {
        switch (kind, tree) {
        case (.integer, .integer(let number)): return Array(String(number).utf8)
        case (.integer, .bigInteger(let number)): return Array(String(number).utf8)
        case (.double, .double(let number)): return Array(PHPNumber.text(of: number).utf8)
        case (.bool, .bool(let flag)): return flag ? [UInt8(ascii: "1")] : []
        default: throw FormatError(format: name, problem: refusal(of: tree) ?? "it is no \(kind.rawValue)")
        }
    }

    /// Only its own kind of value.
    public func refusal(of value: SessionValue) -> String? {
        switch (kind, value) {
        case (.integer, .integer), (.integer, .bigInteger), (.double, .double), (.bool, .bool): nil
        default: "the flags of this record say \(kind.rawValue), and not \(value.kind.rawValue)"
        }
    }
}
