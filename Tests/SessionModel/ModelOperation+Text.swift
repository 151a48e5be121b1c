internal import SessionCore

extension ModelSessionName: CustomStringConvertible {
    /// The container's number and the id, or the number of the session made.
    public var description: String {
        switch self {
        case .id(let container, let id): ModelOperation.id(container, id)
        case .made(let number): "made \(number)"
        }
    }
}

extension ModelChange: CustomStringConvertible {
    /// The change as a few words.
    public var description: String {
        switch self {
        case .set(let package, let key, let value): "[\(package)][\(key)] = \(Notation.text(of: value))"
        case .remove(let package, let key): "remove [\(package)][\(key)]"
        case .removePackage(let package): "remove [\(package)]"
        case .empty(let package): "empty [\(package)]"
        case .clear: "clear"
        }
    }
}

extension ModelReading: CustomStringConvertible {
    /// The reading as a few words.
    public var description: String {
        switch self {
        case .value(let tokens): "value \(JSONPointer(tokens: tokens))"
        case .contains(let tokens): "contains \(JSONPointer(tokens: tokens))"
        case .key(let package, let key): "[\(package)][\(key)]"
        case .count(let package): "count of [\(package)]"
        case .packages: "packages"
        }
    }
}

extension ModelOperation: CustomStringConvertible {
    /// The operation as a line.
    public var description: String {
        switch self {
        case .begin: "begin"
        case .open(let container, let id, let packages): "open \(Self.id(container, id)) \(packages)"
        case .openAll(let container, let packages): "open all of \(container) \(packages)"
        case .openIfThere(let container, let id, let packages): "open if there \(Self.id(container, id)) \(packages)"
        case .load(let container, let id, let packages): "load \(Self.id(container, id)) \(packages)"
        case .create(let container): "create in \(container)"
        case .invalidate(let container, let id, let packages): "invalidate \(Self.id(container, id)) \(packages)"
        case .update(let name, let changes): "update \(name): \(changes.map(\.description).joined(separator: "; "))"
        case .set(let name, let tokens, let value):
            "set \(name) \(JSONPointer(tokens: tokens)) \(Notation.text(of: value))"
        case .remove(let name, let tokens): "remove \(name) \(JSONPointer(tokens: tokens))"
        case .setBack(let name, let tokens): "set back \(name) \(JSONPointer(tokens: tokens))"
        case .clear(let name): "clear \(name)"
        case .destroy(let name): "destroy \(name)"
        case .revert(let name): "revert \(name)"
        case .store(let name): "store \(name)"
        case .move(let name, let id): "move \(name) to \(id)"
        case .regenerate(let name): "regenerate id of \(name)"
        case .read(let name, let reading): "read \(name) \(reading)"
        case .savepoint: "savepoint"
        case .rollback(let number): "roll back to savepoint \(number)"
        case .commit(let rule): "commit, \(rule)"
        case .abort: "abort"
        case .advance(let milliseconds): "advance by \(milliseconds) ms"
        case .otherSet(let container, let id, let part, let tokens, let value, let life):
            "other writer: set \(Self.id(container, id)) \(part) \(JSONPointer(tokens: tokens)) "
                + "\(Notation.text(of: value)), life \(life)"
        case .otherRemove(let container, let id, let part, let tokens):
            "other writer: remove \(Self.id(container, id)) \(part) \(JSONPointer(tokens: tokens))"
        case .otherDestroy(let container, let id, let part):
            "other writer: destroy \(Self.id(container, id)) \(part)"
        }
    }

    fileprivate static func id(_ container: Int, _ number: Int) -> String {
        let ids = ModelAlphabet.ids
        return "\(container)/\(number < ids.count ? ids[number] : "published \(number - ids.count)")"
    }
}
