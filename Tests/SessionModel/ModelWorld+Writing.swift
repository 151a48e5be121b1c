internal import OrderedCollections
internal import SessionCore

/// What a commit and other writers do to the store.
extension ModelWorld {
    /// The parts that a commit would write, of all sessions or of one.
    private func dirtyParts(of only: Int? = nil) -> [(session: Int, part: String)] {
        var parts: [(Int, String)] = []
        for (number, session) in transaction.sessions.enumerated() where only == nil || only == number {
            for (part, copy) in session.copies where copy.isDirty(in: containers[session.container]) {
                parts.append((number, part))
            }
        }
        return parts
    }

    private func key(_ session: Int, _ part: String) -> String {
        containers[transaction.sessions[session].container].key(transaction.sessions[session].id, part)
    }

    private func conflicts(_ parts: [(session: Int, part: String)], at now: Timestamp) -> Set<String> {
        Set(
            parts.compactMap { session, part in
                let key = key(session, part)
                let base = transaction.sessions[session].copies[part]?.base
                return store.record(key, at: now)?.version == base?.version ? nil : key
            })
    }

    /// Writes parts, which are in the store as they were loaded.
    private mutating func write(_ parts: [(session: Int, part: String)], at now: Timestamp) {
        for (number, part) in parts {
            let container = containers[transaction.sessions[number].container]
            guard let copy = transaction.sessions[number].copies[part] else { continue }
            let key = key(number, part)
            if copy.content == nil || (container.isOurs && container.isNothing(copy.tree)) {
                traffic.deletions += 1
                store.delete(key)
            } else {
                traffic.puts += 1
                let present = store.record(key, at: now)
                let end = container.isOurs || present == nil ? container.end(from: now) : present?.end
                store.put(copy.tree, key, end: end)
            }
        }
    }

    /// What `Session.store` does.
    mutating func store(_ session: inout ModelSession, _ number: Int, at now: Timestamp) throws(ModelFailure) {
        let parts = dirtyParts(of: number)
        guard !parts.isEmpty else { return }
        traffic.commits += 1
        let conflicts = conflicts(parts, at: now)
        guard conflicts.isEmpty else { throw .conflict(conflicts) }
        write(parts, at: now)
        for (_, part) in parts {
            settle(number, part)
            session.copies[part] = ModelCopy(store.record(key(number, part), at: now))
        }
    }

    mutating func commit(
        _ rule: ConflictRule, at now: Timestamp, observed: ModelOutcome
    ) throws(ModelFailure) -> ModelOutcome {
        try checkOpen()
        var parts = dirtyParts()
        if !parts.isEmpty {
            traffic.commits += 1
            let conflicts = conflicts(parts, at: now)
            if !conflicts.isEmpty {
                guard rule == .merge else { throw .conflict(conflicts) }
                try merge(parts.filter { conflicts.contains(key($0.session, $0.part)) }, at: now, observed)
                parts = dirtyParts()
                if !parts.isEmpty { traffic.commits += 1 }
            }
            write(parts, at: now)
        }
        refreshLives(at: now, written: Set(parts.map { key($0.session, $0.part) }))
        end(.committed)
        return .done
    }

    /// Gives a new life to what was used and not written anew, where the last refresh is older than the resolution.
    private mutating func refreshLives(at now: Timestamp, written: Set<String>) {
        var touched: Set<String> = []
        for (number, session) in transaction.sessions.enumerated() {
            let container = containers[session.container]
            if container.isTimedOut(session.lastAccess, at: now) { continue }
            for (part, copy) in session.copies {
                let key = key(number, part)
                let isRenewed = written.contains(key) && (container.isOurs || copy.content == nil)
                guard let base = copy.base, !isRenewed, container.needsRefresh(base.end, at: now) else { continue }
                touched.insert(key)
                store.touch(key, end: container.end(from: now), at: now)
            }
        }
        if !touched.isEmpty { traffic.touches += 1 }
    }

    /// Ends the transaction; its handles go on to tell their ids and whether anything was changed.
    mutating func end(_ end: ModelTransaction.End) {
        transaction.ids = transaction.sessions.enumerated().map { number, session in
            if session.isNamed { return session.id }
            let isStored = session.copies.contains { part, copy in
                let isWritten = end == .committed && copy.isDirty(in: containers[session.container])
                guard isWritten else { return copy.base != nil }
                return store.records[key(number, part)] != nil
            }
            return isStored ? session.id : nil
        }
        transaction.end = end
        for number in transaction.savepoints.indices { transaction.savepoints[number].isValid = false }
    }
}

