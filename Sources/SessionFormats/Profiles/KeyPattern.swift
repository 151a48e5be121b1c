internal import SessionCore

/// How the keys of a configured profile are made: texts, and fields between them.
///
/// A field ends at the first place where the text behind it stands, and is never empty; the last field, and one with nothing but text behind
/// it, reach as far as they can. The package is the last field and may be left out together with the text before it.
struct KeyPattern: Hashable, Sendable {
    /// What a field holds.
    enum Field: String, Hashable, Sendable, CaseIterable {
        case container
        case id
        case package
    }

    /// One part of a pattern.
    enum Piece: Hashable, Sendable {
        case text([UInt8])
        case field(Field)
    }

    /// The parts in order; no two fields stand together, and no two texts.
    let pieces: [Piece]
    /// The digest that stands in keys instead of the id; nil for the id itself.
    let digest: KeyDigest?

    /// Whether keys that match can be taken for this pattern's: it has a letter or digit of its own, or a digest's form.
    var isTelling: Bool {
        digest != nil
            || pieces.contains { piece in
                if case .text(let text) = piece { text.contains { $0.isAlphanumeric || $0 >= 0x80 } } else { false }
            }
    }

    /// Whether a field is in it.
    func has(_ field: Field) -> Bool { pieces.contains(.field(field)) }

    /// Where the fields lie in a key; nil if it does not match.
    func owner(of key: ArraySlice<UInt8>) -> KeyOwner? {
        var owner = KeyOwner(container: 0..<0, session: 0..<0)
        var position = 0
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .text(let text):
                // An id that reached the end had no package behind it.
                if position == key.count, isPackage(at: index + 1) { return owner }
                guard Self.has(text, in: key, at: position) else { return nil }
                position += text.count
            case .field(let field):
                guard let end = end(of: field, at: index, from: position, in: key) else { return nil }
                switch field {
                case .container: owner.container = position..<end
                case .id: owner.session = position..<end
                case .package: owner.package = position..<end
                }
                position = end
            }
        }
        return position == key.count ? owner : nil
    }

    /// The key of a session or of one package of it; an id that has the digest's form is taken as it is.
    func key(container: [UInt8], session: [UInt8], package: [UInt8]?) -> [UInt8] {
        var key: [UInt8] = []
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .text(let text): if package != nil || !isPackage(at: index + 1) { key += text }
            case .field(.container): key += container
            case .field(.package): key += package ?? []
            case .field(.id):
                guard let digest, !digest.hasForm(session[...]) else {
                    key += session
                    continue
                }
                key += digest.digits(of: session)
            }
        }
        return key
    }

    private func isPackage(at index: Int) -> Bool { index < pieces.count && pieces[index] == .field(.package) }

    private func end(of field: Field, at index: Int, from start: Int, in key: ArraySlice<UInt8>) -> Int? {
        if field == .id, let digest {
            let end = start + digest.digitCount
            return end <= key.count && digest.hasForm(key.dropFirst(start).prefix(digest.digitCount)) ? end : nil
        }
        guard index + 1 < pieces.count, case .text(let text) = pieces[index + 1] else {
            // An empty package is one too, or the key would not be had again from its parts.
            return start < key.count || field == .package ? key.count : nil
        }
        let last = key.count - text.count
        if index + 2 == pieces.count { return last > start && Self.has(text, in: key, at: last) ? last : nil }
        var end = start + 1
        while end <= last {
            if Self.has(text, in: key, at: end) { return end }
            end += 1
        }
        return isPackage(at: index + 2) && start < key.count ? key.count : nil
    }

    private static func has(_ text: [UInt8], in key: ArraySlice<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, text.count <= key.count, offset <= key.count - text.count else { return false }
        let start = key.startIndex + offset
        return text.indices.allSatisfy { key[start + $0] == text[$0] }
    }
}
