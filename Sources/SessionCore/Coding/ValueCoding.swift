/// Turns instances of Swift types into value trees and back, by way of `Codable`.
///
/// Structs and classes become maps with text keys, arrays lists, numbers and text the kind that is theirs, and nil null. An
/// integer that does not fit `Int` becomes a `bigInteger`. `[UInt8]` becomes bytes, and a `SessionValue` stays what it is.
/// Dictionaries and sets have no order of their own, so they are sorted: the same dictionary is always the same value.
///
/// Reading is more liberal, because other languages wrote the session: a key may be text, UTF-8 bytes or a number, text
/// may be UTF-8 bytes, an array may be a list, tuple or set, and an object is read as its state. No number is ever rounded to
/// an integer or taken out of range.
public enum ValueCoding {
    /// The value tree of an instance.
    ///
    /// - Throws: What its `encode(to:)` threw, or that it nests deeper than `Notation.maximumDepth`.
    public static func value(encoding instance: some Encodable) throws(ValueCodingError) -> SessionValue {
        do {
            return try CodingPlace.root.value(encoding: instance)
        } catch {
            throw ValueCodingError(translating: error)
        }
    }

    /// An instance read from a value tree.
    ///
    /// - Throws: What is missing or of another kind, and where, or that the value nests deeper than
    ///   `Notation.maximumDepth`.
    public static func decode<T: Decodable>(
        _ type: T.Type, from value: SessionValue
    ) throws(ValueCodingError) -> T {
        if let tokens = value.tokens(nestedDeeperThan: Notation.maximumDepth) {
            throw ValueCodingError(pointer: JSONPointer(tokens: tokens), problem: CodingPlace.depthProblem)
        }
        do {
            return try ValueDecoder(value: value, place: .root).decoded(type)
        } catch {
            throw ValueCodingError(translating: error)
        }
    }
}
