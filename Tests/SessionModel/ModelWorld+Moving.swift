internal import OrderedCollections
internal import SessionCore

/// The end of a session, and what goes to another id with it.
extension ModelWorld {
    func destroy(_ session: inout ModelSession) {
        for part in session.copies.keys { session.copies[part]?.destroy() }
        noteChange(&session)
    }

    mutating func destroy(_ number: Int) { destroy(&transaction.sessions[number]) }

    mutating func move(
        _ name: ModelSessionName, to id: Int, at now: Timestamp
    ) throws(ModelFailure) -> ModelOutcome {
        guard let number = session(name), let id = self.id(id, in: transaction.sessions[number].container) else {
            return .skipped
        }
        try checkOpen()
        transaction.sessions[number].lastAccess = now
        let source = transaction.sessions[number]
        let target = try open([id], in: source.container, source.copies.keys.filter { !$0.isEmpty }, at: now)[0]
        take(number, to: target)
        return .sessions([target])
    }

    mutating func regenerate(_ name: ModelSessionName, at now: Timestamp) throws(ModelFailure) -> ModelOutcome {
        guard let number = session(name) else { return .skipped }
        try checkOpen()
        transaction.sessions[number].lastAccess = now
        let target = try create(in: transaction.sessions[number].container, at: now)
        for part in transaction.sessions[number].copies.keys {
            transaction.sessions[target].copies[part] = ModelCopy(nil)
        }
        take(number, to: target)
        return .sessions([target])
    }

    /// Packages, or the keys of a flat session, come over whole; packages that hold nothing are not there.
    private mutating func take(_ number: Int, to goal: Int) {
        guard number != goal else { return }
        var target = transaction.sessions[goal]
        let container = containers[target.container]
        for (part, source) in transaction.sessions[number].copies {
            guard var copy = target.copies[part], let map = source.tree.map, !container.isNothing(source.tree) else {
                continue
            }
            if container.isSplit {
                copy.take(source.tree, touching: [])
            } else {
                let hasPackages = container.kind == .packages && map.values.allSatisfy { $0.map != nil }
                for (key, value) in map where !hasPackages || value != .emptyMap {
                    let place: ValuePath = [.key(key)]
                    copy.take(ModelTree.changing(copy.tree, at: place, to: value), touching: place)
                }
            }
            target.copies[part] = copy
        }
        noteChange(&target)
        transaction.sessions[goal] = target
        destroy(number)
    }
}
