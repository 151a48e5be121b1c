/// What is wrong with a pattern, and what to do.
struct KeyPatternError: Error, Hashable {
    /// The character of the pattern, from 1; nil if it is about all of it.
    var character: Int?
    var problem: String
    var remedy: String
}

extension KeyPattern {
    /// The longest key that memcached takes.
    private static let keyLimit = 250

    /// Reads a pattern such as `shop:{container}:sess:{id}`.
    ///
    /// Fields are `{container}`, `{id}`, `{package}`, and `{id|md5}` or `{id|sha256}` where keys hold the id's digest. `{{` and `}}` are braces.
    init(parsing pattern: String) throws(KeyPatternError) {
        var pieces: [Piece] = []
        var digest: KeyDigest?
        var text: [UInt8] = []
        var rest = Array(pattern)[...]
        while let character = rest.first {
            let place = rest.startIndex + 1
            rest.removeFirst()
            guard character == "{" || character == "}" else {
                try Self.check(character, at: place)
                text += Array(String(character).utf8)
                continue
            }
            if rest.first == character {
                rest.removeFirst()
                text += Array(String(character).utf8)
                continue
            }
            guard character == "{", let close = rest.firstIndex(of: "}") else {
                throw KeyPatternError(
                    character: place, problem: "a brace stands alone",
                    remedy: "close the field with }, or write the brace twice to have it in keys")
            }
            let (field, ownDigest) = try Self.field(String(rest[..<close]), at: place)
            rest = rest[(close + 1)...]
            if !text.isEmpty { pieces.append(.text(text)) }
            text = []
            try Self.check(field, behind: pieces, at: place)
            pieces.append(.field(field))
            digest = digest ?? ownDigest
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        self.pieces = pieces
        self.digest = digest
        try checkWhole()
    }

    private static func check(_ character: Character, at place: Int) throws(KeyPatternError) {
        guard character.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw KeyPatternError(
                character: place, problem: "keys hold no blanks and no control characters", remedy: "leave it out")
        }
    }

    private static func field(_ words: String, at place: Int) throws(KeyPatternError) -> (Field, KeyDigest?) {
        let parts = words.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, let field = Field(rawValue: String(name)) else {
            throw KeyPatternError(
                character: place, problem: "there is no field {\(words)}",
                remedy: "the fields are {container}, {id} and {package}")
        }
        guard parts.count == 2 else { return (field, nil) }
        guard field == .id else {
            throw KeyPatternError(
                character: place, problem: "only the id can be a digest", remedy: "write {\(name)}")
        }
        guard let digest = KeyDigest(rawValue: String(parts[1])) else {
            throw KeyPatternError(
                character: place, problem: "there is no digest \(parts[1])", remedy: "the digests are md5 and sha256")
        }
        return (field, digest)
    }

    private static func check(_ field: Field, behind pieces: [Piece], at place: Int) throws(KeyPatternError) {
        if pieces.contains(.field(field)) {
            throw KeyPatternError(
                character: place, problem: "{\(field.rawValue)} stands there twice", remedy: "leave one out")
        }
        if pieces.contains(.field(.package)) {
            throw KeyPatternError(
                character: place, problem: "{\(field.rawValue)} stands behind the package",
                remedy: "put {package} last")
        }
        if case .field(let last) = pieces.last {
            throw KeyPatternError(
                character: place, problem: "nothing tells where {\(last.rawValue)} ends and {\(field.rawValue)} begins",
                remedy: "put a text between them, such as a colon")
        }
        if field == .package, !pieces.contains(.field(.id)) {
            throw KeyPatternError(
                character: place, problem: "{package} stands before the id", remedy: "put {package} last")
        }
    }

    private func checkWhole() throws(KeyPatternError) {
        guard has(.id) else {
            throw KeyPatternError(
                problem: "it does not say where the id stands", remedy: "write {id} there, as in shop:{id}")
        }
        if has(.package), pieces.last != .field(.package) {
            throw KeyPatternError(
                problem: "a text stands behind the package, which may be left out", remedy: "put {package} last")
        }
        let length = pieces.reduce(0) { sum, piece in
            if case .text(let text) = piece { sum + text.count } else { sum + 1 }
        }
        guard length <= Self.keyLimit else {
            throw KeyPatternError(
                problem: "its keys have more than the \(Self.keyLimit) bytes that memcached takes",
                remedy: "shorten its texts")
        }
    }
}
