internal import OrderedCollections
internal import SessionCore

extension ModelWorld {
    /// What a reading gives.
    func read(_ reading: ModelReading, _ session: ModelSession) throws(ModelFailure) -> ModelOutcome {
        let container = containers[session.container]
        switch reading {
        case .value(let tokens): return .value(try value(at: tokens, session))
        case .contains(let tokens):
            let (part, rest) = split(tokens, session)
            guard let part, !container.isSplit || !rest.isEmpty else { return .unspecified }
            guard let copy = session.copies[part] else { return session.isFresh ? .flag(false) : .unspecified }
            return .flag(ModelTree.path(to: rest, in: copy.tree) != nil)
        case .key(let package, let key):
            return .value(try readable(package, session).map?[.string(key)])
        case .count(let package): return .count(try readable(package, session).childCount ?? 0)
        case .packages:
            guard container.isSplit else {
                return .names(Set(session.copies[""]?.tree.map?.keys.compactMap(\.keyText) ?? []))
            }
            return .names(Set(session.copies.filter { !container.isNothing($0.value.tree) }.keys))
        }
    }

    private func readable(_ package: String, _ session: ModelSession) throws(ModelFailure) -> SessionValue {
        guard let content = content(of: package, session) else {
            throw containers[session.container].isSplit ? .notLoaded : .place
        }
        return content
    }

    private func value(at tokens: [String], _ session: ModelSession) throws(ModelFailure) -> SessionValue {
        let (name, rest) = split(tokens, session)
        guard let part = name else { throw .refused }
        guard let copy = session.copies[part] ?? (session.isFresh ? ModelCopy(nil) : nil) else { throw .notLoaded }
        if let value = ModelTree.value(at: rest, in: copy.tree) { return value }
        // A package that nobody has written to is an empty map; a tree with anything but maps at its top has no packages.
        guard containers[session.container].holdsPackages, rest.count == 1,
            copy.tree.map?.values.allSatisfy({ $0.map != nil }) == true
        else { throw .place }
        return .emptyMap
    }
}