/// Merging, and other writers.
extension ModelWorld {
    /// Takes in what others changed where nothing overlaps; throws the records where something does.
    ///
    /// A map that both sides added is merged key by key.
    /// Two places that differ on both sides and overlap must be refused. A value that was set as a whole may count as one place
    /// or by what differs in it: there the core has the choice.
    private mutating func merge(
        _ parts: [(session: Int, part: String)], at now: Timestamp, _ observed: ModelOutcome
    ) throws(ModelFailure) {
        traffic.loads += 1
        var refusedByCore: Set<String> = []
        if case .failed(.overlap(let keys)) = observed { refusedByCore = keys }
        var refused: Set<String> = []
        for (number, part) in parts {
            let key = key(number, part)
            guard var copy = transaction.sessions[number].copies[part] else { continue }
            guard let theirs = store.record(key, at: now), !copy.isAnew || theirs.tree == copy.loaded else {
                refused.insert(key)
                continue
            }
            // Another writer wrote the same again: nobody's change would be lost, also by a deletion or a new beginning.
            if theirs.tree == copy.loaded {
                copy.base = theirs
                transaction.sessions[number].copies[part] = copy
                continue
            }
            let loaded = ModelTree.sharing(copy.loaded, copy.tree, theirs.tree)
            // What both sides added alike is nobody's change.
            let mine = ModelTree.differences(loaded, copy.tree).filter { place in
                loaded.value(at: place) != nil || copy.tree.value(at: place) != theirs.tree.value(at: place)
            }
            func isChanged(elsewhere places: some Sequence<ValuePath>, since tree: SessionValue) -> Bool {
                let others = ModelTree.differences(tree, theirs.tree)
                return places.contains { place in others.contains { ModelTree.overlap($0, place) } }
            }
            if isChanged(elsewhere: mine, since: loaded)
                || (refusedByCore.contains(key) && isChanged(elsewhere: copy.touched, since: copy.loaded))
            {
                refused.insert(key)
                continue
            }
            var tree = theirs.tree
            for place in mine { tree = ModelTree.changing(tree, at: place, to: copy.tree.value(at: place)) }
            copy.base = theirs
            copy.content = tree
            transaction.sessions[number].copies[part] = copy
        }
        if !refused.isEmpty { throw .overlap(refused) }
    }

    /// What another writer puts into the store, or deletes there for no tree.
    struct OtherWrite: Hashable, Sendable {
        var key: String
        var tree: SessionValue?
        var life: Lifetime
        var end: Timestamp?
    }

    /// What an operation of another writer does; nil for nothing.
    func otherWrite(_ operation: ModelOperation, at now: Timestamp) -> OtherWrite? {
        switch operation {
        case .otherSet(let container, let number, let part, let tokens, let value, let life):
            guard let key = otherKey(container, number, part) else { return nil }
            var tree = store.record(key, at: now)?.tree ?? .emptyMap
            // Another writer makes what is missing on the way.
            if tokens.count == 2, tree.map?[.string(tokens[0])]?.map == nil {
                tree = ModelTree.changing(tree, at: [.key(.string(tokens[0]))], to: .emptyMap)
            }
            guard let path = ModelTree.settablePath(to: tokens, in: tree) else { return nil }
            return write(key, ModelTree.changing(tree, at: path, to: value), life, containers[container], at: now)
        case .otherRemove(let container, let number, let part, let tokens):
            guard let key = otherKey(container, number, part), let tree = store.record(key, at: now)?.tree,
                let path = ModelTree.path(to: tokens, in: tree), !path.isEmpty
            else { return nil }
            return write(key, ModelTree.changing(tree, at: path, to: nil), .usual, containers[container], at: now)
        case .otherDestroy(let container, let number, let part):
            guard let key = otherKey(container, number, part), store.record(key, at: now) != nil else { return nil }
            return OtherWrite(key: key, tree: nil, life: .never, end: nil)
        default: return nil
        }
    }

    private func otherKey(_ container: Int, _ number: Int, _ part: String) -> String? {
        id(number, in: container).map { containers[container].key($0, part) }
    }

    private func write(
        _ key: String, _ tree: SessionValue, _ life: OtherLife, _ container: ModelContainer, at now: Timestamp
    ) -> OtherWrite {
        let seconds: Int64? =
            switch life {
            case .usual: container.life
            case .short: container.shortLife
            case .endless: nil
            }
        return OtherWrite(
            key: key, tree: tree, life: seconds.map { .seconds($0) } ?? .never,
            end: seconds.map { now.adding(milliseconds: $0 * 1000) })
    }
}
