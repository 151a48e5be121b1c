internal import OrderedCollections
internal import SessionCore

/// A store, what other writers do to it, and one transaction over it: all of it plain copies.
struct ModelWorld: Hashable, Sendable {
    let containers: [ModelContainer]
    var store = ModelStore()
    var traffic = ModelTraffic()
    var transaction = ModelTransaction()
    /// The ids that sessions got when they first held something, by container.
    var published: [[String]]
    private var idsMade = 0

    init(containers: [ModelContainer]) {
        self.containers = containers
        self.published = containers.map { _ in [] }
    }

    /// What the world answers, once the operation is done in it.
    ///
    /// `observed` is what the core answered; only where the documents leave a choice it says which one is taken.
    mutating func perform(_ operation: ModelOperation, at now: Timestamp, observed: ModelOutcome) -> ModelOutcome {
        do throws(ModelFailure) {
            let outcome = try outcome(of: operation, at: now, observed: observed)
            publish()
            return outcome
        } catch {
            publish()
            return .failed(error)
        }
    }

    private mutating func outcome(
        of operation: ModelOperation, at now: Timestamp, observed: ModelOutcome
    ) throws(ModelFailure) -> ModelOutcome {
        switch operation {
        case .begin:
            transaction = ModelTransaction()
            return .done
        case .open(let container, let id, let packages):
            guard let id = self.id(id, in: container) else { return .skipped }
            return .sessions(try open([id], in: container, packages, at: now))
        case .openAll(let container, let packages):
            return .sessions(try open(ModelAlphabet.ids, in: container, packages, at: now))
        case .openIfThere(let container, let id, let packages):
            guard let id = self.id(id, in: container) else { return .skipped }
            return try find(id, in: container, packages, at: now).map { .sessions([$0]) } ?? .nothing
        case .load(let container, let id, let packages):
            guard let id = self.id(id, in: container) else { return .skipped }
            if let session = try find(id, in: container, packages, at: now) { return .sessions([session]) }
            return .sessions([try create(in: container, at: now)])
        case .create(let container): return .sessions([try create(in: container, at: now)])
        case .invalidate(let container, let id, let packages):
            guard let id = self.id(id, in: container) else { return .skipped }
            guard let session = try find(id, in: container, packages, at: now) else { return .flag(false) }
            let wasStored = transaction.sessions[session].isStored
            destroy(session)
            return .flag(wasStored)
        case .move(let name, let id): return try move(name, to: id, at: now)
        case .regenerate(let name): return try regenerate(name, at: now)
        case .savepoint:
            try checkOpen()
            transaction.savepoints.append(ModelSavepoint(sessions: transaction.sessions))
            return .done
        case .rollback(let number): return try rollback(to: number)
        case .commit(let rule): return try commit(rule, at: now, observed: observed)
        case .abort:
            try checkOpen()
            end(.aborted)
            return .done
        case .advance: return .done
        case .otherSet, .otherRemove, .otherDestroy:
            guard let write = otherWrite(operation, at: now) else { return .skipped }
            if let tree = write.tree { store.put(tree, write.key, end: write.end) } else { store.delete(write.key) }
            return .done
        case .update, .set, .remove, .setBack, .clear, .destroy, .revert, .store, .read:
            return try use(operation, at: now)
        }
    }

    func checkOpen() throws(ModelFailure) {
        if transaction.end != nil { throw .ended }
    }

    /// The id that an operation means; nil if no session got one that late.
    func id(_ number: Int, in container: Int) -> String? {
        let ids = ModelAlphabet.ids + published[container]
        return ids.indices.contains(number) ? ids[number] : nil
    }

    /// The session that an operation means, if the transaction holds it.
    func session(_ name: ModelSessionName) -> Int? {
        switch name {
        case .made(let number):
            return transaction.made.indices.contains(number) ? transaction.made[number] : nil
        case .id(let container, let number):
            guard let id = id(number, in: container) else { return nil }
            return held(id, in: container)
        }
    }

    func held(_ id: String, in container: Int) -> Int? {
        transaction.sessions.firstIndex { $0.container == container && $0.id == id }
    }

    mutating func makeID() -> String {
        idsMade += 1
        return "made\(idsMade)"
    }

    /// Takes over the order in which the core wrote the keys of a record's maps.
    mutating func adopt(_ tree: SessionValue, _ key: String) {
        store.adopt(tree, key)
        let version = store.records[key]?.version
        for (number, session) in transaction.sessions.enumerated() {
            for (part, copy) in session.copies where copy.base != nil && copy.base?.version == version {
                transaction.sessions[number].copies[part]?.base?.tree = tree
                if !copy.differs { transaction.sessions[number].copies[part]?.content = tree }
            }
        }
    }

