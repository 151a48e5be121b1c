internal import OrderedCollections
internal import SessionCore
internal import Synchronization

/// The core with everything around it that operations are about.
struct CoreWorld {
    let containers: [SessionContainer]
    /// What the core writes to, counted.
    let store: CountedStore
    /// The same store for other writers and for comparing.
    let raw: any SessionStore
    let clock: SequenceClock
    private let ids = CountedIDs()
    private(set) var transaction: Transaction
    /// The sessions of the transaction, in the model's order.
    private(set) var handles: [Session] = []
    private(set) var savepoints: [TransactionSavepoint] = []

    init(_ containers: [ModelContainer], over raw: any SessionStore, clock: SequenceClock) throws(StoreError) {
        self.raw = raw
        self.clock = clock
        self.store = CountedStore(raw)
        self.transaction = Transaction(clock: clock, ids: ids)
        var opened: [SessionContainer] = []
        for container in containers {
            opened.append(
                try SessionContainer(
                    container.name, in: store, profile: ModelProfile(kind: container.kind), timeout: container.timeout,
                    resolution: container.resolution, granularity: container.isSplit ? .package : .session))
        }
        self.containers = opened
    }

    /// Does an operation; `model` says what its names mean, and has not done it yet.
    mutating func perform(_ operation: ModelOperation, _ model: ModelWorld) async -> (ModelOutcome, [Session]) {
        do {
            switch operation {
            case .begin:
                transaction = Transaction(clock: clock, ids: ids)
                handles = []
                savepoints = []
            case .open(let container, let id, let packages):
                guard let id = model.id(id, in: container) else { return (.skipped, []) }
                let session = try await transaction.open(id, in: containers[container], packages: packages)
                return (.done, [session])
            case .openAll(let container, let packages):
                let sessions = try await transaction.open(
                    ModelAlphabet.ids, in: containers[container], packages: packages)
                return (.done, sessions)
            case .openIfThere(let container, let id, let packages):
                guard let id = model.id(id, in: container) else { return (.skipped, []) }
                let session = try await transaction.open(
                    id, in: containers[container], packages: packages, create: false)
                return session.map { (.done, [$0]) } ?? (.nothing, [])
            case .load(let container, let id, let packages):
                guard let id = model.id(id, in: container) else { return (.skipped, []) }
                return (.done, [try await transaction.load(id, in: containers[container], packages: packages)])
            case .create(let container): return (.done, [try transaction.create(in: containers[container])])
            case .invalidate(let container, let id, let packages):
                guard let id = model.id(id, in: container) else { return (.skipped, []) }
                let wasStored = try await transaction.invalidate(id, in: containers[container], packages: packages)
                // The session is held from now on, though nobody was given its handle.
                _ = places(of: transaction.sessions(in: containers[container]))
                return (.flag(wasStored), [])
            case .move(let name, let id):
                guard let number = model.session(name),
                    let id = model.id(id, in: model.transaction.sessions[number].container)
                else { return (.skipped, []) }
                return (.done, [try await handles[number].move(to: id)])
            case .regenerate(let name):
                guard let number = model.session(name) else { return (.skipped, []) }
                return (.done, [try handles[number].regenerateID()])
            case .savepoint: savepoints.append(try transaction.savepoint())
            case .rollback(let number):
                guard savepoints.indices.contains(number) else { return (.skipped, []) }
                try savepoints[number].rollback()
            case .commit(let rule): try await transaction.commit(conflicts: rule)
            case .abort: try await transaction.abort()
            case .advance: break
            case .otherSet, .otherRemove, .otherDestroy:
                guard let write = model.otherWrite(operation, at: clock.now()) else { return (.skipped, []) }
                try await otherWriter(write)
            case .update, .set, .remove, .setBack, .clear, .destroy, .revert, .store, .read:
                guard let name = operation.sessionName, let number = model.session(name) else { return (.skipped, []) }
                return (try await use(handles[number], operation, model, number), [])
            }
            return (.done, [])
        } catch {
            return (.failed(ModelFailure(error)), [])
        }
    }

