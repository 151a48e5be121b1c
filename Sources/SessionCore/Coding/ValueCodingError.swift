/// Why an instance has no value tree, or a value tree is no such instance, and where.
public struct ValueCodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place inside the value.
    public var pointer: JSONPointer
    /// What is wrong there, without the place.
    public var problem: String

    /// An error at a place.
    public init(pointer: JSONPointer, problem: String) {
        self.pointer = pointer
        self.problem = problem
    }

    /// A sentence that names the place and what is wrong there.
    public var description: String {
        "\(pointer.tokens.isEmpty ? "the value" : "\(pointer)"): \(problem)"
    }
}

extension ValueCodingError {
    /// What an encoder or decoder threw, with its coding path as the pointer.
    init(translating error: any Error) {
        let failure = CodingFailure(error)
        // The text is a caller's type's, who may have put what it read into it.
        self.init(
            pointer: JSONPointer(tokens: failure.path?.map(\.stringValue) ?? []),
            problem: PrintableText.escaping(failure.problem))
    }
}

/// What an error of any type says about coding.
struct CodingFailure {
    /// The place, if it is an error of the standard library's coding.
    let path: [any CodingKey]?
    /// What is wrong, in the words of who threw it.
    let problem: String

    init(_ error: any Error) {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            self.init(context.codingPath + [key], context.debugDescription)
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            self.init(context.codingPath, context.debugDescription)
        case EncodingError.invalidValue(_, let context): self.init(context.codingPath, context.debugDescription)
        default: self.init(nil, "\(error)")
        }
    }

    private init(_ path: [any CodingKey]?, _ problem: String) {
        self.path = path
        self.problem = problem
    }
}