    private mutating func publish() {
        guard transaction.end == nil else { return }
        for number in transaction.made {
            let session = transaction.sessions[number]
            guard let id = session.visibleID(in: containers[session.container]),
                !published[session.container].contains(id)
            else { continue }
            published[session.container].append(id)
        }
    }
}

/// Looking up.
extension ModelWorld {
    /// Takes what the store holds of some sessions; those held here are taken anew if they timed out.
    private mutating func look(
        up ids: [String], in container: Int, _ packages: [String], at now: Timestamp
    ) throws(ModelFailure) -> [String: [String: ModelCopy]] {
        try checkOpen()
        let asked = containers[container].isSplit ? packages : [""]
        var found: [String: [String: ModelCopy]] = [:]
        var isAsked = false
        for id in ids {
            let number = held(id, in: container)
            if let number, containers[container].isTimedOut(transaction.sessions[number].lastAccess, at: now) {
                for part in transaction.sessions[number].copies.keys { settle(number, part) }
                for part in transaction.sessions[number].copies.keys {
                    transaction.sessions[number].copies[part] = load(id, part, in: container, at: now)
                    isAsked = true
                }
                transaction.sessions[number].lastAccess = now
            }
            for part in asked where number.map({ transaction.sessions[$0].copies[part] == nil }) ?? true {
                found[id, default: [:]][part] = load(id, part, in: container, at: now)
                isAsked = true
            }
        }
        if isAsked { traffic.loads += 1 }
        return found
    }

    private func load(_ id: String, _ part: String, in container: Int, at now: Timestamp) -> ModelCopy {
        ModelCopy(store.record(containers[container].key(id, part), at: now))
    }

    mutating func open(
        _ ids: [String], in container: Int, _ packages: [String], at now: Timestamp
    ) throws(ModelFailure) -> [Int] {
        let found = try look(up: ids, in: container, packages, at: now)
        return ids.map { hold($0, in: container, found[$0] ?? [:], at: now) }
    }

    private mutating func hold(
        _ id: String, in container: Int, _ found: [String: ModelCopy], at now: Timestamp
    ) -> Int {
        let number = held(id, in: container) ?? transaction.sessions.count
        if number == transaction.sessions.count {
            transaction.sessions.append(
                ModelSession(container: container, id: id, isNamed: true, isFresh: false, lastAccess: now))
        }
        transaction.sessions[number].isNamed = true
        transaction.sessions[number].lastAccess = now
        transaction.sessions[number].copies.merge(found) { held, _ in held }
        return number
    }

    /// A session that is stored, or holds something here.
    private mutating func find(
        _ id: String, in container: Int, _ packages: [String], at now: Timestamp
    ) throws(ModelFailure) -> Int? {
        let found = try look(up: [id], in: container, packages, at: now)[id] ?? [:]
        let isFound = found.values.contains { $0.base != nil }
        let isHeld = held(id, in: container).map { number in
            let session = transaction.sessions[number]
            return session.isStored || session.holdsContent(in: containers[container])
        }
        return isFound || isHeld == true ? hold(id, in: container, found, at: now) : nil
    }

    mutating func create(in container: Int, at now: Timestamp) throws(ModelFailure) -> Int {
        try checkOpen()
        var session = ModelSession(
            container: container, id: makeID(), isNamed: false, isFresh: true, lastAccess: now)
        if !containers[container].isSplit { session.copies[""] = ModelCopy(nil) }
        transaction.made.append(transaction.sessions.count)
        transaction.sessions.append(session)
        return transaction.sessions.count - 1
    }

    /// No savepoint takes a part back any more: it was stored, or taken anew.
    mutating func settle(_ session: Int, _ part: String) {
        for number in transaction.savepoints.indices
        where transaction.savepoints[number].sessions.indices.contains(session) {
            transaction.savepoints[number].sessions[session].copies[part] = nil
        }
    }

    private mutating func rollback(to number: Int) throws(ModelFailure) -> ModelOutcome {
        guard transaction.savepoints.indices.contains(number) else { return .skipped }
        try checkOpen()
        let savepoint = transaction.savepoints[number]
        guard savepoint.isValid else { throw .savepointInvalid }
        for session in transaction.sessions.indices {
            for part in transaction.sessions[session].copies.keys {
                if let staged = savepoint.staged(session, part) {
                    transaction.sessions[session].copies[part] = staged
                } else {
                    transaction.sessions[session].copies[part]?.revert()
                }
            }
        }
        for later in transaction.savepoints.indices where later > number {
            transaction.savepoints[later].isValid = false
        }
        return .done
    }
}
