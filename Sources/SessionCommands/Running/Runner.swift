internal import OrderedCollections
public import SessionCore

/// A store as the program opened it for an address.
public struct OpenedStore: Sendable {
    /// The store.
    public var store: any SessionStore
    /// Whether `writer` may be used on it.
    public var allowsWriter: Bool
    /// Whether it was opened read-only.
    public var isReadOnly: Bool
    /// What the config file says of it; nil for a store that it does not name.
    public var mark: StoreMark?

    /// An opened store.
    public init(store: any SessionStore, allowsWriter: Bool, isReadOnly: Bool, mark: StoreMark? = nil) {
        self.store = store
        self.allowsWriter = allowsWriter
        self.isReadOnly = isReadOnly
        self.mark = mark
    }
}

/// Opens the store of an address, without asking it anything yet.
public typealias StoreOpener = @Sendable (_ address: String) async throws(CommandFailure) -> OpenedStore

/// Lets so many milliseconds pass; ends early when its task is cancelled.
public typealias Pause = @Sendable (_ milliseconds: Int64) async -> Void

/// Makes a file that is not there yet, for the user's eyes only.
public typealias FileMaker = @Sendable (_ path: String, _ content: [UInt8]) throws(CommandFailure) -> Void

/// Does the effects of a workspace on real stores.
public actor Runner {
    private let catalog: ProfileCatalog
    private let opener: StoreOpener
    private let clock: any WallClock
    private let pause: Pause
    private let ids: any SessionIDSource
    private let journal: (any TransactionJournal)?
    private let files: FileMaker?
    private var stores: [String: any SessionStore] = [:]
    private var attached: OrderedDictionary<String, AttachedStore> = [:]
    /// Commits that hold locks, which must be given back before the stores are closed.
    private var lockedCommits: [RequestID: Task<Void, Never>] = [:]

    /// The present moment.
    var now: Timestamp { clock.now() }

    /// A runner that knows no store yet.
    ///
    /// `clock` lets time pass for the command `clock` if it is an `AdjustableClock`; `pause` is how it waits for a lock.
    public init(
        catalog: ProfileCatalog, clock: any WallClock, ids: any SessionIDSource = RandomSessionIDs(),
        journal: (any TransactionJournal)? = nil, files: FileMaker? = nil,
        pause: @escaping Pause = { try? await Task.sleep(for: .milliseconds($0)) }, opener: @escaping StoreOpener
    ) {
        self.journal = journal
        self.files = files
        self.catalog = catalog
        self.ids = ids
        self.clock = clock
        self.pause = pause
        self.opener = opener
    }

    /// Does an effect; the stream gives what comes of it, the last result last.
    ///
    /// Ending the stream early cancels the effect.
    public nonisolated func results(of effect: StoreEffect) -> AsyncStream<StoreResult> {
        AsyncStream { continuation in
            let task = Task {
                await self.perform(effect) { continuation.yield($0) }
                continuation.finish()
            }
            continuation.onTermination = { end in
                if case .cancelled = end { task.cancel() }
            }
        }
    }

    /// Ends all connections, once no commit holds a lock any more.
    public func close() async {
        for commit in lockedCommits.values { await commit.value }
        for store in stores.values { await store.close() }
        stores = [:]
    }

    private func perform(_ effect: StoreEffect, deliver: @Sendable (StoreResult) -> Void) async {
        let outcome: StoreResult.Outcome
        do throws(CommandFailure) {
            switch effect.action {
            case .attach(let address, let name): outcome = .attached(try await attach(address, name: name))
            case .scan(let name):
                try await scan(name) {
                    deliver(StoreResult(request: effect.request, outcome: .scanned($0), traffic: [:]))
                }
                outcome = .scanEnded
            case .revisions(let ids): outcome = .revisions(try await revisions(ids), of: ids)
            case .load(let ids): outcome = .loaded(try await load(ids))
            case .commit(let plan, let terms) where terms.locks.isEmpty: outcome = try await commit(plan, terms)
            case .commit(let plan, let terms):
                return await commitUnderLocks(plan, terms, effect.request, deliver: deliver)
            case .pause(let milliseconds):
                await pause(milliseconds)
                outcome = .paused
            case .makeID: outcome = .madeID(ids.makeID())
            case .advanceClock(let step): outcome = .clockAdvanced(try advanceClock(step))
            case .sweep(let container, let confirmed):
                try attached[container.store]?.mark?.check(confirmed)
                outcome = .swept(try await sweep(container))
            case .find(let query, let container): outcome = .foundRows(try await find(query, in: container))
            case .writeFile(let path, let content):
                guard let files else { throw CommandFailure(.refused, "no files can be written here") }
                try files(path, content)
                outcome = .fileWritten
            case .journal(let request):
                guard let journal else {
                    throw CommandFailure(
                        .refused,
                        "this program keeps no journal: it was started with --no-journal or --read-only, or without a HOME"
                    )
                }
                outcome = .journal(try await journal.answer(request))
            case .write(let line, let session, let packages):
                outcome = .written(try await write(line, session: session, packages: packages))
            }
        } catch {
            deliver(StoreResult(request: effect.request, outcome: .failed(error), traffic: await traffic()))
            return
        }
        deliver(StoreResult(request: effect.request, outcome: outcome, traffic: await traffic()))
    }

    /// A commit that took a lock is seen through to its release, whoever gives up waiting for it.
    private func commitUnderLocks(
        _ plan: Plan, _ terms: CommitTerms, _ request: RequestID, deliver: @Sendable (StoreResult) -> Void
    ) async {
        let work = Task { () -> (StoreResult.Outcome, LockReport?) in
            do throws(CommandFailure) { return try await self.commitUnderLocks(plan, terms) } catch {
                return (.failed(error), nil)
            }
        }
        lockedCommits[request] = Task { _ = await work.value }
        let (outcome, report) = await work.value
        lockedCommits[request] = nil
        if let report { deliver(StoreResult(request: request, outcome: .locksEnded(report), traffic: [:])) }
        deliver(StoreResult(request: request, outcome: outcome, traffic: await traffic()))
    }

    private func traffic() async -> [String: StoreTraffic] {
        var result: [String: StoreTraffic] = [:]
        for (name, store) in stores { result[name] = await store.traffic() }
        return result
    }

    private func attach(_ address: String, name: String) async throws(CommandFailure) -> AttachedStore {
        let opened = try await opener(address)
        let facts: StoreFacts
        do throws(StoreError) { facts = try await opened.store.facts() } catch {
            await opened.store.close()
            throw CommandFailure(error)
        }
        await stores[name]?.close()
        stores[name] = opened.store
        let description = AttachedStore(
            name: name, address: opened.store.name, capabilities: opened.store.capabilities,
            allowsWriter: opened.allowsWriter, isReadOnly: opened.isReadOnly, mark: opened.mark, facts: facts)
        attached[name] = description
        return description
    }

    func store(_ name: String) throws(CommandFailure) -> any SessionStore {
        guard let store = stores[name] else { throw CommandFailure(.notFound, "no store \(name) is attached") }
        return store
    }

    private func scan(_ name: String, _ deliver: (ScanBatch) -> Void) async throws(CommandFailure) {
        let stream = try store(name).scan()
        do {
            for try await batch in stream { deliver(batch) }
        } catch let error as StoreError {
            throw CommandFailure(error)
        } catch {
            throw CommandFailure(.failed, "\(name): the scan ended: \(error)")
        }
        if Task.isCancelled {
            throw CommandFailure(.failed, "\(name): the scan was cancelled; what came before is listed")
        }
    }

    private func load(_ ids: [RecordID]) async throws(CommandFailure) -> [RecordID: StoredRecord] {
        var result: [RecordID: StoredRecord] = [:]
        for (name, ids) in Dictionary(grouping: ids, by: \.store) {
            let store = try store(name)
            do throws(StoreError) {
                for (key, record) in try await store.load(ids.map(\.key)) {
                    result[RecordID(store: name, key: key)] = record
                }
            } catch {
                throw CommandFailure(error)
            }
        }
        return result
    }

    private func revisions(_ ids: [RecordID]) async throws(CommandFailure) -> [RecordID: Revision] {
        var result: [RecordID: Revision] = [:]
        for (name, ids) in Dictionary(grouping: ids, by: \.store) {
            let store = try store(name)
            do throws(StoreError) {
                for (key, revision) in try await store.revisions(of: ids.map(\.key)) {
                    result[RecordID(store: name, key: key)] = revision
                }
            } catch { throw CommandFailure(error) }
        }
        return result
    }

    private func advanceClock(_ milliseconds: Int64) throws(CommandFailure) -> Timestamp {
        guard let clock = clock as? any AdjustableClock else {
            throw CommandFailure(.refused, "the clock of this run cannot be set on")
        }
        clock.advance(milliseconds: milliseconds)
        return clock.now()
    }

    /// The keys of a container, as the store must know them to count its sessions.
    private func keys(of container: ContainerID) throws(CommandFailure) -> ContainerKeys {
        guard let profile = catalog.named(container.profile) else {
            throw CommandFailure(.notFound, "no profile \(container.profile)")
        }
        return ContainerKeys(profile: profile, container: container.name)
    }

    private func sweep(_ container: ContainerID) async throws(CommandFailure) -> [String] {
        guard let store = try store(container.store) as? any CountingStore else {
            throw CommandFailure(.refused, "\(container.store) cannot tell its expired sessions")
        }
        let keys = try keys(of: container)
        do throws(StoreError) {
            let expired = try await store.sweep(keys)
            return expired.compactMap { keys.session(of: $0).map { PrintableText.escaping($0) } }.sorted()
        } catch {
            throw CommandFailure(error)
        }
    }

    private func find(_ query: ColumnQuery, in container: ContainerID) async throws(CommandFailure) -> ColumnListing {
        guard let store = try store(container.store) as? any QueryableStore else {
            throw CommandFailure(.refused, "\(container.store) has no columns to find sessions by")
        }
        do throws(StoreError) { return try await store.find(query, in: container.name) } catch {
            throw CommandFailure(error)
        }
    }

    /// Refuses a commit to a store whose name was not given; below every command, so nothing that asks for a commit can leave it out.
    func checkNames(_ plan: Plan, _ terms: CommitTerms) throws(CommandFailure) {
        for name in Set(plan.stores).union(plan.touches.keys.map(\.store)) {
            try attached[name]?.mark?.check(terms.confirmed)
        }
    }

    /// Writes a plan, with a note in the journal before and after.
    func commit(_ plan: Plan, _ terms: CommitTerms) async throws(CommandFailure) -> StoreResult.Outcome {
        try checkNames(plan, terms)
        guard let journal, terms.isNoted, !plan.isEmpty else { return await write(plan, terms) }
        let number: Int64
        do throws(JournalError) {
            let addresses = Dictionary(uniqueKeysWithValues: attached.map { ($0.key, $0.value.address) })
            var commit = JournalCommit(plan, origins: terms.origins, addresses: addresses, at: clock.now())
            commit.steps = commit.steps.compactMap { step in
                switch attached[step.id.store]?.mark?.journal ?? .values {
                case .values: step
                case .keys: step.withoutValues
                case .off: nil
                }
            }
            guard !commit.steps.isEmpty else { return await write(plan, terms) }
            number = try await journal.begin(commit)
        } catch { throw CommandFailure(.failed, "\(error); nothing was written") }
        var outcome = await write(plan, terms)
        do throws(JournalError) { try await journal.end(commit: number, outcome.outcomes) } catch {
            // What was written is written; without its end the commit is looked up in the store when somebody asks for it.
            outcome.addDoubt(InDoubt(participant: "journal", cause: "\(error)", concernsLivesOnly: true))
        }
        return outcome
    }

    private func write(_ plan: Plan, _ terms: CommitTerms) async -> StoreResult.Outcome {
        let transaction = Transaction(clock: clock)
        var participants: [StoreParticipant] = []
        do throws(TransactionError) {
            for name in plan.stores {
                guard let store = stores[name] else { continue }
                let limits = terms.limits.filter { $0.key.store == name }.compactMap { container, limit in
                    (try? keys(of: container)).map { SessionLimit(keys: $0, maximum: limit) }
                }
                let participant = StoreParticipant(
                    name: name, store: store, writes: plan.writes(to: name), limits: limits)
                participants.append(participant)
                try transaction.join(participant)
            }
            var inDoubt = try await transaction.commit()
            inDoubt += await refreshLives(plan)
            return .committed(inDoubt, await outcomes(of: participants))
        } catch {
            return .commitFailed(error, await outcomes(of: participants))
        }
    }

    /// Refreshes the lives of sessions that were used; a failure is told, and takes nothing back.
    private func refreshLives(_ plan: Plan) async -> [InDoubt] {
        var inDoubt: [InDoubt] = []
        for (name, store) in stores {
            let lives = plan.touches(of: name)
            guard !lives.isEmpty else { continue }
            do throws(StoreError) { _ = try await store.touch(lives) } catch {
                inDoubt.append(
                    InDoubt(
                        participant: name, cause: "lives could not be refreshed: \(error)", concernsLivesOnly: true))
            }
        }
        return inDoubt
    }

    private func outcomes(of participants: [StoreParticipant]) async -> [RecordID: RecordOutcome] {
        var result: [RecordID: RecordOutcome] = [:]
        for participant in participants {
            // A store that threw, or was never asked, has written nothing.
            for key in participant.keys { result[RecordID(store: participant.name, key: key)] = .untouched }
            for (key, outcome) in await participant.report?.outcomes ?? [:] {
                result[RecordID(store: participant.name, key: key)] = outcome
            }
        }
        return result
    }

    /// Another client: a workspace of its own over the same stores, which opens the session, runs the command and commits.
    private func write(
        _ line: String, session: SessionID?, packages: [String]
    ) async throws(CommandFailure) -> [String] {
        let command = try Command(parsing: line)
        switch command {
        case .commit, .abort: throw CommandFailure(.usage, "the writer commits by itself; give it one command")
        default: break
        }
        var other = Workspace(catalog: catalog)
        other.notesCommits = false
        for store in attached.values { other.adopt(store) }
        let executor = Executor(runner: self, clock: clock)
        if let session {
            let opened = await executor.finish(
                try other.open(session, packages: packages, now: clock.now()), in: &other)
            if let failure = opened.failure { throw failure }
        }
        var lines: [String] = []
        for command in [command, .commit()] {
            if command == .commit(), other.work.isClean { continue }
            let reply = await executor.run(command, in: &other)
            if let failure = reply.failure { throw failure }
            lines += reply.lines
        }
        return lines
    }
}

extension Workspace {
    /// Knows a store that someone else attached.
    mutating func adopt(_ store: AttachedStore) {
        stores[store.name] = store
        currentStore = store.name
    }
}
