public import BigInt
public import OrderedCollections

/// A node of the value tree: every kind of value that the session systems store.
///
/// Equality is exact, because it decides what is dirty: strings are equal when their UTF-8 is (Swift's own `==` holds
/// composed and decomposed accents equal), numbers when kind and bits are, maps when order is too.
public enum SessionValue: Sendable {
    /// No value.
    case null
    /// A truth value.
    case bool(Bool)
    /// A whole number of 64 bits.
    case integer(Int)
    /// A whole number that does not fit `integer`.
    case bigInteger(BigInt)
    /// A floating point number.
    case double(Double)
    /// Unicode text.
    case string(String)
    /// Bytes; a Python 2 `str` is bytes too.
    case bytes([UInt8])
    /// Values in order.
    case list([SessionValue])
    /// Values in order that their writer cannot change.
    case tuple([SessionValue])
    /// Different values, in the order they were stored.
    case set([SessionValue])
    /// Values by key, in the order they were stored.
    case map(SessionMap)
    /// An instance of a class of the writer's language, kept as data and never executed.
    indirect case object(className: String, state: SessionValue)
    /// A second reference to a node that stands elsewhere in the same record, by the writer's number of it.
    case reference(Int)
}

/// Values by key in the order they were stored.
public typealias SessionMap = OrderedDictionary<SessionValue, SessionValue>

extension SessionValue: Hashable {
    /// Whether two values are the same in kind, content and order.
    public static func == (left: SessionValue, right: SessionValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.bigInteger(let left), .bigInteger(let right)): left == right
        case (.double(let left), .double(let right)): left.bitPattern == right.bitPattern
        case (.string(let left), .string(let right)): left.hasSameUTF8(as: right)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.tuple(let left), .tuple(let right)): left == right
        case (.set(let left), .set(let right)): left == right
        case (.map(let left), .map(let right)): left == right
        case (.object(let leftName, let left), .object(let rightName, let right)):
            leftName.hasSameUTF8(as: rightName) && left == right
        case (.reference(let left), .reference(let right)): left == right
        default: false
        }
    }

    /// Feeds what `==` compares.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .bigInteger(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value.bitPattern)
        case .string(let value): hasher.combine(utf8Of: value)
        case .bytes(let value): hasher.combine(value)
        case .list(let values), .tuple(let values), .set(let values): hasher.combine(values)
        case .map(let map): hasher.combine(map)
        case .object(let name, let state):
            hasher.combine(utf8Of: name)
            hasher.combine(state)
        case .reference(let number): hasher.combine(number)
        }
    }
}

extension String {
    /// Whether two texts are the same bytes, not only canonically equivalent.
    ///
    /// Compares storage where both have it in one piece, which is some times as fast as going through the views; every look-up in a
    /// map ends here.
    fileprivate func hasSameUTF8(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let same: Bool?? = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in left.elementsEqual(right) }
        }
        return (same ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}

extension Hasher {
    fileprivate mutating func combine(utf8Of text: String) {
        var text = text
        text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension SessionValue {
    /// The kinds of values, as they are named on screen and in messages.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case null
        case bool
        case integer = "int"
        case bigInteger = "big int"
        case double = "float"
        case string = "str"
        case bytes
        case list
        case tuple
        case set
        case map
        case object
        case reference = "ref"
    }

    /// What kind of value this is.
    public var kind: Kind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .integer: .integer
        case .bigInteger: .bigInteger
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .tuple: .tuple
        case .set: .set
        case .map: .map
        case .object: .object
        case .reference: .reference
        }
    }

    /// An empty map.
    public static let emptyMap = SessionValue.map([:])

    /// The map, if this is one.
    public var map: SessionMap? {
        if case .map(let map) = self { map } else { nil }
    }

    /// Whether this is a map, list, tuple or set with nothing in it.
    public var isEmptyCollection: Bool {
        switch self {
        case .map(let map): map.isEmpty
        case .list(let values), .tuple(let values), .set(let values): values.isEmpty
        default: false
        }
    }

    /// How many collections and objects stand around the deepest value inside; 0 for a value that holds none.
    public var nestingDepth: Int {
        switch self {
        case .map(let map): 1 + map.reduce(0) { max($0, $1.key.nestingDepth, $1.value.nestingDepth) }
        case .list(let values), .tuple(let values), .set(let values): 1 + values.reduce(0) { max($0, $1.nestingDepth) }
        case .object(_, let state): 1 + state.nestingDepth
        default: 0
        }
    }

    /// Number of values directly inside; nil for a value that holds none.
    public var childCount: Int? {
        switch self {
        case .map(let map): map.count
        case .list(let values), .tuple(let values), .set(let values): values.count
        case .object: 1
        default: nil
        }
    }
}

extension SessionValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    // There is no nil literal on purpose: in `found ? value : nil` it would mean the value `null`, not "none".

    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A floating point number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A list.
    public init(arrayLiteral elements: SessionValue...) { self = .list(elements) }
    /// A map; of two equal keys the last counts.
    public init(dictionaryLiteral elements: (SessionValue, SessionValue)...) {
        self = .map(SessionMap(elements, uniquingKeysWith: { $1 }))
    }
}