    /// The places of sessions among the handles; a session seen for the first time gets the next one.
    mutating func places(of sessions: [Session]) -> [Int] {
        sessions.map { session in
            if let place = handles.firstIndex(of: session) { return place }
            handles.append(session)
            return handles.count - 1
        }
    }

    private func use(
        _ session: Session, _ operation: ModelOperation, _ model: ModelWorld, _ number: Int
    ) async throws -> ModelOutcome {
        switch operation {
        case .read(_, let reading):
            return try read(session, reading, isFlat: model.isFlat(number))
        case .set(_, let tokens, let value): try session.set(value, at: JSONPointer(tokens: tokens).text)
        case .remove(_, let tokens): try session.remove(at: JSONPointer(tokens: tokens).text)
        case .setBack(_, let tokens):
            let pointer = JSONPointer(tokens: tokens).text
            if let value = model.loadedValue(at: tokens, in: model.transaction.sessions[number]) {
                try session.set(value, at: pointer)
            } else {
                try session.remove(at: pointer)
            }
        case .update(_, let changes):
            let isFlat = model.isFlat(number)
            try session.update { draft in
                for change in changes { try change.make(in: &draft, isFlat: isFlat) }
            }
        case .clear: try session.clear()
        case .destroy: try session.destroy()
        case .revert: try session.revert()
        case .store: try await session.store()
        default: return .skipped
        }
        return .done
    }

    private func read(_ session: Session, _ reading: ModelReading, isFlat: Bool) throws -> ModelOutcome {
        switch reading {
        case .value(let tokens): return .value(try session.value(at: JSONPointer(tokens: tokens).text))
        case .contains(let tokens): return .flag(try session.contains(JSONPointer(tokens: tokens).text))
        case .key(let package, let key):
            return .value(try (isFlat ? session.unnamed : session[package]).value(of: .string(key)))
        case .count(let package): return .count(try (isFlat ? session.unnamed : session[package]).count)
        case .packages: return .names(Set(try session.packages))
        }
    }

    private func otherWriter(_ write: ModelWorld.OtherWrite) async throws(StoreError) {
        let key = RecordKey(write.key)
        let present = try await raw.load([key])[key]
        let change: RecordWrite.Change =
            if let tree = write.tree {
                .put(payload: Array(Notation.text(of: tree).utf8), flags: 7, expiry: .renew(write.life))
            } else {
                .delete
            }
        let expectation = present.map { RecordWrite.Expectation.unchanged($0) } ?? .absent
        let report = try await raw.commit([RecordWrite(key: key, expectation: expectation, change: change)])
        guard report.isComplete else {
            throw StoreError(.serverFailure, store: raw.name, detail: "the other writer could not write: \(report)")
        }
    }
}

extension ModelChange {
    fileprivate func make(in draft: inout SessionDraft, isFlat: Bool) throws(SessionError) {
        switch self {
        case .set(let package, let key, let value):
            if isFlat { draft.unnamed[.string(key)] = value } else { draft[package][.string(key)] = value }
        case .remove(let package, let key):
            if isFlat { try draft.unnamed.remove(.string(key)) } else { try draft[package].remove(.string(key)) }
        case .removePackage(let package): draft.remove(package: package)
        case .empty(let package): if isFlat { draft.unnamed.removeAll() } else { draft[package].removeAll() }
        case .clear: draft.clear()
        }
    }
}

extension ModelWorld {
    /// Whether a session has one package without a name.
    func isFlat(_ session: Int) -> Bool { containers[transaction.sessions[session].container].kind == .flat }
}

/// Ids that the model knows beforehand.
private final class CountedIDs: SessionIDSource {
    private let count = Mutex(0)

    func makeID() -> String {
        count.withLock { count in
            count += 1
            return "made\(count)"
        }
    }
}
