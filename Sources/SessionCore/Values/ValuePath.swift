internal import OrderedCollections

/// One step from a value to a value inside it.
public enum ValueStep: Hashable, Sendable {
    /// To the value of a map's key.
    case key(SessionValue)
    /// To an element of a list, tuple or set, from 0.
    case index(Int)
    /// To the state of an object.
    case state
}

/// A place in one particular tree: a pointer whose tokens are decided.
public typealias ValuePath = [ValueStep]

/// Why a pointer names no place in a tree.
public enum PointerMismatch: Error, Hashable, Sendable {
    /// There is no such key; holds the pointer up to and with the missing token.
    case noKey(JSONPointer)
    /// The list ends before that element; holds the pointer up to it and the number of elements.
    case noElement(JSONPointer, count: Int)
    /// The token for a list is no number; holds the pointer up to it.
    case notAnIndex(JSONPointer)
    /// The value on the way holds no others; holds the pointer to it and its kind.
    case notACollection(JSONPointer, SessionValue.Kind)
    /// Several keys have that text; holds the pointer and the tagged tokens that tell them apart.
    case ambiguous(JSONPointer, choices: [String])
}

extension PointerMismatch: CustomStringConvertible {
    /// A sentence that names the place and what is there instead.
    public var description: String {
        switch self {
        case .noKey(let pointer): "no key \(pointer)"
        case .noElement(let pointer, let count):
            "no element \(pointer): the list has \(count) element\(count == 1 ? "" : "s")"
                + (count > 0 ? ", 0 to \(count - 1)" : "")
        case .notAnIndex(let pointer): "no element \(pointer): elements of a list are numbered from 0"
        case .notACollection(let pointer, let kind):
            "\(pointer.tokens.isEmpty ? "the value" : "\(pointer)") is \(kind.rawValue), nothing is inside it"
        case .ambiguous(let pointer, let choices):
            "\(pointer) names \(choices.count) keys; write one of \(choices.joined(separator: ", "))"
        }
    }
}

extension SessionValue {
    /// The text by which a pointer token names this value as a map's key; nil if only a tagged token can.
    public var keyText: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .bigInteger(let number): String(number)
        case .bytes(let bytes):
            // UTF-8 bytes go by their text, so that Python 2 keys are typed as they look.
            String(validating: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// A pointer token that names this value as a map's key whatever its neighbours are, such as `int(1)`.
    public var taggedToken: String {
        switch self {
        case .string: "str(\(Notation.text(of: self)))"
        case .integer, .bigInteger: "int(\(Notation.text(of: self)))"
        default: "key(\(Notation.text(of: self)))"
        }
    }

    /// The key a tagged token such as `int(1)` means; nil if the token is not tagged.
    static func taggedKey(_ token: String) -> SessionValue? {
        guard token.hasSuffix(")"), let open = token.firstIndex(of: "(") else { return nil }
        let inner = String(token[token.index(after: open)...].dropLast())
        guard ["str", "int", "key"].contains(token[..<open]) else { return nil }
        return try? Notation.value(parsing: inner)
    }

    /// The value one step inside; nil if there is none.
    public func child(_ step: ValueStep) -> SessionValue? {
        switch (self, step) {
        case (.map(let map), .key(let key)): map[key]
        case (.list(let values), .index(let index)), (.tuple(let values), .index(let index)),
            (.set(let values), .index(let index)):
            values.indices.contains(index) ? values[index] : nil
        case (.object(_, let state), .state): state
        default: nil
        }
    }

    /// The value at a path; nil if there is none.
    public func value(at path: some Sequence<ValueStep>) -> SessionValue? {
        var value = self
        for step in path {
            guard let next = value.child(step) else { return nil }
            value = next
        }
        return value
    }
}
