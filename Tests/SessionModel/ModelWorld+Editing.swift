internal import OrderedCollections
internal import SessionCore

/// Reading and changing sessions through their handles.
extension ModelWorld {
    mutating func use(_ operation: ModelOperation, at now: Timestamp) throws(ModelFailure) -> ModelOutcome {
        guard let name = operation.sessionName, let number = session(name) else { return .skipped }
        try checkOpen()
        transaction.sessions[number].lastAccess = now
        // All is done on a copy, which counts if nothing fails.
        var session = transaction.sessions[number]
        var outcome = ModelOutcome.done
        switch operation {
        case .read(_, let reading): outcome = try read(reading, session)
        case .set(_, let tokens, let value): try set(value, at: tokens, in: &session)
        case .remove(_, let tokens): try remove(at: tokens, in: &session)
        case .setBack(_, let tokens):
            if let value = loadedValue(at: tokens, in: session) {
                try set(value, at: tokens, in: &session)
            } else {
                try remove(at: tokens, in: &session)
            }
        case .update(_, let changes): try update(changes, in: &session)
        case .clear: clear(&session)
        case .destroy: destroy(&session)
        case .revert:
            for part in session.copies.keys { session.copies[part]?.revert() }
        case .store: try store(&session, number, at: now)
        default: return .skipped
        }
        noteChange(&session)
        transaction.sessions[number] = session
        return outcome
    }

    /// The value that was loaded at a pointer.
    func loadedValue(at tokens: [String], in session: ModelSession) -> SessionValue? {
        let (part, rest) = split(tokens, session)
        guard let part, let copy = session.copies[part] else { return nil }
        return ModelTree.value(at: rest, in: copy.loaded)
    }

    /// The record that a pointer is about, and the pointer in it; nil where each package has a record and none is named.
    func split(_ tokens: [String], _ session: ModelSession) -> (part: String?, rest: [String]) {
        guard containers[session.container].isSplit else { return ("", tokens) }
        return (tokens.first, Array(tokens.dropFirst()))
    }

    func noteChange(_ session: inout ModelSession) {
        if session.copies.values.contains(where: \.differs) { session.wasChanged = true }
    }

    private func set(_ value: SessionValue, at tokens: [String], in session: inout ModelSession) throws(ModelFailure) {
        let container = containers[session.container]
        let (name, rest) = split(tokens, session)
        guard let part = name else { throw .refused }
        if session.isFresh, container.isSplit, session.copies[part] == nil { session.copies[part] = ModelCopy(nil) }
        guard var copy = session.copies[part] else { throw .notLoaded }
        var place = ModelTree.settablePath(to: rest, in: copy.tree)
        var value = value
        if place == nil, container.holdsPackages, rest.count == 2, copy.tree.map?[.string(rest[0])] == nil {
            // A missing package comes with its first key.
            place = [.key(.string(rest[0]))]
            value = [.string(rest[1]): value]
        }
        guard let place else { throw .place }
        if place.isEmpty, value.map == nil { throw .refused }
        change(&copy, at: place, to: value, container)
        session.copies[part] = copy
    }

    private func remove(at tokens: [String], in session: inout ModelSession) throws(ModelFailure) {
        let (name, rest) = split(tokens, session)
        guard let part = name else { throw .refused }
        guard var copy = session.copies[part] else { throw session.isFresh ? .place : .notLoaded }
        guard let place = ModelTree.path(to: rest, in: copy.tree) else { throw .place }
        change(&copy, at: place, to: place.isEmpty ? .emptyMap : nil, containers[session.container])
        session.copies[part] = copy
    }

    /// Changes one place of a copy.
    ///
    /// In our sessions a package that has come to hold nothing is gone, unless the store has it so. A tree with anything but
    /// maps at its top has no packages.
    func change(
        _ copy: inout ModelCopy, at place: ValuePath, to value: SessionValue?, _ container: ModelContainer
    ) {
        var tree = ModelTree.changing(copy.tree, at: place, to: value)
        var place = place
        if container.kind == .packages, let package = place.first, tree.child(package) == .emptyMap,
            copy.loaded.child(package) != .emptyMap, tree.map?.values.allSatisfy({ $0.map != nil }) == true
        {
            place = [package]
            tree = ModelTree.changing(tree, at: place, to: nil)
        }
        copy.take(tree, touching: place)
    }

    private func clear(_ session: inout ModelSession) {
        for part in session.copies.keys { session.copies[part]?.take(.emptyMap, touching: []) }
    }

    /// The changes of one update, all of them or none.
    private func update(_ changes: [ModelChange], in session: inout ModelSession) throws(ModelFailure) {
        let isFlat = containers[session.container].kind == .flat
        var failure: ModelFailure?
        for change in changes {
            var changed = session
            do throws(ModelFailure) {
                switch change {
                case .set(let package, let key, let value):
                    try set(value, at: isFlat ? [key] : [package, key], in: &changed)
                case .remove(let package, let key):
                    // Thrown at once, and not when the update returns.
                    guard holds(key, of: package, changed) else { throw .place }
                    try remove(at: isFlat ? [key] : [package, key], in: &changed)
                case .removePackage(let package):
                    if isFlat { break }
                    try removePackage(package, in: &changed)
                case .empty(let package):
                    if isFlat { clear(&changed) } else { try empty(package, in: &changed) }
                case .clear: clear(&changed)
                }
                if failure == nil { session = changed }
                noteChange(&session)
            } catch {
                if case .remove = change { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func holds(_ key: String, of package: String, _ session: ModelSession) -> Bool {
        guard let content = content(of: package, session) else { return false }
        return content.map?[.string(key)] != nil
    }

    /// A package as it is seen; nil if it is not loaded, or holds no keys at all because it is no map.
    func content(of package: String, _ session: ModelSession) -> SessionValue? {
        let container = containers[session.container]
        if container.kind == .flat { return session.copies[""]?.tree }
        if container.isSplit { return session.copies[package]?.tree ?? (session.isFresh ? .emptyMap : nil) }
        let tree = session.copies[""]?.tree
        guard let content = tree?.map?[.string(package)] else { return .emptyMap }
        return content.map == nil ? nil : content
    }

    private func removePackage(_ package: String, in session: inout ModelSession) throws(ModelFailure) {
        let container = containers[session.container]
        guard container.isSplit else {
            if session.copies[""]?.tree.map?[.string(package)] != nil { try remove(at: [package], in: &session) }
            return
        }
        guard session.copies[package] != nil else {
            if session.isFresh { return }
            throw .notLoaded
        }
        session.copies[package]?.take(.emptyMap, touching: [])
    }

    private func empty(_ package: String, in session: inout ModelSession) throws(ModelFailure) {
        if containers[session.container].isSplit {
            session.copies[package]?.take(.emptyMap, touching: [])
        } else if session.copies[""]?.tree.map?[.string(package)] != nil {
            try set(.emptyMap, at: [package], in: &session)
        }
    }
}

extension ModelOperation {
    /// The session whose handle is used.
    var sessionName: ModelSessionName? {
        switch self {
        case .update(let name, _), .set(let name, _, _), .remove(let name, _), .setBack(let name, _), .clear(let name),
            .destroy(let name), .revert(let name), .store(let name), .move(let name, _), .regenerate(let name),
            .read(let name, _):
            name
        default: nil
        }
    }
}
